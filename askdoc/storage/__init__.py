"""The ``.askdoc`` file: SQLite, read partially, written atomically, never answered from when it is damaged.

In reading order: :mod:`schema` is the file's shape, its checksums and errors; :mod:`packing` and :mod:`records` turn
documents and passages into rows and back; :mod:`blocks` does so for postings and lengths; :mod:`rows` reads and checks
single rows; :mod:`view` is one state of an index, :mod:`sessions` lead to it, :mod:`reader` is an open index;
:mod:`gather` collects postings and :mod:`postings` writes them; :mod:`work` is what a build does with a document,
:mod:`writer` a new file or a transaction around it; :mod:`memory` is an index without a file; :mod:`files` locks, syncs
and replaces; :mod:`check` looks for files that are whole and wrong.

Words: a **row** is one record of a table with a checksum over its key and every column. A **block** is a row of about
64 neighbouring terms with their postings; it names its first term and the first term of the next block, so that the
blocks of a field tile all possible terms, and one checked block proves that a term is absent. A **run** is a range of
passage numbers. The **generation** names a state of the index and changes with every write.
"""
