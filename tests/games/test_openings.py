import itertools
import json
from importlib import resources
from pathlib import Path

import chess
import chess.pgn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chess_analytics.games import openings
from chess_analytics.games.model import Game
from chess_analytics.games.openings import Opening, name_opening, opening_at, opening_family
from chess_analytics.games.positions import boards, position_key
from tests.builders import game, game_from, game_of, games
from tests.shared_data import shared_data


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("1. e4", Opening("B00", "King's Pawn Game", 1)),
        ("1. e4 c5", Opening("B20", "Sicilian Defense", 2)),
        (
            "1. e4 e5 2. Nf3 Nc6 3. Bc4 Bc5 4. b4 a6 5. a4",
            Opening("C51", "Italian Game: Evans Gambit", 7),
        ),
        ("1. f3 e5 2. g4 Qh4#", Opening("A00", "Barnes Opening: Fool's Mate", 4)),
    ],
)
def test_a_game_has_the_name_of_its_last_named_position(moves: str, expected: Opening) -> None:
    named = name_opening(game(moves))
    assert named == expected


def test_the_ply_is_the_one_that_reached_the_named_position() -> None:
    # The move after it leaves the tables, and nothing later comes back.
    line = game("1. e4 e5 2. Nf3 Nc6 3. Bc4 Bc5 4. h3 h6 5. Rg1 a6 6. Rh1 a5 7. Na3")
    named = name_opening(line)
    assert named is not None
    assert (named.family, named.ply) == ("Italian Game", 6)


def test_a_transposition_is_recognised_whatever_the_move_order() -> None:
    direct = name_opening(game("1. d4 Nf6 2. c4 e6 3. Nc3 Bb4"))
    detour = name_opening(game("1. c4 e6 2. Nc3 Bb4 3. d4 Nf6"))
    assert direct == detour
    assert direct is not None
    assert direct.family == "Nimzo-Indian Defense"


def test_a_named_position_reached_after_unnamed_ones_counts() -> None:
    line = game("1. e4 e5 2. Na3 Na6 3. Nb1 Nb8 4. Na3 Na6")
    named = [opening_at(board) for board in boards(line)]
    assert named[3] is named[4] is named[5] is None
    assert name_opening(line) == Opening("C20", "King's Pawn Game", 6)


@pytest.mark.parametrize(
    "fen",
    [
        "rnbqkbnr/pppp1ppp/8/4p3/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2",
        "r1bqkbnr/pppp1ppp/2n5/4p3/2B1P3/8/PPPP1PPP/RNBQK1NR w KQkq - 2 3",
    ],
)
def test_a_game_from_another_position_has_no_opening_though_its_positions_are_named(
    fen: str,
) -> None:
    line = game_of(["g1f3"], fen=fen)
    assert [opening_at(board) for board in boards(line)][1] is not None
    assert name_opening(line) is None


def test_chess960_has_openings_only_from_the_usual_position() -> None:
    usual = game_of(
        ["e2e4", "e7e5", "g1f3", "b8c6", "f1b5", "a7a6", "b5a4", "g8f6", "e1h1"],
        fen="rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w HAha - 0 1",
        chess960=True,
    )
    shuffled = game_of(
        ["e2e4", "e7e5"],
        fen="bqnbrkrn/pppppppp/8/8/8/8/PPPPPPPP/BQNBRKRN w GEge - 0 1",
        chess960=True,
    )
    named = name_opening(usual)
    assert named is not None
    assert named.name.startswith("Ruy Lopez: Morphy Defense")
    assert name_opening(shuffled) is None


def test_a_game_without_moves_has_no_opening() -> None:
    assert name_opening(game()) is None


def test_a_position_is_named_at_any_time() -> None:
    board = chess.Board()
    assert opening_at(board) is None
    board.push_san("e4")
    assert opening_at(board) == Opening("B00", "King's Pawn Game", 1)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Sicilian Defense: Najdorf Variation, English Attack", "Sicilian Defense"),
        ("Amar Opening", "Amar Opening"),
        ("King's Indian Attack, with Bf5", "King's Indian Attack"),
        ("Queen's Gambit Declined: Exchange Variation", "Queen's Gambit Declined"),
    ],
)
def test_a_family_is_the_name_before_its_variations(name: str, family: str) -> None:
    assert opening_family(name) == family


def test_every_row_of_the_table_is_a_position_that_python_chess_reads_the_same() -> None:
    rows = list(openings._rows())
    assert len(rows) == len(openings._table()) == 3807
    for eco, name, epd in rows:
        assert openings._key(epd) == position_key(chess.Board(f"{epd} 0 1"))
        assert not openings._unmoved(chess.Board(f"{epd} 0 1")) & ~openings._unmoved(chess.Board())
        assert len(eco) == 3
        assert name == name.strip() != ""


def test_the_table_tells_where_it_is_from() -> None:
    table = resources.files("chess_analytics.games").joinpath("openings.tsv").read_text("utf-8")
    comment = [line for line in table.splitlines() if line.startswith("#")]
    assert "lichess-org/chess-openings" in comment[0]
    assert any("CC0" in line for line in comment)


@given(games(max_plies=44))
@settings(deadline=None)
def test_stopping_early_never_misses_a_name(line: Game) -> None:
    assert name_opening(line) == name_by_looking_everywhere(line)


@given(st.sampled_from(list(openings._rows())), st.integers(0, chess.BB_ALL))
@settings(deadline=None)
def test_whatever_can_still_become_a_named_position_is_followed(
    row: list[str], extra: chess.Bitboard
) -> None:
    unmoved = openings._unmoved(chess.Board(f"{row[2]} 0 1"))
    assert openings._leads_to_a_name(unmoved | extra)


def name_by_looking_everywhere(line: Game) -> Opening | None:
    found = None
    for ply, board in enumerate(itertools.islice(boards(line), openings.MAX_PLIES + 1)):
        named = opening_at(board)
        found = Opening(named.eco, named.name, ply) if named else found
    return found


def told_by_lichess() -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    folder = shared_data("gold").parent
    decoder = json.JSONDecoder()
    for path in (*folder.glob("gold/lichess_api_*.json"), *folder.glob("lichess_api/*json")):
        text, at = path.read_text(encoding="utf-8").strip(), 0
        while at < len(text):
            one, end = decoder.raw_decode(text, at)
            told += one if isinstance(one, list) else [one]
            at = end + len(text[end:]) - len(text[end:].lstrip())
    return [one for one in told if "opening" in one and one.get("moves")]


@pytest.mark.shared
def test_lichess_gives_the_same_name_code_and_ply() -> None:
    told = told_by_lichess()
    assert len(told) >= 6
    for one in told:
        board = chess.Board()
        moves = [board.push_san(san) for san in str(one["moves"]).split()]
        named = name_opening(game_of(moves))
        assert named is not None
        assert {"eco": named.eco, "name": named.name, "ply": named.ply} == one["opening"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "tag", "at_least"),
    [
        ("archives/lichess_jacobaharris.pgn", "ECO", 0.95),
        ("archives/lichess_StLolek.pgn", "ECO", 0.95),
        ("archives/lichess_Lance5500_evals.pgn", "ECO", 0.95),
        ("gold/lichess_study_annotated.pgn", "Opening", 0.9),
        ("gold/lichess_db_2021-10_evals.pgn", "Opening", 0.9),
    ],
)
def test_the_names_in_archives_are_ours_or_those_of_an_earlier_table(
    name: str, tag: str, at_least: float
) -> None:
    same = older = 0
    told = with_opening(shared_data(name), tag)
    for line in told:
        passed = {part for board in boards(line) for part in names_of(opening_at(board))}
        same += line.headers[tag] in names_of(name_opening(line))
        older += line.headers[tag] in passed
    assert same >= at_least * len(told)
    # The table grows: an archive keeps the name that its position had when it was exported.
    assert older >= 0.96 * len(told)


def names_of(opening: Opening | None) -> tuple[str, ...]:
    return (opening.eco, opening.name) if opening else ()


def with_opening(path: Path, tag: str, *, most: int = 150) -> list[Game]:
    lines: list[Game] = []
    with path.open(encoding="utf-8") as text:
        while len(lines) < most and (parsed := chess.pgn.read_game(text)):
            tags = parsed.headers
            standard = tags.get("Variant", "Standard") == "Standard" and "FEN" not in tags
            if standard and tags.get(tag, "?") != "?":
                lines.append(game_from(parsed))
    return lines
