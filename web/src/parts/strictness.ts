/** How strictly moves are judged on the page of a game: as the user has chosen in this browser. */
import type { Schemas } from "../api/api";

export type Strictness = Schemas["ThresholdsName"];
const KEY = "thresholds";
export const STRICTNESSES: readonly Strictness[] = [
    "lichess",
    "strict",
    "chesscom-like",
    "lichess-uncapped",
    "lichess-2020",
];
const USUAL: Strictness = "lichess";

export function chosenStrictness(): Strictness {
    const stored = localStorage.getItem(KEY);
    return STRICTNESSES.find((it) => it === stored) ?? USUAL;
}

export function chooseStrictness(chosen: string): void {
    if (chosen === USUAL) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
}

export const isUsual = (name: string): boolean => name === USUAL;
