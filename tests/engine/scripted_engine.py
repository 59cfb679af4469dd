"""A program that speaks UCI well or badly, as its argument says; tests run it in an engine's place.

``python scripted_engine.py BEHAVIOUR [NUMBER]``. It knows no chess: in every position it plays e2e4
or e7e5. With the behaviour "has tables" it offers SyzygyPath, and its scores are the number of
tables that it had found when it was asked to get ready.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

HELLO = (
    "Scripted 1 by nobody",
    "id name Scripted 1",
    "id author nobody",
    "",
    "option name Threads type spin default 1 min 1 max 4",
    "option name Hash type spin default 16 min 1 max 1024",
    "option name UCI_Chess960 type check default false",
    "option name EvalFile type string default nn-scripted.nnue",
    "uciok",
)


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


class Tables:
    """The tables of an engine that looks for them when it gets ready, not before."""

    def __init__(self) -> None:
        self.path = ""
        self.found = 0

    def look(self) -> None:
        folders = [Path(name) for name in self.path.split(os.pathsep) if name]
        self.found = sum(len(list(folder.glob("*.rtbw"))) for folder in folders)


def greet(behaviour: str) -> None:
    if behaviour == "garbage at start":
        babble()
    elif behaviour == "has tables":
        say(*HELLO[:-1], "option name SyzygyPath type string default <empty>", HELLO[-1])
    else:
        say(*HELLO)


def move_of(position: str) -> str:
    moves = position.partition(" moves ")[2].split()
    black = (position.split()[3] == "b") != (len(moves) % 2 == 1)
    return "e7e5" if black else "e2e4"


def main() -> None:
    behaviour = sys.argv[1]
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if behaviour == "dies at once":
        die("cannot open the net", 3)
    if behaviour in {"hangs", "ignores everything"}:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
    if behaviour == "silent start":
        time.sleep(60)
        return
    if behaviour == "has a child":
        os.fork()
    serve(behaviour, number)
    if behaviour == "ignores everything":
        time.sleep(60)


def serve(behaviour: str, number: int) -> None:
    position, searches, tables = "", 0, Tables()
    for line in sys.stdin:
        match line.split():
            case ["uci"]:
                greet(behaviour)
            case ["setoption", "name", "SyzygyPath", "value", *words]:
                tables.path = " ".join(words)
            case ["isready"]:
                tables.look()
                say("readyok")
            case ["quit"] if behaviour not in {"hangs", "ignores everything"}:
                return
            case ["position", *_]:
                position = line
            case ["go", *_]:
                searches += 1
                count = tables.found if behaviour == "has tables" else searches
                search(behaviour, number, count, move_of(position))
            case _:
                pass


def search(behaviour: str, number: int, searches: int, move: str) -> None:
    info = f"info depth 9 seldepth 12 multipv 1 score cp {searches} nodes 1000 nps 1 pv {move}"
    if behaviour in {"dies after", "hangs"} and searches <= number:
        behaviour = "good"
    fails: dict[str, Callable[[], None]] = {
        "dies after": lambda: die("terminate called: out of luck", 7),
        "hangs": lambda: time.sleep(60),
        "garbage": babble,
        "endless line": endless_line,
        "endless info": lambda: endless_info(info),
        "no bestmove": lambda: say(info),
        "slow drip": lambda: drip(info),
        # Whatever the test wants to have said: the environment is empty, so by argument.
        "raw": lambda: say(*sys.argv[3:]),
    }
    if behaviour == "busy":
        compute(number / 1000)
    if behaviour == "busy thread":
        # As Stockfish does: the thread that listens sleeps while another one searches.
        worker = threading.Thread(target=compute, args=(number / 1000,))
        worker.start()
        worker.join()
    if behaviour in fails:
        fails[behaviour]()
    else:
        say("info string about to start", info, f"bestmove {move} ponder a7a6")


def compute(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def die(message: str, code: int) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()
    os._exit(code)


def babble() -> None:
    for number in range(100_000):
        say(f"\x00\xff the weather is {number}")


def endless_line() -> None:
    while True:
        sys.stdout.write("info depth 1 pv" + " e2e4" * 10_000)


def endless_info(info: str) -> None:
    while True:
        say(info)


def drip(info: str) -> None:
    for letter in info * 100:
        sys.stdout.write(letter)
        sys.stdout.flush()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
