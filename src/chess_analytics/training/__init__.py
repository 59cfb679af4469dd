"""What to train: drills from one's own mistakes, and when each of them comes back. Pure."""
