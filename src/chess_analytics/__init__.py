"""Chess Analytics Platform: import a whole archive of games, analyse it, learn from it."""

__version__ = "0.1.0"
