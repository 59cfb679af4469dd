"""A user without a mouse: where the focus is, that one sees it, and how one gets anywhere."""

from typing import Literal, TypedDict

from playwright.sync_api import Locator, Page

# More than any page of the tests has places for the focus.
_MOST_STOPS = 400
# More than a single thing has: a date is a day, a month, a year and a calendar.
_PARTS = 6


class _Looked(TypedDict):
    """What is to be said of the focus."""

    unseen: str | None
    """Why nobody could see it; nothing if all is well."""
    is_nowhere: bool
    is_there: bool
    """It is where somebody wanted to get."""
    stops: int
    """How many places have had it since `_NOTE_STOPS`."""


_LOOK = """
wanted => {
    const it = document.activeElement;
    const unseen = () => {
        const name = `${it.outerHTML.slice(0, 120)} has the focus, but `;
        // A field that is drawn by what it stands in is marked there.
        const shown = it.closest(".unseen") ? it.closest("label") : it;
        if (!shown) return `${name}is not to be seen`;
        const style = getComputedStyle(shown);
        const isFramed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        if (!isFramed && style.boxShadow === "none") return `${name}looks as if it had not`;
        const box = shown.getBoundingClientRect();
        if (box.width < 1 || box.height < 1) return `${name}takes no room`;
        const isBeside = box.right <= 0 || box.left >= innerWidth;
        const isInside = box.bottom > 0 && box.top < innerHeight && !isBeside;
        return isInside ? null : `${name}lies outside the window`;
    };
    const is_nowhere = !it || it === document.body;
    return {
        is_nowhere,
        unseen: is_nowhere ? "nothing has the focus" : unseen(),
        is_there: it === wanted,
        stops: window.stops?.size ?? 0,
    };
}
"""
_NOTE_STOPS = """
() => {
    window.stops = new Set();
    document.addEventListener("focusin", event => window.stops.add(event.target));
}
"""
# What can be used by pointing, and was not reached; of radio buttons the one that is chosen counts.
_MISSED = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(it => !it.disabled && it.checkVisibility({ visibilityProperty: true }))
    .filter(it => it.type !== "radio" || it.checked)
    .filter(it => !window.stops.has(it))
    .map(it => it.outerHTML.slice(0, 120))
"""


def press(page: Page, key: str) -> None:
    """Press a key that stays on the page, after which one sees where one is."""
    page.keyboard.press(key)
    check_focus(page)


def check_focus(page: Page) -> None:
    """See where the focus is."""
    looked: _Looked = page.evaluate(_LOOK)
    assert looked["unseen"] is None, f"{page.url}: {looked['unseen']}"


def reach(target: Locator, key: Literal["Tab", "Shift+Tab"] = "Tab") -> None:
    """Go on by the Tab key, or back, until something has the focus; see every stop on the way."""
    target.wait_for()
    for _ in range(_MOST_STOPS):
        target.page.keyboard.press(key)
        looked: _Looked = target.evaluate(_LOOK)
        _see_stop(target.page, looked)
        if looked["is_there"]:
            return
    raise AssertionError(f"{target} is not reached by the Tab key")


def check_stops(page: Page) -> None:
    """Go once through the page by the Tab key, and miss nothing that a mouse could use."""
    page.evaluate(_NOTE_STOPS)
    seen = same = 0
    while same < _PARTS:
        page.keyboard.press("Tab")
        looked: _Looked = page.evaluate(_LOOK)
        _see_stop(page, looked)
        same = same + 1 if looked["stops"] == seen else 0
        seen = looked["stops"]
    missed = page.evaluate(_MISSED)
    assert missed == [], f"{page.url}: only a mouse gets to {missed}"


def _see_stop(page: Page, looked: _Looked) -> None:
    # After the last place comes the window itself, and then the first.
    assert looked["is_nowhere"] or looked["unseen"] is None, f"{page.url}: {looked['unseen']}"
