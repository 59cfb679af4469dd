/** What keys do on the page of a game, unless somebody is writing. */
export type Action =
    | "back"
    | "forward"
    | "first"
    | "last"
    | "flip"
    | "judged"
    | "engine"
    | "lines"
    | "best"
    | "help";

const KEYS: Record<string, Action> = {
    ArrowLeft: "back",
    ArrowRight: "forward",
    ArrowUp: "first",
    ArrowDown: "last",
    Home: "first",
    End: "last",
    f: "flip",
    n: "judged",
    e: "engine",
    l: "lines",
    b: "best",
    "?": "help",
};
const WRITING = "input, textarea, select, [contenteditable]";

export function actionOf(event: KeyboardEvent): Action | null {
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.target instanceof Element && event.target.closest(WRITING)) return null;
    return KEYS[event.key] ?? null;
}
