/** How pages and boards look: as the user has chosen in this browser. */
const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

/** What can be chosen; the first of each is as it comes. */
export const LOOKS = {
    theme: ["system", "light", "dark"],
    board: ["blue", "brown", "green", "grey", "contrast"],
    pieces: ["cburnett", "letters"],
} as const;

export type Look = keyof typeof LOOKS;

export function chosenLook(look: Look): string {
    const stored = localStorage.getItem(look);
    return LOOKS[look].find((it) => it === stored) ?? LOOKS[look][0];
}

export function chooseLook(look: Look, chosen: string): void {
    if (chosen === LOOKS[look][0]) localStorage.removeItem(look);
    else localStorage.setItem(look, chosen);
    showLooks();
}

/** Tell the style sheets. */
export function showLooks(): void {
    const theme = chosenLook("theme");
    const isDark = theme === "dark" || (theme === "system" && SYSTEM.matches);
    const { dataset } = document.documentElement;
    dataset.theme = isDark ? "dark" : "light";
    dataset.board = chosenLook("board");
    dataset.pieces = chosenLook("pieces");
}

SYSTEM.addEventListener("change", showLooks);
