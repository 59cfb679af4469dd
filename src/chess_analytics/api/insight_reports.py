"""Reports over many games: findings, trends, openings, the clock, and sheets about opponents."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query

from chess_analytics.api import problems
from chess_analytics.api.finding_views import FindingsView
from chess_analytics.api.insight_query import (
    CostsQuery,
    ExitsQuery,
    FactsQuery,
    FindingsQuery,
    RepeatedQuery,
    SheetQuery,
    TreeQuery,
    TrendQuery,
)
from chess_analytics.api.insight_resources import TheDesk
from chess_analytics.api.insight_views import (
    CostList,
    ExitList,
    RepeatedList,
    SheetView,
    TimeMap,
    TreeView,
    TrendView,
)
from chess_analytics.api.routes import Router
from chess_analytics.insights.clock_use import clock_use
from chess_analytics.insights.opening_costs import opening_costs
from chess_analytics.insights.openings_tree import opening_tree
from chess_analytics.insights.opponent_sheet import opponent_sheet
from chess_analytics.insights.repeated_mistakes import repeated_mistakes
from chess_analytics.insights.theory_exits import theory_exits
from chess_analytics.insights.trends import trend

router = Router(
    prefix="/insights",
    tags=["insights"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)


@router.get("/findings")
def list_findings(query: Annotated[FindingsQuery, Query()], desk: TheDesk) -> FindingsView:
    """Tell what costs most: how sure that is, where to see it, and what to do next.

    Each finding is compared with the opponents in the same games, with the player's own past and,
    where the operator allows it, with other users of the server who play on the same level.
    """
    return desk.findings(query)


@router.get("/trends")
def get_trend(query: Annotated[TrendQuery, Query()], desk: TheDesk) -> TrendView:
    """Show how a metric moves over time, with its band, and when it surely changed."""
    asked = query.asked()
    return desk.made(query, lambda facts: TrendView.of(trend(facts, asked)))


@router.get("/opening-tree")
def get_opening_tree(query: Annotated[TreeQuery, Query()], desk: TheDesk) -> TreeView:
    """Show the player's opening tree with one colour; ways that meet again meet in one place."""
    span = query.span()
    bounds = {"least_games": query.least_games, "most_plies": query.most_plies}
    return desk.made(
        query, lambda facts: TreeView.of(opening_tree(facts, query.color, span, **bounds))
    )


@router.get("/opening-costs")
def list_opening_costs(query: Annotated[CostsQuery, Query()], desk: TheDesk) -> CostList:
    """List the openings with what each brings and costs, and who leaves known theory first."""
    span, by = query.span(), "variation" if query.variations else "opening"
    return desk.made(query, lambda facts: CostList(items=opening_costs(facts, span, by=by)))


@router.get("/theory-exits")
def list_theory_exits(query: Annotated[ExitsQuery, Query()], desk: TheDesk) -> ExitList:
    """List the moves that leave known theory: where, whose they are, and how that turns out."""
    span, least = query.span(), query.least_games
    return desk.made(
        query,
        lambda facts: ExitList(items=desk.spelled(theory_exits(facts, span, least_games=least))),
    )


@router.get("/repeated-mistakes")
def list_repeated_mistakes(query: Annotated[RepeatedQuery, Query()], desk: TheDesk) -> RepeatedList:
    """List the bad moves that were made again and again in the same position."""
    span, least = query.span(), query.least_times
    return desk.made(
        query,
        lambda facts: RepeatedList(
            items=desk.spelled(repeated_mistakes(facts, span, least_times=least))
        ),
    )


@router.get("/time-map")
def get_time_map(query: Annotated[FactsQuery, Query()], desk: TheDesk) -> TimeMap:
    """Show the time spent against difficulty, and the games that the clock decided."""
    span = query.span()
    return desk.made(query, lambda facts: TimeMap.of(desk.spelled(clock_use(facts, span))))


@router.get("/opponent-sheet")
def get_opponent_sheet(query: Annotated[SheetQuery, Query()], desk: TheDesk) -> SheetView:
    """Prepare for an opponent: the usual questions, of all their games that you keep."""
    span = query.span()
    return desk.made(
        query,
        lambda facts: SheetView.of(desk.spelled(opponent_sheet(query.player, facts, span))),
    )
