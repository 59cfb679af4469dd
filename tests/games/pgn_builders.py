"""Read PGN texts in tests, and write random ones."""

import io
import random

import chess

from chess_analytics.games.model import Broken, Entry, Game, SetAside
from chess_analytics.games.pgn import read_pgn

MORPHY = (
    "1. e4 e5 2. Nf3 d6 3. d4 Bg4 4. dxe5 Bxf3 5. Qxf3 dxe5 6. Bc4 Nf6 7. Qb3 Qe7 8. Nc3 c6 "
    "9. Bg5 b5 10. Nxb5 cxb5 11. Bxb5+ Nbd7 12. O-O-O Rd8 13. Rxd7 Rxd7 14. Rd1 Qe6 "
    "15. Bxd7+ Nxd7 16. Qb8+ Nxb8 17. Rd8#"
)


def entries(text: str) -> list[Entry]:
    """Read a text as a file would give it."""
    return list(read_pgn(io.StringIO(text), "sample.pgn"))


def only_game(text: str) -> Game:
    """Read a text that holds one game."""
    (game,) = entries(text)
    assert isinstance(game, Game), game
    return game


def game_with_text(text: str, **tags: str) -> Game:
    """Read a game by our own reader, so that its text is kept verbatim."""
    head = "".join(f'[{tag} "{value}"]\n' for tag, value in tags.items())
    return only_game(f"{head}\n{text.strip()}\n")


def moves_of(pgn: str) -> str:
    """Give the movetext of a PGN on one line."""
    return " ".join(pgn.partition("\n\n")[2].split())


def spelled(game: Game) -> str:
    """Give a game's moves as the input spells them."""
    return " ".join(move.written for move in game.moves)


def outline(found: list[Entry]) -> list[str]:
    """Say in short what each entry is: a game's number of plies, or why it is not read."""
    lines = []
    for entry in found:
        match entry:
            case Game(moves=moves):
                lines.append(f"game of {len(moves)}")
            case SetAside(reason=reason, detail=detail):
                lines.append(f"set aside: {reason}: {detail}" if detail else f"set aside: {reason}")
            case Broken(reason=reason, line=line):
                lines.append(f"broken: {reason} (line {line})")
    return lines


def random_game_text(rng: random.Random, *, number: int = 0) -> str:
    """Write a random legal game in a random one of the styles that are around."""
    notes = rng.choice(["", "clk", "eval", "both"])
    board = chess.Board()
    words: list[str] = []
    for ply in range(rng.randrange(2, 60)):
        moves = list(board.legal_moves)
        if not moves:
            break
        if ply % 2 == 0 or notes:
            words.append(f"{board.fullmove_number}{'.' if board.turn else '...'}")
        move = rng.choice(moves)
        if rng.random() < 0.05:
            other = board.san(rng.choice(moves))
            words.append(f"{board.san_and_push(move)} ({board.fullmove_number}. {other})")
        else:
            words.append(board.san_and_push(move))
        words += _random_note(rng, notes)
    result = {"1-0": "1-0", "0-1": "0-1"}.get(board.result(), rng.choice(["1-0", "1/2-1/2", "*"]))
    tags = [f'[Event "Game {number}"]', '[White "Adé \\"Q\\" O\'Neill"]', f'[Result "{result}"]']
    movetext = " ".join([*words, result])
    return "\n".join(tags) + "\n\n" + _wrapped(movetext, rng.choice([0, 60, 80])) + "\n"


def _random_note(rng: random.Random, notes: str) -> list[str]:
    parts = []
    if notes in ("eval", "both"):
        mate = f"#{rng.choice([-3, -1, 2, 9])}"
        pawns = f"{rng.randrange(-900, 900) / 100:.2f}"
        parts.append(f"[%eval {rng.choice([mate, pawns, pawns])}]")
    if notes in ("clk", "both"):
        parts.append(f"[%clk 0:{rng.randrange(60):02}:{rng.randrange(60):02}.{rng.randrange(10)}]")
    return [f"{{ {' '.join(parts)} }}"] if parts else []


def _wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split(" "):
        if width and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
