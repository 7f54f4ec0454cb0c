"""Analysis of the question: its words, its answer type, and what it carries over from the question before."""
