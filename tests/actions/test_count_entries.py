"""Counts that always add up, and a list of problems that does not grow without end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.actions.count_entries import (
    MOST_PROBLEMS,
    MOST_REASONS,
    OTHER_REASONS,
    Tally,
    kind_of_reason,
)
from chess_analytics.games.model import Broken, Place, SetAside
from chess_analytics.store.imports import Counts

HERE = Place("a.pgn", 3, 17)


def broken(reason: str = "why", line: int | None = None) -> Broken:
    return Broken(HERE, reason, line, {"White": "Anna", "Black": "?"})


def aside(reason: str = "no moves", detail: str = "") -> SetAside:
    return SetAside(HERE, reason, {}, detail)


@given(
    st.lists(st.sampled_from(["added", "there", "aside", "broken"]), max_size=40), st.integers(0, 9)
)
def test_counts_add_up_whatever_comes(kinds: list[str], before: int) -> None:
    tally = Tally(Counts(added=before, reasons={}))
    for kind in kinds:
        match kind:
            case "added":
                tally.added += 1
            case "there":
                tally.already_there += 1
            case "aside":
                tally.leave_out(aside())
            case _:
                tally.leave_out(broken())
    counts = tally.counts()
    assert counts.found == before + len(kinds)
    assert counts.added == before + kinds.count("added")
    assert sum(counts.reasons.values()) == counts.set_aside + counts.broken
    places = [at for at, kind in enumerate(kinds, before + 1) if kind in ("aside", "broken")]
    assert [problem.ordinal for problem in tally.take_problems()] == places
    assert tally.take_problems() == []


def test_a_problem_says_which_where_and_why() -> None:
    tally = Tally(Counts(added=6))
    tally.leave_out(broken("it is", 21))
    tally.leave_out(aside("no moves", "none at all"))
    first, second = tally.take_problems()
    assert (first.ordinal, first.kind, first.reason, first.detail) == (7, "broken", "it is", "")
    assert (first.source, first.number, first.line) == ("a.pgn", 3, 21)
    assert (first.white, first.black) == ("Anna", None)
    assert (second.ordinal, second.kind, second.line) == (8, "set_aside", 17)
    assert (second.reason, second.detail) == ("no moves", "none at all")


def test_what_no_database_can_hold_is_replaced_and_what_has_no_end_is_cut() -> None:
    tally = Tally(Counts())
    entry = SetAside(
        Place("a\0" + "b" * 900, 1, 1), "r\ud800" * 900, {"White": "\0" + "w" * 900}, "d" * 900
    )
    tally.leave_out(entry)
    (problem,) = tally.take_problems()
    for text in (problem.source, problem.reason, problem.detail, problem.white):
        assert text
        assert len(text) <= 500
        assert "\0" not in text
        text.encode()
    for reason in tally.counts().reasons:
        assert len(reason) <= 500
        reason.encode()


def test_all_are_counted_and_the_first_ten_thousand_listed() -> None:
    tally = Tally(Counts(set_aside=MOST_PROBLEMS - 2, reasons={"no moves": MOST_PROBLEMS - 2}))
    for _ in range(5):
        tally.leave_out(aside())
    assert len(tally.take_problems()) == 2
    assert tally.counts().reasons == {"no moves": MOST_PROBLEMS + 3}


def test_reasons_that_nobody_thought_of_are_counted_together() -> None:
    tally = Tally(Counts())
    for number in range(MOST_REASONS + 7):
        tally.leave_out(aside(f"variant: {number}"))
    reasons = tally.counts().reasons
    assert reasons[OTHER_REASONS] == 7
    assert len(reasons) == MOST_REASONS + 1
    tally.leave_out(aside("variant: 3"))
    assert tally.counts().reasons["variant: 3"] == 2


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ('move 3 of White: "Nf9" is not a legal move here',
         "a written move is not a legal move here"),
        ('move 30 of Black: "a"b"" cannot be read as a move',
         "a written move cannot be read as a move"),
        ('move 3 of White: "Nd2" is ambiguous: more than one piece can move there',
         "a written move is ambiguous"),
        ('the start position cannot be read: "8/8 w"', "the start position cannot be read"),
        ("the start position is impossible: White has no king",
         "the start position is impossible"),
        ("the compressed data is damaged; the games before this point were read",
         "the compressed data is damaged"),
        ("the JSON is damaged after this many games: 7 (lexical error)",
         "the JSON is damaged after this many games"),
        ("a comment that starts here never ends, so moves are lost",
         "a comment that starts here never ends, so moves are lost"),
    ],
)  # fmt: skip
def test_broken_games_of_one_kind_have_one_reason(reason: str, kind: str) -> None:
    assert kind_of_reason(broken(reason)) == kind


def test_the_reason_of_what_is_set_aside_is_told_as_it_is() -> None:
    assert kind_of_reason(aside("variant: Crazyhouse (with drops)")) == (
        "variant: Crazyhouse (with drops)"
    )
