"""How many candidates are read closely: ``ASKDOC_SHARED=… python tests/quality/depth.py [--semantic]``.

The share of questions whose first three hits are those of reading every passage that holds a word, by the number read.
1,224 questions: both languages, over both versions, and over the other language alone.
"""

from __future__ import annotations

import sys

import xquad

from askdoc.answering import rank
from askdoc.model import LANGUAGES, other

DEPTHS = (8, 12, 16, 20, 24, 32, 48)

if __name__ == "__main__":
    semantic = "--semantic" in sys.argv
    shipped = rank.SEMANTIC_DEPTH if semantic else rank.DEPTH
    for name, kept in (("both versions", None), ("the other language alone", "other")):
        same = dict.fromkeys(DEPTHS, 0)
        count = 0
        for language in LANGUAGES:
            versions = (other(language),) if kept else LANGUAGES
            index = xquad.index(xquad.passages(versions), semantic=semantic)
            for question in xquad.questions():
                count += 1
                rank.DEPTH = rank.SEMANTIC_DEPTH = 10**6
                wanted = [hit.passage_id for hit in index.ask(question.text[language]).hits]
                for depth in DEPTHS:
                    rank.DEPTH = rank.SEMANTIC_DEPTH = depth
                    same[depth] += [hit.passage_id for hit in index.ask(question.text[language]).hits] == wanted
        print(name, {depth: round(found / count, 4) for depth, found in same.items()}, f"shipped {shipped}", flush=True)
