"""Map layers: each one pure function from frames to a group of features; none knows another."""
