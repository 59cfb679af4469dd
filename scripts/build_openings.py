"""Make games/openings.tsv out of the tables of lichess-org/chess-openings.

    scripts/python scripts/build_openings.py path/to/chess-openings

The folder holds a.tsv to e.tsv with the columns eco, name and pgn. Ours keeps eco and name and
says where the line leads (EPD: position, side, castling, en passant where a capture is legal),
because a position is what a game is named by, whatever its move order.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import chess

COMMIT = "51b886249b9e"
TARGET = Path(__file__).resolve().parents[1] / "src/chess_analytics/games/openings.tsv"
HEADER = f"""\
# Names of openings, from https://github.com/lichess-org/chess-openings at commit {COMMIT}.
# Given to the public domain by its authors: CC0-1.0.
# Made by scripts/build_openings.py; columns: ECO code, name, EPD.
"""


def main() -> None:
    named: dict[str, tuple[str, str]] = {}
    for eco, name, epd in lines(Path(sys.argv[1])):
        if named.setdefault(epd, (eco, name)) != (eco, name):
            sys.exit(f"{epd} has two names: {named[epd]} and {(eco, name)}")
    rows = "".join(f"{eco}\t{name}\t{epd}\n" for epd, (eco, name) in named.items())
    TARGET.write_text(HEADER + rows, encoding="utf-8", newline="\n")
    print(f"{len(named)} openings: {TARGET.stat().st_size} bytes")


def lines(folder: Path) -> Iterator[tuple[str, str, str]]:
    for letter in "abcde":
        with (folder / f"{letter}.tsv").open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["eco"], row["name"], epd_after(row["pgn"])


def epd_after(pgn: str) -> str:
    board = chess.Board()
    for word in pgn.split():
        if not word.endswith("."):
            board.push_san(word)
    return board.epd(en_passant="legal")


if __name__ == "__main__":
    main()
