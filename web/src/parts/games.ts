/** How a listed game is told in one line. */
import type { ListedGame } from "../api/api";
import { decimal } from "../words/format";

const UNKNOWN = "?";

export const playersOf = (game: Pick<ListedGame, "white" | "black">): string =>
    `${game.white ?? UNKNOWN} – ${game.black ?? UNKNOWN}`;

/** Accuracy of White and Black, or nothing where nobody has analysed. */
export function sidesAccuracy(game: Pick<ListedGame, "run">): string {
    const sides = [game.run?.white.accuracy, game.run?.black.accuracy];
    const known = sides.map((it) => (it == null ? "–" : decimal(it)));
    return game.run ? known.join(" / ") : "";
}
