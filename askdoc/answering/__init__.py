"""Query → Answer. In reading order: :mod:`analyzed_version` and :mod:`evidence` look at the text of candidates,
:mod:`features` says what the evidence comes to, :mod:`select` marks the answer, :mod:`confidence` tells whether it answers;
:mod:`searcher` is all of it."""
