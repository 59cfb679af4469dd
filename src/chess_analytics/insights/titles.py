"""What is written above an answer, and beside each of its rows."""

from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.question import AnswerRow, Question


def title(question: Question) -> str:
    """Say what is measured, as «Winning chance lost (points), by Phase and Colour»."""
    metric = METRICS[question.metric]
    cuts = " and ".join(DIMENSIONS[key].name for key in (question.by, question.then) if key)
    unit = f" ({metric.unit})" if metric.unit else ""
    return f"{metric.name}{unit}{f', by {cuts}' if cuts else ''}"


def row_label(row: AnswerRow) -> str:
    """Say which row it is, as «endgame / white»; what a site's name hides is shown as a space."""
    label = " / ".join(word for word in (row.bucket, row.second, row.part) if word) or "all"
    return "".join(letter if letter.isprintable() else " " for letter in label)
