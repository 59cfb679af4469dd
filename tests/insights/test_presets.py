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
    assert all(answer(facts, question).total or question for question in preset.questions)
