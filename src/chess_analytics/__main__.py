"""``python -m chess_analytics`` is the command ``chess-analytics``."""

from chess_analytics.cli.main import main

if __name__ == "__main__":
    main()
