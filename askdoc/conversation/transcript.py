"""A conversation as it is kept and exported: JSON that reopens, Markdown and HTML with citations as footnotes.

Labels never collide between answers: ``a3-1`` is the first passage of the third answer. Each footnote carries a record
of its quote for :mod:`askdoc.conversation.verify`, in a comment (Markdown) or an attribute (HTML), which nobody sees.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

from askdoc import messages
from askdoc.errors import DocumentMalformed, DocumentNotFound, DocumentUnreadable, LimitExceeded
from askdoc.model import LANGUAGES, SCHEMA, Answer, AnsweredVersion, Hit, Language, Result, Turn
from askdoc.presentation.emphasis import plain, strong
from askdoc.presentation.wording import (
    corrected_words,
    language_name,
    missing_words,
    overview_lines,
    overview_markdown,
    verdict,
)
from askdoc.text import json_text
from askdoc.text.cleaning import display

RECORD: Final = "askdoc-quote"
"""The name of a quote's record in an export."""

MOST_BYTES: Final = 64 * 1024 * 1024
"""The largest transcript or export that is read, in bytes."""


class Transcript(Result, frozen=True, kw_only=True, tag_field="schema", tag=SCHEMA):
    """A conversation that is kept."""

    kind: Literal["askdoc-transcript"] = "askdoc-transcript"
    title: str
    """The documents' titles."""
    documents: tuple[str, ...]
    """The paths of their sources."""
    when: str
    """When it was kept: ISO 8601, UTC."""
    turns: tuple[Turn, ...]


def read_file(path: str | Path) -> str:
    """Read a saved transcript or export. Raises a :class:`askdoc.errors.DocumentError`."""
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LimitExceeded("transcript-large", path=str(path), limit=MOST_BYTES // 2**20)
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise DocumentNotFound("document-missing", path=str(path)) from None
    except (OSError, ValueError) as error:
        raise DocumentUnreadable("transcript-unreadable", path=str(path), reason=str(error)[:200]) from None


# --- JSON ------------------------------------------------------------------------------------------------------------


def to_json(transcript: Transcript) -> str:
    """Return a transcript as JSON that :func:`from_json` reads; answers are as in :meth:`Answer.to_dict`."""
    return json_text.dumps(transcript.to_dict(), indent=1) + "\n"


def from_json(text: str) -> Transcript:
    """Return the transcript of :func:`to_json`. Raises :class:`DocumentMalformed` for anything else."""
    try:
        return json_text.loads(text, Transcript)
    except ValueError:
        raise DocumentMalformed("transcript-malformed") from None


# --- records ---------------------------------------------------------------------------------------------------------


def record(hit: Hit, language: Language) -> str:
    """Return a quote's record, its place and exact words, as JSON that ends neither a comment nor an attribute."""
    version = hit.versions[language]
    value = {
        "passage_id": hit.passage_id,
        "language": language,
        "line": version.place.lines[0],
        "path": version.place.path,
        "text": version.text,
    }
    text = json_text.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "\\u002d\\u002d").replace("&", "\\u0026")


def _labelled(transcript: Transcript) -> Iterator[tuple[int, Turn, list[tuple[str, Hit]]]]:
    for number, turn in enumerate(transcript.turns, start=1):
        hits = turn.answer.hits if turn.answer.found else ()
        yield number, turn, [(f"a{number}-{hit.rank}", hit) for hit in hits]


def _shown(answer: Answer, hit: Hit) -> tuple[Language, ...]:
    if answer.answer_language == "both":
        return tuple(language for language in LANGUAGES if language in hit.versions)
    return (hit.shown,)


def _place(hit: Hit) -> str:
    places = []
    for language, version in hit.versions.items():
        first, last = version.place.lines
        lines = str(first) if first == last else f"{first}–{last}"
        places.append(f"{language_name(language)} {display(version.place.path)}:{lines}")
    return "; ".join(dict.fromkeys(places))


# --- Markdown --------------------------------------------------------------------------------------------------------


def to_markdown(transcript: Transcript) -> str:
    """Return a transcript as Markdown, with a footnote for each citation."""
    lines = [f"# {plain(transcript.title)}", "", f"*{plain(transcript.when)}*"]
    notes: list[str] = []
    for number, turn, hits in _labelled(transcript):
        lines += [
            "",
            f"## {number}. {plain(turn.question)}",
            "",
            _verdict(turn.answer, plain),
            *overview_markdown(turn.answer),
        ]
        for label, hit in hits:
            for language in _shown(turn.answer, hit):
                version = hit.versions[language]
                quote = strong(version.text, [version.sentence] if version.sentence else []).split("\n")
                lines += ["", *(f"> {line}".rstrip() for line in quote[:-1]), f"> {quote[-1]} [^{label}]"]
                notes += ["", f"<!-- {RECORD} {label} {record(hit, language)} -->"]
            passage_id = display(hit.passage_id).replace("`", "")
            notes += [f"[^{label}]: {plain(hit.label)} (`{passage_id}`; {plain(_place(hit))})"]
    return "\n".join([*lines, *(["", "---", *notes] if notes else []), ""])


def _verdict(answer: Answer, escape: Callable[[str], str]) -> str:
    parts = [verdict(answer)]
    if answer.corrected:
        parts.append(corrected_words(answer))
    if answer.about:
        parts.append(messages.say("render-about", words=messages.say("render-comma").join(answer.about)))
    if answer.missing:
        parts.append(missing_words(answer))
    return " ".join(escape(part) for part in parts)


# --- HTML ------------------------------------------------------------------------------------------------------------

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d1f21; --paper: #fdfdfc; --dim: #6b6f76; --line: #d9d9d6; --mark: #fff1b8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e3; --paper: #17181a; --dim: #9a9fa8; --line: #34363a; --mark: #4a3f12; }
}
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.65 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .3rem; }
.verdict, .when, footer { color: var(--dim); font-size: .9rem; }
blockquote { margin: 1rem 0; padding: 0 0 0 1rem; border-left: 3px solid var(--line); white-space: pre-line; }
blockquote strong { background: var(--mark); font-weight: 600; }
sup a, .back { text-decoration: none; }
li { margin: .4rem 0; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } blockquote { break-inside: avoid; } }
"""


def to_html(transcript: Transcript) -> str:
    """Return a transcript as one HTML page, without scripts and outside resources."""
    interface = messages.interface()
    title = html.escape(" ".join(display(transcript.title).split()))
    parts = [
        f'<!doctype html>\n<html lang="{interface}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f'<h1>{title}</h1>\n<p class="when">{html.escape(display(transcript.when))}</p>',
    ]
    notes = []
    for number, turn, hits in _labelled(transcript):
        question = html.escape(display(turn.question))
        parts.append(f'<h2 lang="{turn.answer.language}">{number}. {question}</h2>')
        parts.append(f'<p class="verdict">{_verdict(turn.answer, lambda text: html.escape(display(text)))}</p>')
        overview = "\n".join(html.escape(run.text) for run in overview_lines(turn.answer))
        parts += [f"<pre>{overview}</pre>"] if overview else []
        for label, hit in hits:
            for position, language in enumerate(_shown(turn.answer, hit)):
                link = "" if position else f' id="{label}"'
                parts.append(
                    f'<blockquote{link} lang="{language}" data-{RECORD}="{html.escape(record(hit, language))}">'
                    f"{_strong(hit.versions[language])}</blockquote>"
                )
            parts.append(f'<p class="verdict"><sup><a href="#note-{label}">[{label}]</a></sup></p>')
            notes.append(
                f'<li id="note-{label}"><a class="back" href="#{label}">[{label}]</a> {html.escape(display(hit.label))} '
                f"(<code>{html.escape(display(hit.passage_id))}</code>; {html.escape(_place(hit))})</li>"
            )
    if notes:
        parts.append("<footer>\n<ul>\n" + "\n".join(notes) + "\n</ul>\n</footer>")
    return "\n".join([*parts, "</body>\n</html>\n"])


def _strong(version: AnsweredVersion) -> str:
    start, end = version.sentence or (0, 0)
    before, inner, after = (
        display(text) for text in (version.text[:start], version.text[start:end], version.text[end:])
    )
    marked = f"<strong>{html.escape(inner)}</strong>" if inner else ""
    return f"{html.escape(before)}{marked}{html.escape(after)}"
