"""Floor 0: what we know, and who may know it."""
