"""Query → Answer. :mod:`pipeline` shows the path; :mod:`analyzed_version` and :mod:`evidence` score the text of candidates,
:mod:`rank` orders them, :mod:`select` marks the answer, :mod:`calibrate` tells whether it answers, :mod:`variants` and
:mod:`spelling` ask in other words."""
