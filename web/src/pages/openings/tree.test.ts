import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/api";
import { positionsOn } from "./tree";

const position = (name: string, moves: [string, string][]) => ({
    name,
    moves: moves.map(([uci, leads_to]) => ({ uci, leads_to })),
});
const TREE = {
    root: "a",
    positions: {
        a: position("a", [
            ["e2e4", "b"],
            ["d2d4", "gone"],
        ]),
        b: position("b", [["e7e5", "c"]]),
        c: position("c", []),
    },
} as unknown as Schemas["TreeView"];
const names = (way: string[]) => positionsOn(TREE, way).map((it) => it.name);

describe("a way through an opening tree", () => {
    it("passes one position a move", () => {
        expect(names([])).toEqual(["a"]);
        expect(names(["e2e4", "e7e5"])).toEqual(["a", "b", "c"]);
    });

    it("ends where the tree does", () => {
        expect(names(["d2d4", "d7d5"])).toEqual(["a"]);
        expect(names(["h2h4"])).toEqual(["a"]);
    });
});
