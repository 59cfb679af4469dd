"""The pages about labels and accuracy name what the code has."""

from dataclasses import fields
from pathlib import Path

import pytest

from chess_analytics.review.rules import RULES, LabelKind
from chess_analytics.review.thresholds import LICHESS, PROFILES
from tests.review.exceptions import NOT_JUDGED_SERVER, STUDY, Unexplained

DOCS = Path(__file__).resolve().parents[2] / "docs"
LABELS = (DOCS / "concepts" / "move-labels.md").read_text()
ACCURACY = (DOCS / "concepts" / "accuracy.md").read_text()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_explained(rule: str) -> None:
    assert f"`{rule}`" in LABELS


@pytest.mark.parametrize("kind", LabelKind)
def test_every_label_is_named(kind: LabelKind) -> None:
    assert kind.value in LABELS


@pytest.mark.parametrize("name", PROFILES)
def test_the_limits_of_every_profile_stand_in_the_table(name: str) -> None:
    limits = PROFILES[name]
    row = [cell.strip() for cell in LABELS.split(f"| `{name}` |")[1].split("|")[:6]]
    assert row == [
        f"{limits.curve.slope:g}",
        f"{limits.excellent:g}",
        f"{limits.inaccuracy:g}",
        f"{limits.mistake:g}",
        f"{limits.blunder:g}",
        f"{limits.only_move:g}",
    ]


def test_the_profiles_differ_in_the_columns_of_the_table_only() -> None:
    columns = {"name", "about", "curve", "excellent", "inaccuracy", "mistake", "blunder"}
    columns |= {"only_move", "judges_capped", "regained"}
    for profile in PROFILES.values():
        for field in fields(profile):
            if field.name not in columns:
                assert getattr(profile, field.name) == getattr(LICHESS, field.name)


def test_the_exceptions_are_counted_right() -> None:
    server = sum(len(plies) for plies in NOT_JUDGED_SERVER.values())
    best = server + sum(item.why is Unexplained.BEST for item in STUDY.values())
    assert f"all but {len(STUDY)} equal" in ACCURACY
    assert f"all but {server} equal" in ACCURACY
    assert f"The {len(STUDY) + server} plies" in ACCURACY
    assert f"On {best} of them" in ACCURACY
