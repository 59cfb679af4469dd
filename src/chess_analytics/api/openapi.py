"""The description of the API: what all operations have in common is added here, once."""

from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from chess_analytics.api.job_problems import JobProblemBody
from chess_analytics.api.problems import ProblemBody, responses
from chess_analytics.api.quotas import DESCRIBED

DESCRIPTION = """\
Keep games, and find them again. Everything that the web pages can do, a program can do here.

- **Who you are**: a browser's session (`POST /sessions` gives a cookie), or a token in the header
  `Authorization: Bearer …` (`POST /tokens` makes one).
- **Times** are integers, milliseconds since 1970 in UTC; their names end in `_ms`.
- **Lists** come in pages: ask again with `after` set to the answer's `next` until that is null.
- **Errors** are `application/problem+json` and say in words what to do next.
- **Limits**: whoever asks too often gets 429 with `Retry-After`, at any address of the API but
  those of health. Each answer tells in `RateLimit-Policy` and `RateLimit` what the limits are, and
  what is left of them.
- **Jobs** that are running tell of themselves: `GET /analysis-jobs/{job_id}/events` is a stream of
  server-sent events.
- **Answers of GET** in JSON have an `ETag`; send it as `If-None-Match`, and what is the same is not
  sent again (304).
"""

_TAGS = {
    "accounts": "Signing up, what you are, and leaving.",
    "sessions": "Logging in and out in a browser.",
    "tokens": "Keys for programs.",
    "players": "Your names on Lichess, on Chess.com and in PGNs.",
    "imports": "Games on their way in.",
    "games": "The games that you keep.",
    "analysis": "Jobs that analyse games in the background, and how they get on.",
    "runs": "Analyses of games, move by move.",
    "sharing": "Games behind secret links, and pictures of positions.",
    "insights": "What many games say: answers, findings, trends, openings, the clock.",
    "training": "Drills from your own mistakes: what is due, answers, and other moves tried.",
    "export": "Everything that you own, to take away.",
    "administration": "Users and workers, for administrators; what they keep is nobody's business.",
    "health": "For those who watch the server.",
}
_METHODS = ("get", "put", "post", "patch", "delete")
_JSON = "application/json"
# What FastAPI says of a request that it refuses is not what we answer.
_NOT_OURS = ("HTTPValidationError", "ValidationError")
_QUOTAS = {name: {"$ref": f"#/components/headers/{name}"} for name in DESCRIBED}
_WAIT = {"schema": {"type": "integer"}, "description": "Seconds; come again then."}


def install(app: FastAPI) -> None:
    """Complete the description that is made from the routes."""
    from_routes = app.openapi

    @cache
    def openapi() -> dict[str, Any]:
        return _completed(from_routes())

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(api: dict[str, Any]) -> dict[str, Any]:
    used = set()
    for method, operation in _operations(api):
        used.update(operation["tags"])
        _split_words(operation)
        _add_answers(method, operation)
        if operation["tags"] != ["health"]:
            _add_quotas(operation["responses"])
    api["tags"] = [{"name": tag, "description": _TAGS[tag]} for tag in _TAGS if tag in used]
    components = api["components"]
    components["schemas"] = dict(sorted(_schemas(components["schemas"]).items()))
    components["responses"] = _share_problems(api)
    components["headers"] = DESCRIBED
    return api


def _operations(api: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in api["paths"].values():
        yield from ((method, item[method]) for method in _METHODS if method in item)


def _split_words(operation: dict[str, Any]) -> None:
    """Take the first line of a docstring for the summary: it says more than the function's name."""
    summary, _, rest = operation.pop("description").partition("\n")
    operation["summary"] = summary.removesuffix(".")
    if rest.strip():
        operation["description"] = rest.strip()


def _add_answers(method: str, operation: dict[str, Any]) -> None:
    """Document what any operation of its kind can answer."""
    answers = operation["responses"]
    statuses = [HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE]
    if method != "get":
        # A page of another site may have asked for it.
        statuses.append(HTTPStatus.FORBIDDEN)
    if "requestBody" in operation:
        statuses += [HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE]
    if "security" in operation:
        statuses.append(HTTPStatus.UNAUTHORIZED)
    if answers.pop("422", None):
        statuses.append(HTTPStatus.UNPROCESSABLE_ENTITY)
    for status, documented in responses(*statuses).items():
        answers.setdefault(str(status), documented)
    success = answers.get("200", {})
    if method == "get" and _JSON in success.get("content", {}):
        tag = {"schema": {"type": "string"}, "description": "Names this very answer."}
        success.setdefault("headers", {})["ETag"] = tag
        answers.setdefault("304", {"description": "Nothing has changed since that ETag."})
    operation["responses"] = dict(sorted(answers.items()))


def _add_quotas(answers: dict[str, Any]) -> None:
    """Document what is counted: anything but health."""
    answers.setdefault("429", _refusal(HTTPStatus.TOO_MANY_REQUESTS))
    for status, answer in answers.items():
        if status.startswith("2") or status == "429":
            answer["headers"] = {**answer.get("headers", {}), **_QUOTAS}
    answers["429"]["headers"].setdefault("Retry-After", _WAIT)


def _refusal(status: HTTPStatus) -> dict[str, Any]:
    """Document a plain problem, as it is shared by operations."""
    answer = dict(responses(status)[status.value])
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        answer["headers"] = {**_QUOTAS, "Retry-After": _WAIT}
    return answer


def _schemas(schemas: dict[str, Any]) -> dict[str, Any]:
    _, problem = models_json_schema(
        [(ProblemBody, "serialization"), (JobProblemBody, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    ours = {name: schema for name, schema in schemas.items() if name not in _NOT_OURS}
    return {**ours, **problem["$defs"]}


def _share_problems(api: dict[str, Any]) -> dict[str, Any]:
    """Write each kind of problem down once, and let operations point to it."""
    shared: dict[str, Any] = {}
    for _, operation in _operations(api):
        answers = operation["responses"]
        for status, answer in answers.items():
            if answer == _refusal(HTTPStatus(int(status))):
                name = answer["description"].replace(" ", "")
                shared[name] = answer
                answers[status] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(shared.items()))
