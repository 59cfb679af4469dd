"""What moves on a page by itself while somebody reads, as browsers add it up."""

from playwright.sync_api import Page

NOTICED_SHIFT = 0.02
"""More than this is seen, in the browsers' own measure: the share of the window that has moved,
times how far."""

_WATCH = """
window.shifted = 0;
new PerformanceObserver(list => {
    for (const it of list.getEntries()) if (!it.hadRecentInput) window.shifted += it.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_FORGET = """
new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    window.shifted = 0;
    done();
}))))
"""


def watch_shifts(page: Page) -> None:
    """Count from now on, on every page that is opened."""
    page.add_init_script(_WATCH)


def forget_shifts(page: Page) -> None:
    """Begin anew once what a click itself has moved is over: in the next picture but one."""
    page.evaluate(_FORGET)


def shifted(page: Page) -> float:
    """Tell how much has moved since."""
    return float(page.evaluate("window.shifted"))
