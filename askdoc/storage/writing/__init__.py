"""Writing ``.askdoc`` files: postings collected, spilled and merged; blocks; atomic replacement of files."""
