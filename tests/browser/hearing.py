"""What a browser tells screen readers of a page: its own tree, which is not the document."""

from playwright.sync_api import Locator


def heard_roles(place: Locator) -> list[str]:
    """Give the roles of everything inside a place, as the browser tells them."""
    devtools = place.page.context.new_cdp_session(place.page)
    document = devtools.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    mark = "heard"
    place.evaluate("(it, mark) => it.setAttribute(`data-${mark}`, '')", mark)
    found = devtools.send("DOM.querySelector", {"nodeId": document, "selector": f"[data-{mark}]"})[
        "nodeId"
    ]
    node = devtools.send("DOM.describeNode", {"nodeId": found})["node"]["backendNodeId"]
    tree = devtools.send("Accessibility.queryAXTree", {"backendNodeId": node})["nodes"]
    devtools.detach()
    return [it["role"]["value"] for it in tree if not it["ignored"]]
