/** Variations that somebody has tried, kept in this browser: of the games changed last. */
import type { Tried } from "../../board/tree";

type Shelf = Pick<Storage, "getItem" | "setItem">;
/** What tells one game from another; its number alone may be another game's on a new server. */
export interface KeptGame {
    id: number;
    end: string;
}
interface Kept extends KeptGame {
    tried: Tried[];
}

/** So many games, and moves of each, fit into what browsers grant many times over. */
const MOST_GAMES = 100;
const MOST_MOVES = 500;

/** What one user of this browser has tried in one game. */
export class KeptVariations {
    private readonly key: string;

    constructor(
        userId: number,
        private readonly game: KeptGame,
        private readonly shelf: Shelf = localStorage,
    ) {
        this.key = `variations-${userId}`;
    }

    read(): Tried[] {
        return this.all().find((it) => this.isThis(it))?.tried ?? [];
    }

    keep(tried: readonly Tried[]): void {
        const all = this.all();
        const others = all.filter((it) => it.id !== this.game.id);
        if (!tried.length && others.length === all.length) return;
        const mine = { ...this.game, tried: tried.slice(0, MOST_MOVES) };
        const kept = [...(tried.length ? [mine] : []), ...others].slice(0, MOST_GAMES);
        try {
            this.shelf.setItem(this.key, JSON.stringify(kept));
        } catch {
            // A browser that keeps nothing loses them with the page, as before.
        }
    }

    private isThis(it: Kept): boolean {
        return it.id === this.game.id && it.end === this.game.end;
    }

    private all(): Kept[] {
        try {
            const read: unknown = JSON.parse(this.shelf.getItem(this.key) ?? "[]");
            return Array.isArray(read) ? read.filter(isKept) : [];
        } catch {
            return [];
        }
    }
}

function isKept(it: unknown): it is Kept {
    const { id, end, tried } = (it ?? {}) as Partial<Kept>;
    return typeof id === "number" && typeof end === "string" && isTried(tried);
}

const isTried = (it: unknown): boolean =>
    Array.isArray(it) &&
    it.every((one) => Array.isArray(one) && Number.isInteger(one[0]) && typeof one[1] === "string");
