"""Dashboards are what the code says, and ask nothing that nobody shows."""

import json
import re
from pathlib import Path

import pytest
from scripts.dashboards import DASHBOARDS, Dashboard
from scripts.write_dashboards import FOLDER, described

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "monitoring.md"


def test_the_files_that_are_kept_are_those_that_the_code_describes() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}
    assert kept == {f"{it.name}.json": described(it) for it in DASHBOARDS}, "just dashboards"


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda it: it.name)
def test_panels_do_not_overlap_and_name_their_source(dashboard: Dashboard) -> None:
    page = json.loads(described(dashboard))
    fields: set[tuple[int, int]] = set()
    for panel in page["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & fields
        assert max(x for x, _ in cells) < 24
        fields |= cells
        assert panel["targets"]
        assert all(it["datasource"]["uid"] == "${source}" for it in panel["targets"])
    assert len({panel["id"] for panel in page["panels"]}) == len(page["panels"])
    names = {each["name"] for each in page["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]+)", described(dashboard)))
    assert used == names, "a variable that is not there, or that nobody uses"


def test_every_number_that_is_asked_for_is_explained() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    asked = {
        name
        for dashboard in DASHBOARDS
        for panel in dashboard.panels
        for query in panel.queries.values()
        for name in re.findall(r"chess_analytics_(\w+?)(?:_sum|_count|_bucket)?\b", query)
    }
    assert len(asked) > 20
    assert not [name for name in asked if f"_{name}`" not in guide]
