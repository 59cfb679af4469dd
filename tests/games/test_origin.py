"""On which site a game was played."""

import pytest

from chess_analytics.games.model import Site
from chess_analytics.games.origin import origin_of


@pytest.mark.parametrize(
    ("headers", "site", "site_id"),
    [
        ({"Site": "https://lichess.org/zW7QHcfn"}, Site.LICHESS, "zW7QHcfn"),
        ({"Site": "https://lichess.org/zW7QHcfn/black#12"}, Site.LICHESS, "zW7QHcfn"),
        ({"Site": "https://lichess.org/zW7QHcfnAbCd"}, Site.LICHESS, "zW7QHcfn"),
        ({"Site": "https://lichess.org", "GameId": "OS80LePE"}, Site.LICHESS, "OS80LePE"),
        ({"Site": "https://lichess.org/study/lOO87pCX/BZELlaSA"}, Site.LICHESS, None),
        ({"Site": "https://lichess.org/training"}, Site.LICHESS, None),
        ({"Site": "https://lichess.org/broadcast/x/round-1/AbCdEfGh"}, Site.LICHESS, None),
        (
            {"Site": "Chess.com", "Link": "https://www.chess.com/game/live/6118564678"},
            Site.CHESSCOM,
            "6118564678",
        ),
        ({"Link": "https://www.chess.com/live/game/12?move=3"}, Site.CHESSCOM, "12"),
        ({"Site": "https://www.chess.com/game/daily/457660339"}, Site.CHESSCOM, "457660339"),
        ({"Site": "https://www.chess.com/analysis/game/live/99"}, Site.CHESSCOM, "99"),
        ({"Site": "Chess.com"}, Site.CHESSCOM, None),
        ({"Site": "Paris", "GameId": "OS80LePE"}, Site.OTHER, None),
        ({}, Site.OTHER, None),
    ],
)
def test_the_headers_tell_the_site_and_the_games_name_there(
    headers: dict[str, str], site: Site, site_id: str | None
) -> None:
    assert origin_of(headers) == (site, site_id)
