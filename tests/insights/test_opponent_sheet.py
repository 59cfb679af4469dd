"""The sheet about a player asks the usual questions, and says nothing of nobody."""

from chess_analytics.games.model import Side
from chess_analytics.insights.comparing import other_side
from chess_analytics.insights.opponent_sheet import opponent_sheet
from tests.insights.archives import facts_of, sample_games


def test_a_sheet_counts_the_games_that_it_rests_on() -> None:
    facts = facts_of(sample_games())
    sheet = opponent_sheet("Ada", facts)
    assert sheet.games == len(facts.games)
    assert sheet.analysed == facts.games["is_analysed"].sum()
    counted = [each.count for each in sheet.score.values() if each]
    assert sum(counted) == facts.games["outcome"].is_not_null().sum()
    assert sum(tree.games for tree in sheet.trees.values()) <= sheet.analysed
    assert sheet.form is not None
    assert sheet.form.count <= 20


def test_a_sheet_of_nobody_says_nothing() -> None:
    sheet = opponent_sheet("Nobody", facts_of([]))
    assert sheet.games == sheet.analysed == 0
    assert sheet.form is None
    assert sheet.last_ms is None
    assert not sheet.openings
    assert not sheet.repeated
    assert not sheet.findings.findings
    assert not sheet.trees[Side.WHITE].positions


def test_seen_from_the_other_side_twice_it_is_the_same_game() -> None:
    facts = facts_of(sample_games())
    turned = other_side(facts)
    assert turned.games["outcome"].to_list() != facts.games["outcome"].to_list()
    assert turned.games["accuracy"].to_list() == facts.games["opponent_accuracy"].to_list()
    again = other_side(turned)
    unknown = ("opponent", "player_id", "session", "session_games", "session_place", "streak")
    left_out = (*unknown, "days_since")
    assert again.games.drop(left_out).equals(facts.games.drop(left_out))
    assert again.moves.equals(facts.moves)
    assert len(turned.own_moves) == len(facts.moves) - len(facts.own_moves)
