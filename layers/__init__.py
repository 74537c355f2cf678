"""Floor 3: what people see, as values: maps, sheets, packs, files."""
