"""Background work: what the server does while nobody waits."""
