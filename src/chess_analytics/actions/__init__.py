"""What the platform does, one verb a file."""
