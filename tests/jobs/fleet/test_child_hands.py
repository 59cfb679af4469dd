"""The hands of a child: what whoever looks after containers can see of them."""

from pathlib import Path
from threading import Thread

from chess_analytics.jobs.fleet.hands import ChildHands, HandsPlan
from chess_analytics.jobs.fleet.notice import Notice
from chess_analytics.jobs.fleet.pulse import visiting
from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.store.job_rows import Service
from tests.jobs.studio import UPKEEP, Studio, TestSource, wait_until


def test_a_long_game_counts_as_a_visit_as_long_as_it_takes(
    studio: Studio, postgres_url: str, tmp_path: Path
) -> None:
    source = TestSource(holds=lambda _request: True)
    ada = studio.add_user()
    job = studio.job(ada, studio.games(ada, 1))
    pulse = visiting(tmp_path)
    plan = HandsPlan(
        database_url=postgres_url,
        source=source,
        upkeep=UPKEEP,
        worker="one",
        services=(Service.BATCH,),
        quiet=QuietHours(),
        pulse=pulse,
    )
    told: list[int] = []
    hands = ChildHands(plan, Notice(), lambda worked: told.append(worked.claim.job_id))
    visit = Thread(target=hands.visit, args=(Service.BATCH,))
    visit.start()
    try:
        assert source.held.wait(60)
        pulse.file.unlink()
        wait_until(lambda: pulse.is_felt(60))
    finally:
        source.release()
        visit.join()
        hands.close()
    assert told == [job]
