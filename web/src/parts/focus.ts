/** Who goes by keyboard is never thrown back to the beginning: what goes away passes its focus on. */

/** What has the focus, and what it lies in, from the inside out. */
let way: HTMLElement[] = [];

/** Let focus that is lost, with what had it, go to what that lay in; or come back to it. */
export function keepFocus(page: HTMLElement): void {
    document.addEventListener("focusin", ({ target }) => {
        way = target instanceof HTMLElement ? [...wayOut(target)] : [];
    });
    // Whoever points beside everything lets go on purpose.
    document.addEventListener("pointerdown", () => (way = []), { capture: true });
    const changes = { childList: true, subtree: true, attributeFilter: ["disabled"] };
    new MutationObserver(giveBack).observe(page, changes);
}

function giveBack(): void {
    const isLost = !document.activeElement || document.activeElement === document.body;
    // In another window or in the browser's own bars nothing is lost.
    if (!isLost || !document.hasFocus()) return;
    // A row that has lost its only button is nowhere to be seen.
    const place = way.find((it) => it.isConnected && it.offsetHeight > 0);
    if (!place) return;
    // What had it comes back by itself when it is no longer disabled; anything else holds it for now.
    if (place !== way[0]) lend(place);
    place.focus({ preventScroll: true });
}

function lend(place: HTMLElement): void {
    if (place.hasAttribute("tabindex")) return;
    place.tabIndex = -1;
    place.addEventListener("blur", () => place.removeAttribute("tabindex"), { once: true });
}

function* wayOut(element: HTMLElement): Generator<HTMLElement> {
    for (let it: HTMLElement | null = element; it; it = it.parentElement) yield it;
}
