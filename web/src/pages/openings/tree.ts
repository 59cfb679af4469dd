/** Walking an opening tree: a way is the moves from its root, in UCI. */
import type { Schemas } from "../../api/api";
import type { Cell } from "../../parts/csv";

type Tree = Schemas["TreeView"];
export type Position = Schemas["TreePosition"];

/** The positions along a way, the root first; stops where the tree does. */
export function positionsOn(tree: Tree, way: readonly string[]): Position[] {
    const found: Position[] = [];
    let position = tree.positions[tree.root];
    for (const uci of [...way, null]) {
        if (!position) break;
        found.push(position);
        const move = position.moves.find((it) => it.uci === uci);
        position = move && tree.positions[move.leads_to];
    }
    return found;
}

export const TREE_COLUMNS = ["ply", "fen", "opening", "uci", "games", "score", "loss"];

/** All moves of a tree, each with the position that it is played in. */
export const cellsOf = (tree: Tree): Cell[][] =>
    Object.values(tree.positions).flatMap(({ ply, fen, opening, moves }) =>
        moves.map((it) => [ply, fen, opening, it.uci, it.games, it.score?.value, it.loss?.value]),
    );
