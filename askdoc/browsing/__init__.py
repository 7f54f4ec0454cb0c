"""Browsing an index: its outline, all occurrences of words, vocabulary, completion, suggestions."""
