"""That the table of engines can be made and compares what it says it does; how long anything takes is not looked at."""

from __future__ import annotations

import itertools
from collections import Counter

import engines
import pytest

from askdoc.retrieval.bm25 import Okapi


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_has_a_row_for_every_engine_and_our_first_ten_are_those_of_scoring_everything(language):
    found = engines.measure(200, language, 40, ("askdoc", "rank_bm25", "FTS5"), colds=1)
    assert (found.asked, found.differ, found.beyond) == (40, 0, 0)
    assert {row.engine for row in found.rows} | set(found.missing) == {"askdoc", "rank_bm25", "FTS5"}
    shown = engines.table([found, found._replace(size=400, rows=[row._replace(size=400) for row in found.rows])])
    for row in found.rows:
        assert sum(line.startswith(row.engine + " ") for line in shown.splitlines()) == 2
        assert row.same > 0.9  # the formulas differ, the terms do not
    assert "0 of 40 questions differ" in shown
    drawn = engines.svg([found], "A title")
    assert drawn.count("<polyline") == len(found.rows) and drawn.rstrip().endswith("</svg>")


def test_a_wrong_answer_is_counted():
    given = engines.collection(100, "en", 5)
    exhaustive = engines.Exhaustive(given)
    right = [engines.best(exhaustive.scores(terms), engines.K) for terms in given.questions]
    assert engines.differing(given, right) == (0, 0)
    assert engines.differing(given, [right[0][:-1], *right[1:]]) == (1, 1)
    assert engines.differing(given, [*right[:-1], right[-1][::-1]]) == (1, 1)


def test_scoring_everything_is_bm25():
    given = engines.collection(100, "zh", 5)
    okapi = Okapi([line.split(" ") for line in given.lines()])
    for terms in given.questions:
        assert engines.Exhaustive(given).scores(terms) == pytest.approx(okapi.get_scores(terms), rel=1e-12)


def test_the_same_arguments_give_the_same_collection_and_questions_have_no_stop_words():
    one, two = (engines.collection(300, "en", 20) for _ in range(2))
    assert one.questions == two.questions and one.lines() == two.lines()
    assert one.lines() != engines.collection(300, "zh", 20).lines()
    words = Counter(itertools.chain.from_iterable(line.split(" ") for line in one.lines()))
    often = {word for word, _ in words.most_common(engines.STOP_WORDS // 2)}
    assert not often & set(itertools.chain.from_iterable(one.questions))
    assert all(3 <= len(set(terms)) == len(terms) <= 8 for terms in one.questions)


def test_an_engine_that_is_not_installed_is_left_out(monkeypatch):
    absent = engines.Engine("no_such_package", engines.build_tantivy, engines.open_tantivy)
    monkeypatch.setitem(engines.ENGINES, "tantivy", absent)
    found = engines.measure(60, "en", 3, ("askdoc", "tantivy"), colds=1)
    assert found.missing == ["tantivy"]
    assert "tantivy     not installed" in engines.table([found])
