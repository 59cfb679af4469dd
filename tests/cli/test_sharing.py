"""What one archive leaves behind for the next, as the user is told."""

import re

import pytest

from chess_analytics.engine.profile import FAST
from tests.cli.commands import Home

OPENING = "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6"
FIRST = f'[White "Anna"]\n[Black "Bert"]\n\n{OPENING} 4. Ba4 Nf6 5. O-O Be7 6. Re1 b5 *\n'
SECOND = f'[White "Carl"]\n[Black "Anna"]\n\n{OPENING} 4. Bxc6 dxc6 5. d3 Bd6 6. Be3 Nf6 *\n'


def test_the_user_is_told_what_was_known_from_other_games(home: Home) -> None:
    words = ("--profile", "fast", "--json", "-", "--engine")
    home.write("first.pgn", FIRST)
    home.write("second.pgn", SECOND)
    first = home.run("analyse", "first.pgn", *words, home.engine())
    assert first.code == 0, first.err
    assert "known from other games" not in first.err

    second = home.run("analyse", "second.pgn", *words, home.engine())
    assert second.code == 0, second.err
    millions = 6 * FAST.shared_nodes / 1e6
    told = f"6 first positions (60 %) were known from other games, which saved {millions:.1f}"
    assert told in re.sub(r"\s+", " ", second.err)

    # This engine dies at the first search.
    again = home.run("analyse", "second.pgn", *words, home.engine(0, 0))
    assert again.code == 0, again.err
    assert again.out == second.out
    assert "known from other games" not in again.err


def test_what_is_taken_over_changes_no_byte(home: Home) -> None:
    words = ("--profile", "fast", "--json", "-", "--engine", home.engine())
    home.write("first.pgn", FIRST)
    home.write("second.pgn", SECOND)
    home.run("analyse", "first.pgn", *words)
    after = home.run("analyse", "second.pgn", *words)
    assert "known from other games" in after.err
    alone = home.run("analyse", "second.pgn", *words, "--data-dir", "another")
    assert alone.code == 0, alone.err
    assert "known from other games" not in alone.err
    assert after.out == alone.out


@pytest.mark.parametrize("command", [("analyse", "first.pgn"), ("doctor",)])
def test_wrong_folders_of_tables_are_told_before_any_work(
    home: Home, command: tuple[str, ...]
) -> None:
    home.write("first.pgn", FIRST)
    home.write("tables/KQvK.rtbw", "")
    for path, says in (("missing", "cannot be read"), ("tables", "cannot read Syzygy tables")):
        settings = {"CHESS_ANALYTICS_SYZYGY_PATH": path}
        # An engine that would die at its first search.
        ended = home.run(*command, "--engine", home.engine(0, 0), settings=settings)
        assert ended.code == 1
        assert says in re.sub(r"\s+", " ", ended.out + ended.err)
        assert "Traceback" not in ended.err
        assert "games to analyse" not in ended.err
