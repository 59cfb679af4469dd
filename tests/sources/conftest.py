"""The two chess sites, on this machine."""

from collections.abc import Iterator

import pytest

from tests.sources import chesscom_player, lichess_player
from tests.sources.replay import ChesscomSite, LichessSite, Replay, serving


@pytest.fixture
def lichess_site() -> LichessSite:
    return LichessSite("Ann", [lichess_player.game(number) for number in range(1, 6)])


@pytest.fixture
def lichess(lichess_site: LichessSite, socket_enabled: None) -> Iterator[Replay]:  # noqa: ARG001
    with serving(lichess_site) as replay:
        yield replay


@pytest.fixture
def chesscom_site() -> ChesscomSite:
    game, month = chesscom_player.game, chesscom_player.month
    months = {
        "2025/01": month(game(1), game(2)),
        "2025/02": month(game(3)),
        "2025/03": month(game(4), game(5)),
    }
    return ChesscomSite("ann", months)


@pytest.fixture
def chesscom(chesscom_site: ChesscomSite, socket_enabled: None) -> Iterator[Replay]:  # noqa: ARG001
    with serving(chesscom_site) as replay:
        yield replay
