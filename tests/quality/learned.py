"""Terms learned from pairs: ``ASKDOC_SHARED=… python tests/quality/learned.py``.

Every second passage of each XQuAD article is paired, the others have one language only; questions of the other language
about those. Recall@1 without and with what the pairs teach, its paired bootstrap interval, and what was learned.
"""

from __future__ import annotations

from unittest import mock

import numpy as np
import xquad
from fit import interval

from askdoc.answering.learned import Learned
from askdoc.model import LANGUAGES, Language, other


def first(asked: Language, *, learn: bool) -> tuple[np.ndarray, dict[str, list[str]]]:
    """Which questions find their passage first, and what was learned on the way."""
    both, held = xquad.passages(), xquad.passages((other(asked),))
    library = [one if at % 2 else two for at, (one, two) in enumerate(zip(both, held, strict=True))]
    index = xquad.index(library)
    inside = [question for question in xquad.questions() if question.passage % 2 == 0]
    learned: dict[str, list[str]] = {}
    kept = Learned.translations

    def told(self, word, language):
        found = kept(self, word, language) if learn else {}
        if found:
            learned[word.form] = [" ".join(each) for each in found]
        return found

    with mock.patch.object(Learned, "translations", told):
        hits = [index.ask(question.text[asked], limit=1).hits for question in inside]
    right = [
        bool(each) and each[0].passage_id == f"xquad#{question.passage}"
        for each, question in zip(hits, inside, strict=True)
    ]
    return np.array(right), learned


if __name__ == "__main__":
    for language in LANGUAGES:
        before, _ = first(language, learn=False)
        after, terms = first(language, learn=True)
        low, high = interval(before, after)
        print(
            f"{language}  {len(before)} questions: without {before.mean():.4f}  with {after.mean():.4f}"
            f"  {after.mean() - before.mean():+.4f} [{low:+.4f}, {high:+.4f}]  {len(terms)} words learned"
        )
        print("   ", dict(list(terms.items())[:12]), flush=True)
