"""The ``.askdoc`` file: SQLite, read partially, written atomically, never answered from when it is damaged.

In reading order: :mod:`schema` defines the file's tables, checksums and errors; :mod:`packing` and :mod:`records` turn
documents and passages into rows and back, :mod:`posting_blocks` postings and lengths, :mod:`embeddings` sentence
vectors; :mod:`directory` proves that a row is of the present state, :mod:`rows` reads and checks rows by it;
:mod:`snapshot` is one state of an index, :mod:`index_reader` an open file; :mod:`writing` builds and changes index
files. :mod:`bounded_cache` serves the questions; :mod:`private_files` writes the program's other files.

Words: a **row** is one record of a table; its checksum, over its key and every column, lies in the directory. A
**block** is a row of about 64 neighbouring terms with their postings; it names its first term and the first term of the
next block, so that the blocks of a field tile all possible terms, and one checked block proves that a term is absent. A
**run** is a range of passage numbers. The **generation** names a state of the index and changes with its contents.
"""
