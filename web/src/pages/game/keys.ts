/** What keys do on the page of a game, unless somebody is writing. */
export type Action = "back" | "forward" | "first" | "last" | "flip" | "judged" | "help";

const KEYS: Record<string, Action> = {
    ArrowLeft: "back",
    ArrowRight: "forward",
    ArrowUp: "first",
    ArrowDown: "last",
    Home: "first",
    End: "last",
    f: "flip",
    n: "judged",
    "?": "help",
};
const WRITING = "input, textarea, select, [contenteditable]";

export function actionOf(event: KeyboardEvent): Action | null {
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.target instanceof Element && event.target.closest(WRITING)) return null;
    return KEYS[event.key] ?? null;
}
