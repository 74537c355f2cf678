"""Floor 1: what the ground says."""
