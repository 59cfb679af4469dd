/** Where one is in a game: on its own moves, or in variations of one's own. */
import type { Step } from "../../board/position";
import {
    forkOf,
    grow,
    growAgain,
    isPlayed,
    lineFrom,
    type Node,
    plant,
    prune,
    type Tree,
    type Tried,
} from "../../board/tree";

export class Walk {
    tree: Tree = $state.raw() as Tree;
    /** The id of the position shown. */
    at = $state(0);
    readonly last: number;

    constructor(steps: readonly Step[], ply: number, tried: readonly Tried[] = []) {
        this.tree = growAgain(plant(steps), tried);
        this.last = steps.length - 1;
        this.go(ply);
    }

    get node(): Node {
        return this.tree.nodes.get(this.at) as Node;
    }

    /** The position of the game that is shown, or that one has left. */
    get ply(): number {
        return forkOf(this.tree, this.at);
    }

    get isTrying(): boolean {
        return !isPlayed(this.tree, this.at);
    }

    /** Go to a position of the game. */
    go(ply: number): void {
        this.at = Math.max(0, Math.min(this.last, Number.isInteger(ply) ? ply : 0));
    }

    /** Go to any position, also one of a variation. */
    goTo(id: number): void {
        if (this.tree.nodes.has(id)) this.at = id;
    }

    play(uci: string): void {
        const grown = grow(this.tree, this.at, uci);
        this.tree = grown.tree;
        this.at = grown.at;
    }

    back(): void {
        this.at = this.node.parent ?? this.at;
    }

    forward(): void {
        this.at = this.node.children[0] ?? this.at;
    }

    end(): void {
        this.at = lineFrom(this.tree, this.at).at(-1)?.id ?? this.at;
    }

    /** Go back to how it was, at a position of the game. */
    restore(tree: Tree, ply: number): void {
        this.go(ply);
        this.tree = tree;
    }

    /** Forget the variation that one is in. */
    drop(): void {
        const pruned = prune(this.tree, this.at);
        this.at = pruned.at;
        this.tree = pruned.tree;
    }
}
