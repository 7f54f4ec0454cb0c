"""Typing slips: ``ASKDOC_SHARED=… python tests/quality/spelling.py``.

A seeded slip (a letter lost, doubled, replaced, two exchanged; in Chinese a character of the same sound) in the rarest
content word of each XQuAD question, where the word then stands nowhere: recall@1 as typed without and with correction.
And how often a question without any slip is respelled: as it is, and asked without its article, so that it lacks words
that are rightly missing. Floors were chosen on questions of even numbers; odd ones are printed beside.
"""

from __future__ import annotations

import random
from unittest import mock

import xquad

from askdoc import index
from askdoc.answering import spelling
from askdoc.lexicon import installed
from askdoc.model import LANGUAGES, Language
from askdoc.question.query import parse


def _typed(char: str) -> bool:
    """Whether a character is one that people type: GB 2312 has it."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def slipped(word: str, chance: random.Random) -> str:
    """A word with one slip."""
    if not word.isascii():
        at = chance.randrange(len(word))
        sounding = [char for char in installed().homophones(word[at]) if _typed(char)]
        others = [char for char in sounding[:40] if char != word[at]]
        return word[:at] + chance.choice(others) + word[at + 1 :] if others else word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + chance.choice("etaoinsr") + word[at + 1 :]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def questions(language: Language) -> list[tuple[xquad.Question, str]]:
    """Questions with a slip in their rarest word of four letters (two characters) or more that the index then lacks."""
    index = xquad.index(xquad.passages())
    chance = random.Random(7)
    found = []
    for question in xquad.questions():
        text = question.text[language]
        words = [
            word
            for word in parse(text).words
            if (word.han and len(word.form) >= 2)
            or (word.form.isascii() and word.form.isalpha() and len(word.form) >= 4)
        ]
        with index._reader.snapshot() as snapshot:
            rarity = {
                word.surface: sum(
                    len(each.passages)
                    for name in ("en", "zh")
                    for each in snapshot.postings(name, [word.term]).values()
                )
                for word in words
            }
        held = {surface: count for surface, count in rarity.items() if count}
        if held:
            word = min(held, key=lambda surface: (held[surface], surface))
            typed = slipped(word, chance)
            answer = index.ask(text.replace(word, typed), limit=1)
            if typed != word and (answer.corrected or typed in answer.missing):
                found.append((question, text.replace(word, typed)))
    return found


def right(index: index.Index, question: xquad.Question, text: str) -> bool:
    """Whether the first hit is the judged passage."""
    hits = index.ask(text, limit=1).hits
    return bool(hits) and hits[0].passage_id == f"xquad#{question.passage}"


if __name__ == "__main__":
    for language in LANGUAGES:
        index = xquad.index(xquad.passages())
        asked = questions(language)
        for name, part in (("even", asked[::2]), ("odd", asked[1::2])):
            clean = sum(right(index, question, question.text[language]) for question, _ in part) / len(part)
            with mock.patch.object(spelling, "respell", lambda *_: None):
                without = sum(right(index, question, text) for question, text in part) / len(part)
            corrected = sum(right(index, question, text) for question, text in part) / len(part)
            print(
                f"{language} {name:5} {len(part)} questions: as meant {clean:.4f}  with the slip {without:.4f}"
                f"  corrected {corrected:.4f}",
                flush=True,
            )
        respelled = [index.ask(question.text[language], limit=1).corrected for question in xquad.questions()]
        print(f"{language} respelled without a slip: {sum(map(bool, respelled))} of {len(respelled)}", flush=True)
        absent = []
        for article in sorted({question.article for question in xquad.questions()}):
            rest = xquad.index(xquad.passages(without=(article,)))
            absent += [
                rest.ask(question.text[language], limit=1).corrected
                for question in xquad.questions()
                if question.article == article
            ]
        print(f"{language} the same without the article: {sum(map(bool, absent))} of {len(absent)}")
        print("   ", [each for each in (*respelled, *absent) if each][:12], flush=True)
