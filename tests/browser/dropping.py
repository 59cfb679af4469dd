"""Files that are dragged into a page, as a desktop does it."""

from pathlib import Path

from playwright.sync_api import Locator

_AS_A_COPY = 1


def drop_file(file: Path, onto: Locator) -> None:
    """Drag a file from the desktop to the middle of what is there, and let it go."""
    box = onto.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    # Through the browser's own input, so that what a real drag meets is met: what lies there, and
    # what the browser does with a file that nobody wants.
    devtools = onto.page.context.new_cdp_session(onto.page)
    dragged = {"items": [], "files": [str(file)], "dragOperationsMask": _AS_A_COPY}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": dragged})
    devtools.detach()
