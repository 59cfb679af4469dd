"""A UCI program that knows the rules and nothing else: legal moves, made-up scores, a latency.

``python simulated_engine.py LATENCY_MS [DIES_AFTER] [OPTION…]``. A score depends on the position
alone, so that the same game gives the same numbers. For tests of everything around an engine.

It fails as it is told, by options that may come several times:

- ``--after N=FAULT``: in every search after so many;
- ``--at MOVES=FAULT``: wherever a game began with these moves, UCI with commas;
- ``--folder FOLDER``: as soon as a file FAULT-anything is there, which it takes away first, so that
  of all engines one fails once. It writes ``log`` there (started, searches), refuses to start
  while there is a file ``refuse``, does not answer while there is one ``hold``, and answers late
  while there is one ``slow``, after the seconds that stand in it.

``--scores CP,CP,…`` scripts the scores: White's, by the number of moves before.
"""

import argparse
import hashlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import chess

NAME = "Simulated 1"
DEPTH = 9

HELLO = f"""id name {NAME}
id author nobody
option name Threads type spin default 1 min 1 max 1
option name Hash type spin default 16 min 1 max 1024
option name UCI_Chess960 type check default false
uciok"""

_FLOOD_BYTES = 100 * 1024 * 1024
_LOOK_S = 0.005


@dataclass(frozen=True, slots=True)
class Answer:
    """What it says of a position."""

    best: str
    cp: int
    """The mover's, as UCI has it."""


def answer(board: chess.Board, only: Sequence[str] = (), scores: Sequence[int] = ()) -> Answer:
    """Say something of a position that has a legal move: the same each time."""
    legal = sorted(only or (board.uci(move) for move in board.legal_moves))
    number = hashlib.blake2b(board.epd().encode(), digest_size=4).digest()
    cp = int.from_bytes(number[1:3]) % 800 - 400
    if len(board.move_stack) < len(scores):
        white = scores[len(board.move_stack)]
        cp = white if board.turn else -white
    return Answer(legal[number[0] % len(legal)], cp)


def main() -> None:
    told = _words().parse_args()
    folder = Path(told.folder) if told.folder else None
    start(folder)
    board, searches = chess.Board(), 0
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
            case ["go", "nodes", nodes, *rest]:
                search(told, folder, board, searches, (int(nodes), rest[1:]))
                searches += 1
            case ["quit"]:
                return


def start(folder: Path | None) -> None:
    note(folder, "started")
    if folder and (folder / "refuse").exists():
        sys.stderr.write("cannot open the net\n")
        sys.exit(1)


def search(
    told: argparse.Namespace,
    folder: Path | None,
    board: chess.Board,
    searches: int,
    wanted: tuple[int, list[str]],
) -> None:
    """Answer, or fail if that is due."""
    note(folder, "searches")
    wait(folder, told.latency_ms / 1000)
    if fault := _fault(told, folder, searches, board):
        FAULTS[fault]()
        return
    nodes, only = wanted
    scores = [int(cp) for cp in told.scores.split(",")] if told.scores else []
    found = answer(board, only, scores)
    info = f"info depth {DEPTH} multipv 1 score cp {found.cp} nodes {nodes} pv {found.best}"
    say(f"{info}\nbestmove {found.best}")


def set_up(words: list[str], *, chess960: bool) -> chess.Board:
    board = chess.Board(" ".join(words[:6]), chess960=chess960)
    for move in words[7:]:
        board.push_uci(move)
    return board


def die() -> NoReturn:
    sys.stderr.write("terminate called: out of luck\n")
    sys.stderr.flush()
    os._exit(3)


def hang() -> NoReturn:
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    while True:
        signal.pause()


def babble() -> None:
    say("".join(f"\x00the weather is {number}\n" for number in range(100_000)))


def flood() -> None:
    """Say a line of 100 MB."""
    part = "e2e4 " * 20_000
    sys.stdout.write("info depth 1 pv ")
    for _ in range(_FLOOD_BYTES // len(part)):
        sys.stdout.write(part)
    say("")


def mute() -> None:
    """Think, and never say what of."""
    say("info depth 1 score cp 0 nodes 1")


FAULTS: dict[str, Callable[[], None]] = {
    "die": die,
    "hang": hang,
    "babble": babble,
    "flood": flood,
    "mute": mute,
}


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("latency_ms", type=float)
    words.add_argument("dies_after", type=int, nargs="?")
    words.add_argument("--after", action="append", default=[])
    words.add_argument("--at", action="append", default=[])
    words.add_argument("--folder")
    words.add_argument("--scores")
    return words


def _fault(
    told: argparse.Namespace, folder: Path | None, searches: int, board: chess.Board
) -> str | None:
    """Tell which fault is due in this search."""
    if told.dies_after is not None and searches >= told.dies_after:
        return "die"
    for number, fault in (each.split("=") for each in told.after):
        if searches >= int(number):
            return str(fault)
    moves = ",".join(move.uci() for move in board.move_stack)
    for start, fault in (each.split("=") for each in told.at):
        if moves.startswith(start):
            return str(fault)
    return _ordered(folder) if folder else None


def _ordered(folder: Path) -> str | None:
    """Take an order out of the folder, if no other engine is quicker."""
    for order in sorted(folder.iterdir()):
        fault = order.name.partition("-")[0]
        if fault in FAULTS:
            try:
                order.unlink()
            except FileNotFoundError:
                continue
            return fault
    return None


SLOW_S = 0.03


def wait(folder: Path | None, latency_s: float) -> None:
    if latency_s:
        time.sleep(latency_s)
    with suppress(FileNotFoundError):
        if folder:
            time.sleep(float((folder / "slow").read_text() or SLOW_S))
    while folder and (folder / "hold").exists():
        time.sleep(_LOOK_S)


def note(folder: Path | None, event: str) -> None:
    if folder:
        # One short write at the end of a file: those of other engines do not mix with it.
        with (folder / "log").open("ab", buffering=0) as log:
            log.write(f"{event} {os.getpid()}\n".encode())


if __name__ == "__main__":
    main()
