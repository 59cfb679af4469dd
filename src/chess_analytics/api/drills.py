"""Training: the drills that come back, answers to them, and what is put off."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Query
from sqlalchemy import Connection

from chess_analytics.actions.answer_drill import (
    Answered,
    Given,
    answer_drill,
    show_solution,
    skip_drill,
)
from chess_analytics.actions.due_drills import DueNow, drills_due, drills_from
from chess_analytics.actions.exports.drill_json import (
    drill_object,
    judged_object,
    solution_object,
)
from chess_analytics.actions.gather_drills import gather_drills
from chess_analytics.api import problems
from chess_analytics.api.drill_views import (
    AnswerGiven,
    Drill,
    DrillAnswered,
    DrillCountsView,
    DrillList,
    DueDrills,
    GatheredView,
)
from chess_analytics.api.game_query import MOST
from chess_analytics.api.identity import Reader, Writer
from chess_analytics.api.insight_query import DrillsQuery
from chess_analytics.api.insight_resources import TheDesk
from chess_analytics.api.move_checks import TheMoveCheck
from chess_analytics.api.resources import Now, TheStore
from chess_analytics.api.routes import Reading, Router, Writing
from chess_analytics.store.drill_mistakes import mistakes_of
from chess_analytics.store.drills import (
    StoredDrill,
    drills_after,
    find_drill,
    known_moves,
    suspend_drill,
)
from chess_analytics.training.answers import Verdict

router = Router(
    prefix="/drills",
    tags=["training"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

_ASKED = problems.responses(HTTPStatus.UNPROCESSABLE_ENTITY)
_NOT_FOUND = problems.responses(HTTPStatus.NOT_FOUND) | _ASKED
_CHECKED = problems.responses(HTTPStatus.SERVICE_UNAVAILABLE) | _NOT_FOUND
# About a second's work.
_GAMES_A_REQUEST = 60

DrillId = Annotated[int, Path(ge=1, le=MOST, description="The drill's number.")]


@router.get("", responses=_ASKED)
def list_drills(
    who: Reader,
    reading: Reading,
    *,
    suspended: Annotated[
        bool | None, Query(description="Only those that were set aside, or only the others.")
    ] = None,
    after: Annotated[int, Query(ge=0, le=MOST, description="Go on after this number.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DrillList:
    """List all my drills in the order of their numbers, a page at a time."""
    found = drills_after(reading, who.user_id, after, limit + 1, is_suspended=suspended)
    page = found[:limit]
    return DrillList(items=_shown(reading, page), next=page[-1].id if len(found) > limit else None)


@router.get("/due", responses=_ASKED)
def list_due_drills(
    who: Reader,
    reading: Reading,
    now_ms: Now,
    *,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    more_new: Annotated[
        int, Query(ge=0, le=200, description="New drills to offer beyond the ten of a day.")
    ] = 0,
) -> DueDrills:
    """List what is to be done now, and count the rest.

    Drills that come back stand first, the longest overdue at the top; then new ones: those missed
    in most games first, then the latest.
    """
    due = drills_due(reading, who.user_id, now_ms=now_ms, limit=limit, more_new=more_new)
    return DueDrills(items=_shown(reading, due.drills), counts=_counts(due))


@router.get("/due-from", responses=_NOT_FOUND)
def list_due_drills_from(query: Annotated[DrillsQuery, Query()], desk: TheDesk) -> DueDrills:
    """List what is to be done now of the drills that come from some of my moves, and count these.

    The filters are those of insights: those of a finding's cut give the drills that come from it.
    Drills that come back stand first; of the new ones, those in which most was lost.
    """
    facts, span, whose = desk.facts(query), query.span(), desk.user_id
    with desk.store.reading() as connection:
        due = drills_due(
            connection,
            whose,
            now_ms=desk.now_ms,
            limit=query.limit,
            more_new=query.more_new,
            among=drills_from(connection, whose, facts, span),
        )
        return DueDrills(items=_shown(connection, due.drills), counts=_counts(due))


@router.post("/gather")
def gather_my_drills(who: Writer, store: TheStore, now_ms: Now) -> GatheredView:
    """Read the mistakes of my analysed games into drills: some games, the newest first.

    It takes about a second at most. Ask again as long as games are left; what was read is not read
    again until it is analysed anew.
    """
    done = gather_drills(store, who.user_id, now_ms=now_ms, most_games=_GAMES_A_REQUEST)
    return GatheredView(games=done.games, left=done.left)


@router.get("/{drill_id}", responses=_NOT_FOUND)
def get_drill(drill_id: DrillId, who: Reader, reading: Reading) -> Drill:
    """Show one drill, without its solution."""
    drill = find_drill(reading, who.user_id, drill_id)
    if drill is None:
        raise problems.not_found("drill")
    return _shown(reading, [drill])[0]


@router.post("/{drill_id}/answers", responses=_CHECKED)
def answer_a_drill(
    drill_id: DrillId,
    given: AnswerGiven,
    who: Writer,
    store: TheStore,
    check: TheMoveCheck,
    now_ms: Now,
) -> DrillAnswered:
    """Answer a drill; a move that nobody knows is checked by the server's engine.

    The first answer to a drill that is due is graded and says when it comes back. Any other is
    practice.
    """
    answer = Given(given.move, given.spent_ms)
    done = answer_drill(store, who.user_id, drill_id, answer, check=check, now_ms=now_ms)
    with store.reading() as connection:
        return _answered(connection, done)


@router.post("/{drill_id}/reveal", responses=_NOT_FOUND)
def reveal_drill(drill_id: DrillId, who: Writer, writing: Writing, now_ms: Now) -> DrillAnswered:
    """Show the solution; where the drill is due, that counts as a wrong answer."""
    return _answered(writing, show_solution(writing, who.user_id, drill_id, now_ms=now_ms))


@router.post("/{drill_id}/skip", responses=_NOT_FOUND)
def skip_a_drill(drill_id: DrillId, who: Writer, writing: Writing, now_ms: Now) -> Drill:
    """Put a drill off by a day, without a grade."""
    if not skip_drill(writing, who.user_id, drill_id, now_ms=now_ms):
        raise problems.not_found("drill")
    return get_drill(drill_id, who, writing)


@router.post("/{drill_id}/suspend", responses=_NOT_FOUND)
def suspend_a_drill(drill_id: DrillId, who: Writer, writing: Writing) -> Drill:
    """Set a drill aside: it does not come back until it is resumed."""
    return _set_aside(writing, who.user_id, drill_id, is_suspended=True)


@router.post("/{drill_id}/resume", responses=_NOT_FOUND)
def resume_drill(drill_id: DrillId, who: Writer, writing: Writing) -> Drill:
    """Take back a drill that was set aside."""
    return _set_aside(writing, who.user_id, drill_id, is_suspended=False)


def _set_aside(connection: Connection, user_id: int, drill_id: int, *, is_suspended: bool) -> Drill:
    suspend_drill(connection, user_id, drill_id, is_suspended=is_suspended)
    drill = find_drill(connection, user_id, drill_id)
    if drill is None:
        raise problems.not_found("drill")
    return _shown(connection, [drill])[0]


def _shown(connection: Connection, drills: list[StoredDrill]) -> list[Drill]:
    mistakes = mistakes_of(connection, [drill.id for drill in drills])
    return [Drill.model_validate(drill_object(drill, mistakes[drill.id])) for drill in drills]


def _answered(connection: Connection, done: Answered | None) -> DrillAnswered:
    if done is None:
        raise problems.not_found("drill")
    drill, judged = done.drill, done.judged
    mistakes = mistakes_of(connection, [drill.id])[drill.id]
    san = "".join(drill.position.sans((judged.uci,)))
    shown: dict[str, Any] = {
        "answer": judged_object(judged, san),
        "grade": done.grade,
        "drill": drill_object(drill, mistakes),
        "solution": None,
    }
    if judged.verdict is Verdict.RIGHT:
        shown["solution"] = solution_object(drill, known_moves(connection, drill.id))
    return DrillAnswered.model_validate(shown)


def _counts(due: DueNow) -> DrillCountsView:
    counts = due.counts
    return DrillCountsView(
        all=counts.all,
        due=counts.due,
        new=counts.new,
        new_today=due.new_today,
        begun=counts.begun,
        suspended=counts.suspended,
        next_ms=counts.next_ms,
        games_to_read=due.games_to_read,
    )
