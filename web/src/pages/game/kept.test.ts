import { describe, expect, it } from "vitest";
import type { Tried } from "../../board/tree";
import { KeptVariations } from "./kept";

const TRIED: Tried[] = [[0, "d2d4"]];

function shelf(full = false) {
    const held = new Map<string, string>();
    return {
        getItem: (key: string) => held.get(key) ?? null,
        setItem: (key: string, value: string) => {
            if (full) throw new Error("full");
            held.set(key, value);
        },
        held,
    };
}

describe("variations that were tried", () => {
    it("are there again, for this user and this game alone", () => {
        const here = shelf();
        const game = { id: 7, end: "a position" };
        new KeptVariations(1, game, here).keep(TRIED);
        expect(new KeptVariations(1, game, here).read()).toEqual(TRIED);
        expect(new KeptVariations(2, game, here).read()).toEqual([]);
        expect(new KeptVariations(1, { id: 8, end: "a position" }, here).read()).toEqual([]);
        expect(new KeptVariations(1, { id: 7, end: "another" }, here).read()).toEqual([]);
    });

    it("are gone when they were deleted, and nothing is kept of games that were only read", () => {
        const here = shelf();
        const kept = new KeptVariations(1, { id: 7, end: "" }, here);
        kept.keep([]);
        expect(here.held.size).toBe(0);
        kept.keep(TRIED);
        kept.keep([]);
        expect(kept.read()).toEqual([]);
    });

    it("are those of the games changed last", () => {
        const here = shelf();
        const of = (id: number) => new KeptVariations(1, { id, end: "" }, here);
        for (let id = 1; id <= 101; id += 1) of(id).keep(TRIED);
        expect([of(1).read(), of(2).read(), of(101).read()]).toEqual([[], TRIED, TRIED]);
    });

    it("do no harm where a browser keeps nothing, or something else", () => {
        const full = new KeptVariations(1, { id: 7, end: "" }, shelf(true));
        full.keep(TRIED);
        expect(full.read()).toEqual([]);
        for (const odd of ["{", "{}", "[null, 3]", '[{"id": 7, "end": "", "tried": [[0]]}]']) {
            const here = shelf();
            here.setItem("variations-1", odd);
            expect(new KeptVariations(1, { id: 7, end: "" }, here).read()).toEqual([]);
        }
    });
});
