"""One review as annotated PGN: evaluations, glyphs, what was better."""

from chess_analytics.actions.analyse_game import Run
from chess_analytics.engine.evaluation import Score
from chess_analytics.games.annotate import PROGRAM, MoveNote, annotate
from chess_analytics.games.model import Game, known
from chess_analytics.review.judge import JudgedMove, Review
from chess_analytics.review.judged_move import lichess_comment
from chess_analytics.review.rules import LabelKind

# Numeric annotation glyphs of the PGN standard: !, ?, !!, ??, ?!.
_GLYPHS = {
    LabelKind.GREAT: 1,
    LabelKind.MISTAKE: 2,
    LabelKind.BRILLIANT: 3,
    LabelKind.BLUNDER: 4,
    LabelKind.INACCURACY: 6,
}
_JUDGMENT_GLYPHS = {"inaccuracy": 6, "mistake": 2, "blunder": 4}


def annotated_pgn(review: Review, run: Run) -> str:
    """Write the game with our evaluations; the player's own comments and variations stay."""
    headers = {}
    if review.opening:
        named = {"ECO": review.opening.eco, "Opening": review.opening.name}
        # The author's own may follow another book.
        headers = {tag: name for tag, name in named.items() if not _has(review.game, tag)}
    for side, summary in (("White", review.white), ("Black", review.black)):
        if summary.accuracy is not None:
            headers[f"{side}Accuracy"] = f"{summary.accuracy:.1f}"
    notes = [_note(move) for move in review.moves]
    annotator = f"{PROGRAM} ({run.engine.replace(';', ',')})"
    return annotate(review.game, notes, annotator=annotator, headers=headers)


def _has(game: Game, tag: str) -> bool:
    return known(game.headers.get(tag)) is not None


def _note(move: JudgedMove) -> MoveNote:
    glyph = _JUDGMENT_GLYPHS[move.judgment] if move.judgment else _GLYPHS.get(move.label.kind)
    return MoveNote(
        ply=move.ply,
        score=_pair(move.score),
        depth=None,
        nag=glyph,
        comment=lichess_comment(move),
        better=move.better_line if move.judgment else (),
    )


def _pair(score: Score | None) -> tuple[int | None, int | None] | None:
    return (score.cp, score.mate) if score else None
