"""What each move was worth. Pure."""
