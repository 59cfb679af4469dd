"""How the answer looks when a question about many games cannot be answered."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chess_analytics.actions.load_facts import FactsOutdated
from chess_analytics.api.problems import Problem, answer
from chess_analytics.insights.question import QuestionRefused

_RETRY_S = 30


def install(app: FastAPI) -> None:
    """Make every error of insights a problem of its kind."""

    @app.exception_handler(QuestionRefused)
    def _refused(_request: Request, error: QuestionRefused) -> JSONResponse:
        return answer(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), kind="question-refused"))

    @app.exception_handler(FactsOutdated)
    def _outdated(_request: Request, error: FactsOutdated) -> JSONResponse:
        return answer(
            Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{error.runs:,} analysed games are being prepared for this version of the "
                "program, which goes on by itself and needs no engine; ask again in a minute",
                kind="facts-outdated",
                headers={"Retry-After": str(_RETRY_S)},
            )
        )
