"""Conversations: follow-ups, transcripts that are kept and exported, and whether their quotes still stand."""
