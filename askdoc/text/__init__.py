"""Text itself: cleaned, normalized for matching, split into sentences, wrapped into columns. Offsets count code points."""
