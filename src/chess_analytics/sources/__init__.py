"""Where games come from: files, Lichess, Chess.com."""
