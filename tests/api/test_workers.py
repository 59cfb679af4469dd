"""Who analyses, as administrators see it."""

from fastapi.testclient import TestClient

from tests.analysing import Hands
from tests.api.serving import Served


def test_an_administrator_sees_who_is_at_work_and_who_was(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    Hands(served.store, served.clock).appear(slots=4, nps=1e6)
    assert bob.get("workers").status_code == 403
    (worker,) = [it for it in ada.get("workers").json()["items"] if it["name"] == "hands"]
    assert (worker["slots"], worker["engine"], worker["is_alive"]) == (4, "Stockfish 17", True)
    assert worker["nodes_a_second"] == 1e6
    served.clock.advance(minutes=2)
    (worker,) = [it for it in ada.get("workers").json()["items"] if it["name"] == "hands"]
    assert not worker["is_alive"]
    served.clock.advance(days=1)
    assert "hands" not in [it["name"] for it in ada.get("workers").json()["items"]]
