"""Write many reviews as one HTML page that needs nothing else: no network, no script."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import chess
import chess.svg
import jinja2

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.exports.graph import graph_svg
from chess_analytics.actions.exports.summary import CostlyMove, Summary
from chess_analytics.games.fingerprint import game_id
from chess_analytics.games.model import Game, Side, Site
from chess_analytics.games.positions import boards
from chess_analytics.review.judge import Review, SideSummary
from chess_analytics.review.judgment import Judgment

_COSTLIEST_SHOWN = 12
_OPENINGS_SHOWN = 15
_PLAYED_COLOUR = "#c33a"
_BEST_COLOUR = "#2a7a"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the input held; the numbers add up to ``found``."""

    found: int
    analysed: int
    set_aside: dict[str, int]
    """Reason and number of games."""
    broken: list[str]
    """One sentence for each broken game."""
    failed: list[str] = field(default_factory=list)
    """One sentence for each game that the engine could not finish."""
    not_reached: int = 0
    """Games that were to be analysed when the work was stopped."""


class HtmlReport:
    """Gather reviews, then write the page; a game leaves only a table row and a small graph."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._rows: list[dict[str, Any]] = []
        self._engines: set[str] = set()
        self._thresholds: set[str] = set()

    def add(self, review: Review, run: Run) -> None:
        """Take in one review; the summary is the caller's to feed."""
        profile = f", profile {run.profile}" if run.profile else ""
        self._engines.add(
            "the evaluations in the input" if run.profile is None else run.engine + profile
        )
        self._thresholds.add(review.thresholds.name)
        self._rows.append(_row(review))

    def write(self, path: Path, reading: Reading, today: date) -> None:
        """Render the page to a file."""
        environment = jinja2.Environment(
            loader=jinja2.PackageLoader("chess_analytics.actions.exports", "."),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        page = environment.get_template("report.html.j2").render(
            summary=self._summary,
            rows=self._rows,
            reading=reading,
            today=today.isoformat(),
            engines=sorted(self._engines),
            thresholds=sorted(self._thresholds),
            costliest=[_costly(move) for move in self._summary.costliest(_COSTLIEST_SHOWN)],
            openings=sorted(
                self._summary.by_opening.items(), key=lambda item: (-item[1].games, item[0])
            ),
            openings_shown=_OPENINGS_SHOWN,
            Judgment=Judgment,
            Side=Side,
        )
        path.write_text(page, encoding="utf-8")


def _row(review: Review) -> dict[str, Any]:
    game, opening = review.game, review.opening
    return {
        "id": game_id(game),
        "link": _link(game),
        "date": _date(game),
        "white": _name(game, Side.WHITE),
        "black": _name(game, Side.BLACK),
        "result": game.result.value.replace("1/2", "½"),
        "opening": f"{opening.eco} {opening.name}" if opening else "",
        "moves": (len(review.moves) + 1) // 2,
        "white_side": _side(review.white),
        "black_side": _side(review.black),
        "graph": graph_svg(review, f"White's winning chance over {len(review.moves)} plies"),
    }


def _side(side: SideSummary) -> dict[str, Any]:
    return {
        "accuracy": side.accuracy,
        "acpl": side.acpl,
        "errors": (side.inaccuracies, side.mistakes, side.blunders),
    }


def _costly(costly: CostlyMove) -> dict[str, Any]:
    game, move = costly.game, costly.move
    board = _position_before(game, move.ply)
    arrows = [_arrow(move.uci, _PLAYED_COLOUR)]
    if move.best and move.best != move.uci:
        arrows.append(_arrow(move.best, _BEST_COLOUR))
    return {
        "board": chess.svg.board(
            board, arrows=arrows, orientation=move.side.color, size=260, coordinates=False
        ),
        "number": f"{board.fullmove_number}{'.' if board.turn else '…'}",
        "san": move.san,
        "best": move.best_san if move.best != move.uci else None,
        "judgment": move.judgment.value if move.judgment else "",
        "loss": move.loss,
        "before": move.win_before,
        "after": move.win_after,
        "fen": board.fen(),
        "white": _name(game, Side.WHITE),
        "black": _name(game, Side.BLACK),
        "date": _date(game),
        "id": costly.game_id,
    }


def _arrow(uci: str, colour: str) -> chess.svg.Arrow:
    move = chess.Move.from_uci(uci)
    return chess.svg.Arrow(move.from_square, move.to_square, color=colour)


def _position_before(game: Game, ply: int) -> chess.Board:
    for index, board in enumerate(boards(game)):
        if index == ply - 1:
            return board
    raise IndexError(ply)


def _name(game: Game, side: Side) -> str:
    player = game.player(side)
    return f"{player.name or '?'}{f' ({player.rating})' if player.rating else ''}"


def _date(game: Game) -> str:
    given = game.headers.get("UTCDate") or game.headers.get("Date") or ""
    return given.replace(".", "-") if given[:1].isdigit() else ""


def _link(game: Game) -> str | None:
    """Link to the game on its site; only addresses that we can vouch for become links."""
    if game.site is Site.LICHESS and game.site_id and game.site_id.isalnum():
        return f"https://lichess.org/{game.site_id}"
    return None
