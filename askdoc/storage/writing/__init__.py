"""Writing ``.askdoc`` files: postings collected, spilled and merged; blocks; files put in place as a whole."""
