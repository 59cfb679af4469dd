"""Whether the server lives, and whether it can work: for those who watch it."""

from http import HTTPStatus

from pydantic import BaseModel, Field
from sqlalchemy import select

from chess_analytics import __version__
from chess_analytics.api.leaving import STAYS
from chess_analytics.api.problems import responses
from chess_analytics.api.routes import Reading, Router, UncountedRoute

router = Router(UncountedRoute, tags=["health"])


class Health(BaseModel):
    """The server can do its work."""

    status: str = Field(description="Always `ok`; a server that cannot work answers 503.")
    version: str


class Life(BaseModel):
    """The process answers."""

    status: str = Field(description="Always `ok`.")
    version: str


@router.get("/health/live")
def get_life() -> Life:
    """Tell that the process answers, whatever else is away: for who would start it anew."""
    return Life(status="ok", version=__version__)


@router.get(
    "/health/ready",
    dependencies=[STAYS],
    responses=responses(HTTPStatus.SERVICE_UNAVAILABLE),
)
def get_readiness(reading: Reading) -> Health:
    """Tell whether requests can be sent here, for who routes them; it asks the database.

    A server that was told to stop answers 503, also while it still answers others: for
    `CHESS_ANALYTICS_DRAIN_S`.
    """
    return get_health(reading)


@router.get("/health", responses=responses(HTTPStatus.SERVICE_UNAVAILABLE))
def get_health(reading: Reading) -> Health:
    """Tell whether the server can work; it asks the database."""
    reading.execute(select(1)).scalar_one()
    return Health(status="ok", version=__version__)
