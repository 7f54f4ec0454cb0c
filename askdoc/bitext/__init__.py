"""Text in two languages: which text is which, how a document interleaves them, and what belongs together."""
