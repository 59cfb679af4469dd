"""Whole archives of real players: every game is read, or it is known why not."""

import dataclasses
import io
import json
from collections import Counter

import pytest

from chess_analytics.games.model import Game, Place, SetAside
from chess_analytics.games.pgn import read_pgn
from chess_analytics.sources.files import read_paths
from tests.shared_data import shared_data

pytestmark = pytest.mark.shared

# Games that are read, their plies, and the reasons for all others.
EXPECTED = {
    "archives/lichess_jacobaharris.pgn": (1794, 134529, {"no moves": 3}),
    "archives/lichess_StLolek.pgn": (718, 43296, {"no moves": 2, "variant: Atomic": 3}),
    "archives/lichess_Lance5500_evals.pgn": (109, 10450, {}),
    "archives/chesscom_kyle_b81.pgn": (1326, 87036, {"no moves": 1}),
    "archives/chesscom_apuzanov.pgn": (1170, 69512, {}),
    "archives/chesscom_xd009642.pgn": (69, 4939, {}),
    "archives/lichess_tazedurum07.ndjson": (
        1287,
        78331,
        {
            "variant: Atomic": 24,
            "variant: Crazyhouse": 13,
            "variant: Antichess": 12,
            "variant: Horde": 1,
            "variant: Racing Kings": 1,
            "no moves: they were not exported, or none was made": 3,
        },
    ),
    "gold/lichess_mixed_players_evals.pgn": (58, 4588, {}),
    "gold/lichess_db_2021-10_evals.pgn": (32, 1981, {}),
    "gold/lichess_study_annotated.pgn": (86, 6666, {}),
    "gold/lichess_server_analysis.ndjson.gz": (300, 22881, {}),
    "gold/lichess_api_q7ZvsdUF.json": (1, 125, {}),
    "gold/lichess_api_CCW6EEru.json": (1, 43, {}),
    "gold/lichess_api_qVChCOTc.json": (1, 38, {}),
    "corpus/twic944_first2000.pgn.gz": (1995, 164120, {"no moves": 5}),
    "chesscom_pubapi/wizardchiken_2023-01.json": (15, 745, {}),
    "chesscom_pubapi/epictetusz1_2022-08.json": (17, 1147, {}),
    "chesscom_pubapi/aegboye7_2025-03.json": (
        233,
        14441,
        {"no moves": 1, "no moves: Chess.com's answer has no PGN for this game": 1},
    ),
    "lichess_api/games-apiGamesUserJson.json": (1, 91, {}),
    "lichess_api/games-apiGamesUserPgn.pgn": (1, 91, {}),
    "lichess_api/games-apiUserCurrentGamePgn.pgn": (1, 91, {}),
    "lichess_api/games-exportOneGame.pgn": (1, 125, {}),
    "lichess_api/games-gamesExportIds.json": (1, 41, {}),
    "lichess_api/games-gamesExportIds.pgn": (1, 41, {}),
    "lichess_api/user_games_headers_only.ndjson": (
        1,
        38,
        {"no moves: they were not exported, or none was made": 3},
    ),
}


def games(name: str) -> list[Game]:
    found = read_paths([str(shared_data(name))])
    return [entry for entry in found if isinstance(entry, Game)]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_game_of_an_archive_is_read_or_it_is_known_why_not(name: str) -> None:
    found = list(read_paths([str(shared_data(name))]))
    read = [entry for entry in found if isinstance(entry, Game)]
    reasons = Counter(entry.reason for entry in found if isinstance(entry, SetAside))
    plies = sum(len(game.moves) for game in read)
    assert (len(read), plies, dict(reasons)) == EXPECTED[name]
    assert len(read) + reasons.total() == len(found)


def test_every_file_of_games_has_its_expectation() -> None:
    folders = ["archives", "gold", "corpus", "chesscom_pubapi", "lichess_api"]
    files = {f"{name}/{path.name}" for name in folders for path in shared_data(name).iterdir()}
    no_games = {"gold/lichess_accuracy_unit_cases.json", "gold/reference_metrics.json"}
    assert files == EXPECTED.keys() | no_games


@pytest.mark.parametrize(
    ("name", "full_clocks", "full_evaluations"),
    [
        ("archives/lichess_Lance5500_evals.pgn", 109, 108),
        ("archives/chesscom_kyle_b81.pgn", 1326, 0),
        ("archives/chesscom_apuzanov.pgn", 1170, 0),
        ("archives/chesscom_xd009642.pgn", 69, 0),
        ("gold/lichess_mixed_players_evals.pgn", 58, 58),
        ("gold/lichess_db_2021-10_evals.pgn", 32, 32),
        ("gold/lichess_study_annotated.pgn", 1, 86),
        ("gold/lichess_server_analysis.ndjson.gz", 300, 300),
    ],
)
def test_clocks_and_evaluations_are_all_found(
    name: str, full_clocks: int, full_evaluations: int
) -> None:
    found = games(name)
    clocks = [all(move.clock_s is not None for move in game.moves) for game in found]
    # A move that mates has no evaluation.
    evaluations = [
        all(move.supplied for move in game.moves if not move.written.endswith("#"))
        for game in found
    ]
    assert (sum(clocks), sum(evaluations)) == (full_clocks, full_evaluations)


def test_lichess_json_and_pgn_of_one_game_say_the_same() -> None:
    (from_json,) = games("gold/lichess_api_q7ZvsdUF.json")
    (from_pgn,) = games("lichess_api/games-exportOneGame.pgn")
    assert from_json.result is from_pgn.result
    assert from_json.site_id == from_pgn.site_id
    for one, other in zip(from_json.moves, from_pgn.moves, strict=True):
        # The JSON names a better move also where Lichess does not judge.
        if other.supplied and not other.supplied.best and one.supplied:
            supplied = dataclasses.replace(one.supplied, best=None, variation=())
            assert dataclasses.replace(one, supplied=supplied) == other
        else:
            assert one == other
    assert all(from_pgn.headers[tag] == value for tag, value in from_json.headers.items())


def test_the_pgn_that_we_write_for_json_gives_the_same_games() -> None:
    for game in games("gold/lichess_server_analysis.ndjson.gz")[:100]:
        (again,) = read_pgn(io.StringIO(game.pgn), "again")
        assert isinstance(again, Game)
        assert dataclasses.replace(again, place=game.place, pgn=game.pgn) == game


def test_every_game_of_a_site_has_its_name() -> None:
    assert {len(game.site_id or "") for game in games("archives/lichess_StLolek.pgn")} == {8}
    found = games("archives/chesscom_kyle_b81.pgn")
    assert len({game.site_id for game in found}) == len(found)
    urls = json.loads(shared_data("chesscom_pubapi/wizardchiken_2023-01.json").read_text())
    expected = [game["url"].rsplit("/", 1)[1] for game in urls["games"]]
    assert [game.site_id for game in games("chesscom_pubapi/wizardchiken_2023-01.json")] == expected


def test_places_tell_the_lines_of_the_file() -> None:
    name = "archives/lichess_StLolek.pgn"
    lines = shared_data(name).read_text(encoding="utf-8").splitlines()
    for game in games(name)[::100]:
        assert game.place == Place(str(shared_data(name)), game.place.number, game.place.line)
        assert lines[(game.place.line or 0) - 1] == game.pgn.splitlines()[0]
