import { INITIAL_FEN } from "chessops/fen";
import { describe, expect, it } from "vitest";
import { replay } from "./position";
import {
    forkOf,
    grow,
    growAgain,
    lineFrom,
    plant,
    prune,
    type Tree,
    triedAt,
    triedIn,
} from "./tree";

const GAME = plant(replay(INITIAL_FEN, ["e2e4", "e7e5", "g1f3"]));

function played(tree: Tree, at: number, moves: string): { tree: Tree; at: number } {
    return moves.split(" ").reduce((it, uci) => grow(it.tree, it.at, uci), { tree, at });
}

const sans = (tree: Tree, id: number) => lineFrom(tree, id).map((node) => node.san);

describe("a game with variations", () => {
    it("walks along the game where its own moves are played", () => {
        expect(played(GAME, 0, "e2e4 e7e5")).toEqual({ tree: GAME, at: 2 });
    });

    it("begins a variation with another move, and another one inside it", () => {
        const first = played(GAME, 1, "c7c5 g1f3 d7d6");
        const { tree } = played(first.tree, 4, "c2c3");
        expect(sans(tree, 0)).toEqual(["", "e4", "e5", "Nf3"]);
        expect(triedAt(tree, 1).map((id) => sans(tree, id))).toEqual([["c5", "Nf3", "d6"]]);
        expect(triedAt(tree, 4).map((id) => sans(tree, id))).toEqual([["c3"]]);
        expect([forkOf(tree, first.at), forkOf(tree, 2)]).toEqual([1, 2]);
        expect(tree.nodes.get(first.at)?.ply).toBe(4);
    });

    it("goes on after the last move of the game, and is no part of it", () => {
        const { tree, at } = played(GAME, 3, "b8c6");
        expect(triedAt(tree, 3)).toEqual([at]);
        expect(forkOf(tree, at)).toBe(3);
    });

    it("refuses what cannot be played", () => {
        expect(grow(GAME, 0, "e2e5")).toEqual({ tree: GAME, at: 0 });
    });

    it("grows again from what was kept, whatever was taken away before", () => {
        const gone = played(GAME, 0, "d2d4 d7d5");
        const first = played(prune(gone.tree, gone.at).tree, 1, "c7c5 g1f3 d7d6");
        const { tree } = played(first.tree, first.at - 1, "b8c6");
        const again = growAgain(GAME, triedIn(tree));
        expect(triedIn(tree)).toEqual([
            [1, "c7c5"],
            [4, "g1f3"],
            [5, "d7d6"],
            [5, "b8c6"],
        ]);
        expect(triedIn(again)).toEqual(triedIn(tree));
        expect(triedAt(again, 1).map((id) => sans(again, id))).toEqual([["c5", "Nf3", "d6"]]);
        expect(triedIn(GAME)).toEqual([]);
    });

    it("leaves out what cannot be played, and all that hangs on it", () => {
        const again = growAgain(GAME, [
            [1, "c7c4"],
            [4, "g1f3"],
            [99, "a2a3"],
            [0, "d2d4"],
        ]);
        expect(triedIn(again)).toEqual([[0, "d2d4"]]);
    });

    it("takes away the variation that one is in, and what hangs on it, never the game", () => {
        const first = played(GAME, 1, "c7c5 g1f3");
        const inner = played(first.tree, 4, "c2c3 d7d5");
        const once = prune(inner.tree, inner.at);
        expect([once.at, sans(once.tree, 4)]).toEqual([4, ["c5", "Nf3"]]);
        const twice = prune(once.tree, first.at);
        expect([twice.at, [...twice.tree.nodes.keys()]]).toEqual([1, [0, 1, 2, 3]]);
        expect(prune(GAME, 2)).toEqual({ tree: GAME, at: 2 });
    });
});
