"""``plan``: a page for people, an object for programs, and what it says to bad input."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import Home

PRICES = Path(__file__).resolve().parents[2] / "deploy" / "prices.example.toml"
FEW = ("plan", "--users", "30", "--seconds-per-game", "15")


def test_a_plan_says_which_phase_fits_when_to_move_on_and_what_breaks_first(home: Home) -> None:
    ended = home.run(*FEW, "--prices", str(PRICES))
    assert ended.code == 0, ended.err
    assert "Phase 1 (one server) fits; move on to phase 2 at about" in ended.out
    assert ended.out.count("First to break: ") == 3
    assert "USD" in ended.out
    assert "undated" in ended.out


def test_an_engine_of_this_machine_is_measured_and_programs_read_the_plan(home: Home) -> None:
    settings = {"CHESS_ANALYTICS_ENGINE": home.engine(10)}
    ended = home.run("plan", "--users", "30", "--json", settings=settings)
    assert ended.code == 0, ended.err
    made = json.loads(ended.out)
    assert [phase["phase"] for phase in made["phases"]] == [1, 2, 3]
    assert "64 games of the sample" in made["service_times"]
    assert made["phase_that_fits"] == 1
    assert made["prices"] is None
    waits = made["phases"][0]["batch_wait_s"]
    assert 0 < waits["p50_s"] <= waits["p95_s"] <= made["target_wait_s"]


def test_measured_times_of_games_are_used(home: Home) -> None:
    times = home.write("times.txt", "10\n20\n\n30\n")
    ended = home.run("plan", "--users", "30", "--service-times", times, "--json")
    assert json.loads(ended.out)["seconds_a_game"] == pytest.approx(20.01)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--target-wait", "soon"], 2, "--target-wait: write a duration such as 90s, 30m, 1h"),
        (["--profile", "hasty"], 2, "no profile 'hasty'"),
        (["--jobs-per-user-week", "50"], 2, "a batch holds at least one game"),
        (["--service-times", "times.txt"], 2, "both say what games take"),
        (["--prices", "nowhere.toml"], 1, "nowhere.toml is not a file of prices"),
        (["--prices", "prices.toml"], 1, "memory_gb: Field required"),
    ],
)
def test_bad_input_is_told_what_where_and_what_next(
    home: Home, words: list[str], code: int, said: str
) -> None:
    home.write("prices.toml", 'date = "2026-11"\ncurrency = "EUR"\ncore = 1.0\n')
    home.write("times.txt", "10\n")
    ended = home.run(*FEW, *words)
    assert ended.code == code
    # Boxes and line ends of the terminal aside.
    assert said in " ".join(ended.err.split())


def test_a_line_that_is_no_time_is_named(home: Home) -> None:
    times = home.write("times.txt", "10\nquick\n")
    ended = home.run("plan", "--users", "30", "--service-times", times)
    assert ended.code == 1
    assert "times.txt, line 2: 'quick' is no number of seconds" in ended.err
