"""Query → Answer. In reading order: :mod:`analyzed_version` and :mod:`evidence` score the text of candidates, :mod:`features`
turns the evidence into features, :mod:`select` marks the answer, :mod:`confidence` tells whether it answers, and
:mod:`searcher` combines them."""
