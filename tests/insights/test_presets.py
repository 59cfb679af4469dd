"""Every question in words can be answered."""

import pytest

from chess_analytics.insights.answering import answer
from chess_analytics.insights.presets import PRESETS
from tests.insights.archives import facts_of, sample_games


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_has_an_answer(key: str) -> None:
    preset = PRESETS[key]
    assert preset.words.endswith("?")
    facts = facts_of(sample_games())
    answers = [answer(facts, question) for question in preset.questions]
    # Evaluations that come with games tell nothing of the second-best move.
    assert {each.question.by for each in answers if not each.rows} <= {"difficulty"}
