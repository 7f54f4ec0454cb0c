"""What is asked: its words, the type of answer that it expects, and what it takes over from the question before."""
