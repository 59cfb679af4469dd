"""Errors as problem+json (RFC 9457): what went wrong, and what to do next, in words."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store.session import StoreError

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger(__name__)
_UNKNOWN = "there is no such parameter; check its spelling"
# As RFC 9110 calls them; Python did so only from its version 3.13 on.
_PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}


class FieldProblem(BaseModel):
    """What is wrong with one part of a request."""

    where: str = Field(description="Such as `body.name` or `query.limit`.")
    message: str


class ProblemBody(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="A word for this kind of problem, for programs.")
    title: str = Field(description="The kind of problem in short.")
    status: int
    detail: str = Field(description="What went wrong here, and what to do next.")
    fields: list[FieldProblem] = Field(default=[], description="The parts that are wrong.")


class Problem(Exception):
    """Ends a request with an error that its user can act on."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        kind: str | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind or _phrase(status).lower().replace(" ", "-")
        self.headers = dict(headers or {})
        self.more = dict(more or {})
        """Members of its own, beside those that every problem has."""


def not_found(what: str) -> Problem:
    """Say that there is no such thing, or that it is somebody else's: nobody learns which."""
    return Problem(HTTPStatus.NOT_FOUND, f"there is no such {what}, or it is not yours")


def responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Document the errors of an endpoint; those that every endpoint has come by themselves."""
    return {
        status.value: {
            "description": _phrase(status),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
        }
        for status in statuses
    }


def answer(problem: Problem, fields: list[FieldProblem] | None = None) -> JSONResponse:
    """Write a problem down as the answer to a request."""
    body = ProblemBody(
        type=problem.kind,
        title=_phrase(problem.status),
        status=problem.status.value,
        detail=problem.detail,
        fields=fields or [],
    )
    content = {**body.model_dump(), **problem.more}
    return JSONResponse(
        content, problem.status.value, headers=problem.headers, media_type=MEDIA_TYPE
    )


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    @app.exception_handler(Problem)
    def _problem(_request: Request, error: Problem) -> JSONResponse:
        return answer(error)

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        return answer(Problem(status, _words(status, error.detail), headers=error.headers))

    @app.exception_handler(RequestValidationError)
    def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        fields = [
            FieldProblem(
                where=".".join(map(str, part["loc"])),
                message=_UNKNOWN if part["type"] == "extra_forbidden" else part["msg"],
            )
            for part in error.errors()
        ]
        named = "; ".join(f"{field.where}: {field.message}" for field in fields)
        return answer(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, named), fields)

    @app.exception_handler(StoreError)
    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    def _store(_request: Request, error: Exception) -> JSONResponse:
        _LOG.error("database.away error=%s", type(error).__name__)
        return answer(_database_away())

    @app.exception_handler(ChessAnalyticsError)
    def _ours(_request: Request, error: ChessAnalyticsError) -> JSONResponse:
        return answer(Problem(HTTPStatus.BAD_REQUEST, str(error)))


def _database_away() -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the database does not answer; try again in a moment",
        headers={"Retry-After": "5"},
    )


def _phrase(status: HTTPStatus) -> str:
    return _PHRASES.get(status.value, status.phrase)


def _words(status: HTTPStatus, detail: str) -> str:
    match status:
        case HTTPStatus.NOT_FOUND:
            return "there is nothing at this address; /api/v1/openapi.json lists what there is"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "this address does not take that method; the header Allow lists those it takes"
        case _:
            return detail
