"""Floor 2: what teams do."""
