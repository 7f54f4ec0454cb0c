"""An answer as people read it: citations, passages with their labels, verdicts, emphasis."""
