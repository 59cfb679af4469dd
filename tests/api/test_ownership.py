"""What belongs to one user is out of every other user's reach, at every address there is."""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from chess_analytics.api.app import create_app
from chess_analytics.api.routes import PREFIX
from chess_analytics.settings import Settings
from chess_analytics.store.every_table import metadata
from chess_analytics.store.session import Store
from tests.analysing import keep_ended_job, keep_paused_job, keep_single
from tests.api.serving import Served
from tests.drills import keep_drill
from tests.library import id_of, keep_game, keep_import, keep_run, link_player

# Every address with the number of something that belongs to a user, and what it is the number of.
# An address that is not here fails until it is placed.
OWNED = {
    "GET /games/{game_id}": ["game"],
    "DELETE /games/{game_id}": ["game"],
    "GET /games/{game_id}/pgn": ["game"],
    "GET /games/{game_id}/position.svg": ["game"],
    "GET /games/{game_id}/share": ["game"],
    "PUT /games/{game_id}/share": ["game"],
    "DELETE /games/{game_id}/share": ["game"],
    "GET /games/{game_id}/runs": ["game"],
    "GET /games/{game_id}/runs/{run_id}": ["game", "run"],
    "GET /games/{game_id}/runs/{run_id}/review": ["game", "run"],
    "GET /games/{game_id}/runs/{run_id}/compare/{other_run_id}": ["game", "run", "run"],
    "POST /games/{game_id}/runs/{run_id}/tries": ["game", "run"],
    "POST /games/{game_id}/analyse": ["game"],
    "GET /drills/{drill_id}": ["drill"],
    "POST /drills/{drill_id}/answers": ["drill"],
    "POST /drills/{drill_id}/reveal": ["drill"],
    "POST /drills/{drill_id}/skip": ["drill"],
    "POST /drills/{drill_id}/suspend": ["drill"],
    "POST /drills/{drill_id}/resume": ["drill"],
    "GET /analysis-jobs/{job_id}": ["job"],
    "GET /analysis-jobs/{job_id}/tasks": ["job"],
    "GET /analysis-jobs/{job_id}/events": ["ended_job"],
    "POST /analysis-jobs/{job_id}/pause": ["job"],
    "POST /analysis-jobs/{job_id}/resume": ["paused_job"],
    "POST /analysis-jobs/{job_id}/cancel": ["job"],
    "POST /analysis-jobs/{job_id}/retry": ["failed_job"],
    "DELETE /players/{player_id}": ["player"],
    "POST /players/{player_id}/imports": ["player"],
    "GET /imports/{import_id}": ["import"],
    "GET /imports/{import_id}/problems": ["import"],
    "POST /imports/{import_id}/cancel": ["import"],
    "DELETE /sessions/{session_id}": ["session"],
    "DELETE /tokens/{token_id}": ["token"],
}
# The numbers of users themselves: nobody but an administrator gets anything there.
FOR_ADMINISTRATORS = {
    "PATCH /users/{user_id}": {"is_admin": True},
    "DELETE /users/{user_id}": None,
}
# What has to be sent along.
BODIES = {
    "POST /games/{game_id}/runs/{run_id}/tries": {"ply": 1, "move": "e2e4"},
    "POST /drills/{drill_id}/answers": {"move": "a2a3"},
}
# Who has the secret needs no name: tests/api/test_shared.py.
BY_SECRET = {"GET /shared/{secret}", "GET /shared/{secret}/position.svg"}
# What the server writes about itself, all the time.
OF_THE_SERVER = {"leases", "workers"}
# Nobody has so many; a session is named by letters.
NEVER = {"session": "0123456789abcdef"}

Belongings = Mapping[str, int | str]


def _addresses() -> Iterator[str]:
    description = create_app(Settings.model_construct()).openapi()
    for path, item in description["paths"].items():
        if "{" in path:
            yield from (f"{method.upper()} {path.removeprefix(PREFIX)}" for method in item)


def _rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that the database holds of users."""
    with store.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in OF_THE_SERVER
        }


def _belongings(served: Served, name: str, user: TestClient) -> Belongings:
    """Let a user own one of everything, and give the numbers."""
    store, user_id = served.store, id_of(user)
    game_id = keep_game(store, user_id)
    assert user.put(f"games/{game_id}/share").is_success
    served.log_in(name)
    sessions = user.get("sessions").json()["items"]
    token = user.post("tokens", json={"name": "a program", "scopes": ["read", "write"]}).json()
    return {
        "player": link_player(store, user_id, f"{name}_plays"),
        "import": keep_import(store, user_id, problems=1),
        "game": game_id,
        "run": keep_run(store, game_id),
        # In this order: who works takes what comes first.
        "ended_job": keep_ended_job(store, user_id),
        "failed_job": keep_ended_job(store, user_id, is_failed=True),
        "paused_job": keep_paused_job(store, user_id),
        "job": keep_single(store, user_id, game_id),
        "drill": keep_drill(store, user_id),
        "session": next(item["id"] for item in sessions if not item["is_current"]),
        "token": token["id"],
    }


def _ask(user: TestClient, address: str, numbers: list[int | str]) -> Any:
    method, path = address.split(" ")
    parts = iter(numbers)
    filled = re.sub(r"\{\w+\}", lambda _: str(next(parts)), path.removeprefix("/"))
    return user.request(method, filled, json=BODIES.get(address))


def test_every_address_with_a_number_has_its_place_here() -> None:
    assert sorted(_addresses()) == sorted([*OWNED, *FOR_ADMINISTRATORS, *BY_SECRET])


def test_another_users_things_cannot_be_told_from_what_is_not_there(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    hers, his = _belongings(served, "ada", ada), _belongings(served, "bob", bob)
    before = _rows(served.store)
    # Ada is the administrator, and that opens nothing of Bob's.
    for thief, own, stolen in ((bob, his, hers), (ada, hers, his)):
        for address, kinds in OWNED.items():
            nothing = _ask(thief, address, [NEVER.get(kind, 999_999) for kind in kinds])
            assert (nothing.status_code, nothing.json()["type"]) == (404, "not-found"), address
            for owners in itertools.product((own, stolen), repeat=len(kinds)):
                if any(owner is stolen for owner in owners):
                    numbers = [owner[kind] for owner, kind in zip(owners, kinds, strict=True)]
                    answer = _ask(thief, address, numbers)
                    assert answer.status_code == 404, address
                    assert answer.json() == nothing.json(), address
    assert _rows(served.store) == before


@pytest.mark.parametrize("address", OWNED)
def test_its_owner_finds_it_there(served: Served, ada: TestClient, address: str) -> None:
    own = _belongings(served, "ada", ada)
    answer = _ask(ada, address, [own[kind] for kind in OWNED[address]])
    assert answer.is_success, answer.text


def test_users_are_out_of_reach_for_who_does_not_administer(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    before = _rows(served.store)
    for address, body in FOR_ADMINISTRATORS.items():
        for number in (id_of(ada), id_of(bob), 999_999):
            method, path = address.split(" ")
            filled = path.removeprefix("/").replace("{user_id}", str(number))
            answer = bob.request(method, filled, json=body)
            assert (answer.status_code, answer.json()["type"]) == (403, "administrators-only")
    assert _rows(served.store) == before
