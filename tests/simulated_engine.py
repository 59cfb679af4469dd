"""A UCI program that knows the rules and nothing else: legal moves, made-up scores, a latency.

``python simulated_engine.py LATENCY_MS [DIES_AFTER]``. A score depends on the position alone, so
that the same game gives the same numbers. For tests of everything around an engine.
"""

import hashlib
import sys
import time

import chess

HELLO = """id name Simulated 1
id author nobody
option name Threads type spin default 1 min 1 max 1
option name Hash type spin default 16 min 1 max 1024
option name UCI_Chess960 type check default false
uciok"""


def main() -> None:
    latency_s = float(sys.argv[1]) / 1000
    searches_left = int(sys.argv[2]) if len(sys.argv) > 2 else -1
    board = chess.Board()
    for line in sys.stdin:
        match line.split():
            case ["uci"]:
                say(HELLO)
            case ["isready"]:
                say("readyok")
            case ["setoption", "name", "UCI_Chess960", "value", value]:
                board.chess960 = value == "true"
            case ["position", "fen", *words]:
                board = set_up(words, chess960=board.chess960)
            case ["go", "nodes", nodes, *rest] if searches_left:
                searches_left -= 1
                time.sleep(latency_s)
                search(board, int(nodes), rest[1:])
            case ["go" | "quit" as word, *_]:
                sys.exit(3 if word == "go" else 0)


def set_up(words: list[str], *, chess960: bool) -> chess.Board:
    board = chess.Board(" ".join(words[:6]), chess960=chess960)
    for move in words[7:]:
        board.push_uci(move)
    return board


def search(board: chess.Board, nodes: int, only: list[str]) -> None:
    legal = sorted(only or (board.uci(move) for move in board.legal_moves))
    number = hashlib.blake2b(board.epd().encode(), digest_size=4).digest()
    best = legal[number[0] % len(legal)]
    cp = int.from_bytes(number[1:3]) % 800 - 400
    say(f"info depth 9 multipv 1 score cp {cp} nodes {nodes} pv {best}\nbestmove {best}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
