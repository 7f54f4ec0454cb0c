"""The chat on the screen: the only folder that imports textual."""
