"""Query → candidates: :func:`askdoc.retrieval.candidates.retrieve`. Nothing here looks at the text of a passage."""
