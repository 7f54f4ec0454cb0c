"""Documents → an index file: what to build (:mod:`plan`), building it, the library of indexes, the deep check."""
