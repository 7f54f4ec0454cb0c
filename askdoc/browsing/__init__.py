"""Looking around in an index: its outline, every place of some words, vocabulary, completion, suggestions."""
