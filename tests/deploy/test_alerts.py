"""Every alert fires, falls silent, and says what to do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.alert_stories import STORIES, Story

ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy" / "monitoring" / "alerts.yaml"
GUIDE = ROOT / "docs" / "guides" / "alerts.md"


def _rules() -> dict[str, dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    return {rule["alert"].removeprefix("ChessAnalytics"): rule for rule in rules}


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("there is no promtool on this machine; it comes with Prometheus")
    return found


def _run(promtool: str, *words: str | Path) -> str:
    ended = subprocess.run([promtool, *words], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_rules_are_sound(promtool: str) -> None:
    assert "SUCCESS" in _run(promtool, "check", "rules", ALERTS)


def test_there_is_a_story_for_every_alert() -> None:
    assert STORIES.keys() == _rules().keys()


def test_every_alert_fires_and_falls_silent(promtool: str, tmp_path: Path) -> None:
    told = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": "1m",
        "tests": [_promtool_test(story, _rules()[name]) for name, story in STORIES.items()],
    }
    page = tmp_path / "stories.yaml"
    page.write_text(yaml.safe_dump(told), encoding="utf-8")
    _run(promtool, "test", "rules", page)


def _promtool_test(story: Story, rule: dict[str, Any]) -> dict[str, Any]:
    fired = {
        "exp_labels": {**rule["labels"], **(story.labels or {})},
        "exp_annotations": rule["annotations"],
    }
    looks = [(story.fires_at_m, [fired]), (story.silent_at_m, [])]
    return {
        "interval": "1m",
        "input_series": [
            {"series": series, "values": values} for series, values in story.series.items()
        ],
        "alert_rule_test": [
            {"eval_time": f"{minute}m", "alertname": rule["alert"], "exp_alerts": expected}
            for minute, expected in looks
        ],
    }


def test_the_guide_says_of_every_alert_what_to_do() -> None:
    headings = re.findall(r"^### (\w+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [rule["alert"] for rule in _rules().values()]
    for rule in _rules().values():
        page, anchor = rule["annotations"]["runbook"].split("#")
        assert ROOT / page == GUIDE
        assert anchor == rule["alert"].lower()
