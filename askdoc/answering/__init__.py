"""Query → Answer. In reading order: :mod:`query` takes a question apart, :mod:`candidates` finds passages by postings,
:mod:`reading` and :mod:`evidence` look at their text, :mod:`confidence` says whether it answers, :mod:`citations` where it
stands; :mod:`engine` is all of it, and :mod:`opening` the way in."""
