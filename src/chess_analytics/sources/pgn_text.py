"""Write the PGN of a game that came without one, so that reading it gives the game again."""

from collections.abc import Iterator, Mapping, Sequence

from chess_analytics.games.model import PlayedMove, Result, SuppliedEvaluation


def write_pgn(
    headers: Mapping[str, str], moves: Sequence[PlayedMove], result: Result, *, first_ply: int
) -> str:
    """Write a game with its clocks and evaluations.

    ``first_ply`` counts from the start of chess: 0 for White's first move, 1 for Black's.
    """
    tags = "\n".join(f'[{name} "{_escape(value)}"]' for name, value in headers.items())
    movetext = " ".join([*_movetext(moves, first_ply), result.value])
    return f"{tags}\n\n{movetext}\n"


def _escape(value: str) -> str:
    value = " ".join(value.splitlines())
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _movetext(moves: Sequence[PlayedMove], first_ply: int) -> Iterator[str]:
    follows_note = True
    for played in moves:
        ply = first_ply + played.ply - 1
        if ply % 2 == 0 or follows_note:
            yield _number(ply)
        yield played.written
        notes = _notes(played, ply)
        yield from notes
        follows_note = bool(notes)


def _number(ply: int) -> str:
    return f"{ply // 2 + 1}{'.' if ply % 2 == 0 else '...'}"


def _notes(played: PlayedMove, ply: int) -> list[str]:
    commands = []
    if played.supplied:
        commands.append(f"[%eval {_evaluation(played.supplied)}]")
    if played.clock_s is not None:
        commands.append(f"[%clk {_time(played.clock_s)}]")
    if played.elapsed_s is not None:
        commands.append(f"[%emt {_time(played.elapsed_s)}]")
    notes = [f"{{ {' '.join(commands)} }}"] if commands else []
    variation = played.supplied.variation if played.supplied else ()
    if variation:
        notes.append(f"{{ {variation[0]} was best. }}")
        notes.append(f"({_number(ply)} {' '.join(variation)})")
    return notes


def _evaluation(given: SuppliedEvaluation) -> str:
    depth = f",{given.depth}" if given.depth is not None else ""
    number = f"#{given.mate}" if given.cp is None else f"{given.cp / 100:.2f}"
    return number + depth


def _time(seconds: float) -> str:
    """Write H:MM:SS, with hundredths where there are any."""
    hundredths = round(seconds * 100)
    whole, fraction = divmod(hundredths, 100)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    parts = f".{fraction:02}".rstrip("0") if fraction else ""
    return f"{hour}:{minute:02}:{second:02}{parts}"
