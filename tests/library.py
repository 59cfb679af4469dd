"""Games in the library, for tests: stored as an import would, without importing."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy import insert

from chess_analytics.actions.describe_game import describe_game
from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Game, Side, Site
from chess_analytics.insights.facts import pack_facts
from chess_analytics.review.judge import judge_game
from chess_analytics.store import tables
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.games import NewGame, insert_games
from chess_analytics.store.players import add_player
from chess_analytics.store.runs import NewRun, RunSource, insert_runs
from chess_analytics.store.session import Store
from tests.accounts import NOW_MS
from tests.builders import game

# White blunders the game away on move 3, which every curve of judgments calls a blunder.
MOVES = "1. e4 e5 2. Nf3 Nc6 3. Ba6 bxa6 4. O-O Nf6 *"
SCORES_CP = (30, 25, 30, 28, -450, -460, -455, -470)
SCHOLARS_MATE = "1. e4 e5 2. Qh5 Nc6 3. Bc4 Nf6 4. Qxf7# 1-0"


def keep_game(
    store: Store,
    user_id: int,
    played: Game | str = MOVES,
    *,
    now_ms: int = NOW_MS,
    import_id: int | None = None,
    seen_by: tuple[int, Side] | None = None,
    **values: Any,
) -> int:
    """Store a game and give its id; ``seen_by`` is the user's player and their pieces.

    ``values`` go before what the game itself tells.
    """
    built = game(played) if isinstance(played, str) else played
    new = replace(describe_game(built, moves_key(built)), **values)
    if seen_by:
        new = _seen_by(new, *seen_by)
    with store.writing() as connection:
        return insert_games(connection, user_id, import_id, [new], now_ms=now_ms)[0]


def keep_run(  # noqa: PLR0913 - each of them makes another run
    store: Store,
    game_id: int,
    played: Game | str = MOVES,
    *,
    scores_cp: Sequence[int] = (),
    source: RunSource = RunSource.ENGINE,
    engine: str = "Stockfish 17",
    now_ms: int = NOW_MS,
) -> int:
    """Store an analysis of a game, with these evaluations after its plies, and give its id."""
    built = game(played) if isinstance(played, str) else played
    evaluations = evaluated(scores_cp or [*islice(cycle(SCORES_CP), len(built.moves))])
    review = judge_game(built, evaluations)
    new = NewRun(
        source=source,
        engine=engine,
        profile="standard" if source is RunSource.ENGINE else None,
        settings_key=uuid4().hex,
        nodes=800,
        seconds=0.5,
        evaluations=evaluations,
        facts=pack_facts(review, evaluations),
    )
    with store.writing() as connection:
        return insert_runs(connection, [(game_id, new, review)], now_ms=now_ms)[0]


def evaluated(scores_cp: Sequence[int]) -> tuple[Evaluation | None, ...]:
    """Give the evaluations of a game: none of its start, and these scores after its plies."""
    found = [Evaluation(Line(Score(cp=cp), ("a2a3",)), depth=20, nodes=100) for cp in scores_cp]
    return (None, *found)


def link_player(store: Store, user_id: int, name: str, site: Site = Site.LICHESS) -> int:
    """Link a name to a user and give its id."""
    with store.writing() as connection:
        player_id = add_player(connection, user_id, site, name, now_ms=NOW_MS)
    assert player_id is not None
    return player_id


def keep_import(store: Store, user_id: int, name: str = "mine.pgn", *, problems: int = 0) -> int:
    """Store an import that is over, in which so many entries were broken, and give its id."""
    with store.writing() as connection:
        import_id: int = connection.execute(
            insert(tables.imports)
            .values(
                user_id=user_id,
                kind="upload",
                name=name,
                file="spooled-under-a-secret-name",
                state="done",
                found=problems,
                broken=problems,
                reasons=json.dumps({"no moves": problems} if problems else {}),
                created_ms=NOW_MS,
                worker="worker-7",
            )
            .returning(tables.imports.c.id)
        ).scalar_one()
        for number in range(1, problems + 1):
            connection.execute(
                insert(tables.import_problems).values(
                    import_id=import_id,
                    ordinal=number,
                    kind="broken",
                    reason="no moves",
                    detail="",
                    source=name,
                    number=number,
                )
            )
    return import_id


def id_of(browser: TestClient) -> int:
    """Give the number of the user who is signed in."""
    number: int = browser.get("me").json()["id"]
    return number


def _seen_by(new: NewGame, player_id: int, color: Side) -> NewGame:
    won = new.result.winner
    is_white = color is Side.WHITE
    return replace(
        new,
        player_id=player_id,
        color=color,
        outcome=Outcome.DRAW if won is None else Outcome.WIN if won is color else Outcome.LOSS,
        rating=new.white_rating if is_white else new.black_rating,
        opponent=new.black if is_white else new.white,
        opponent_rating=new.black_rating if is_white else new.white_rating,
    )
