"""Write moves in standard notation, as python-chess does, but the quick way where there is one."""

from collections.abc import Iterable

import chess

from chess_analytics.games.san import play_quickly, quick_san, quick_uci


def san_and_push(board: chess.Board, move: chess.Move) -> str:
    """Write a legal move, and play it."""
    word = quick_san(board, move)
    if word is None:
        return board.san_and_push(move)
    board.push(move)
    return word + _sign(board)


def spell_line(board: chess.Board, line: Iterable[str]) -> tuple[str, ...]:
    """Write a line of moves as engines give it, up to one that cannot be played.

    >>> spell_line(chess.Board(), ("e2e4", "e7e5", "g1f3", "e5e4"))
    ('e4', 'e5', 'Nf3')
    """
    played = board.copy(stack=False)
    sans: list[str] = []
    for uci in line:
        move = quick_uci(played, uci)
        word = quick_san(played, move) if move else None
        if move and word:
            play_quickly(played, move)
            sans.append(word + _sign(played))
            continue
        try:
            sans.append(played.san_and_push(move or played.parse_uci(uci)))
        except ValueError:
            break
    return tuple(sans)


def _sign(board: chess.Board) -> str:
    """Give the sign for a check, or for a mate, by the move that was just played."""
    if not board.is_check():
        return ""
    return "+" if any(board.generate_legal_moves()) else "#"
