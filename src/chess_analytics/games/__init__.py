"""What was played: games, positions, clocks, openings. Pure."""
