"""Write reviews down: JSON Lines, annotated PGN, one HTML page."""
