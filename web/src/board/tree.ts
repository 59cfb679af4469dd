/** A game and the variations that somebody tries from it. Pure: each change gives a new tree. */
import { replay, type Step } from "./position";

/** A position of the tree; the first `played` ids are the game's own, in order. */
export interface Node extends Step {
    id: number;
    parent: number | null;
    children: number[];
}

export interface Tree {
    nodes: ReadonlyMap<number, Node>;
    /** How many positions the game has, the first one included. */
    played: number;
    nextId: number;
}

/** A move of a variation: where it was played, and in UCI. Positions are counted as they come,
 * those of the game first, so that it can be kept and grown again. */
export type Tried = [from: number, uci: string];

export function plant(steps: readonly Step[]): Tree {
    const last = steps.length - 1;
    const nodes = steps.map((step, id): [number, Node] => [
        id,
        { ...step, id, parent: id ? id - 1 : null, children: id < last ? [id + 1] : [] },
    ]);
    return { nodes: new Map(nodes), played: steps.length, nextId: steps.length };
}

/** Play a move: into what is there already, or into a new variation. */
export function grow(tree: Tree, at: number, uci: string): { tree: Tree; at: number } {
    const from = tree.nodes.get(at);
    if (!from) return { tree, at };
    const there = from.children.find((id) => tree.nodes.get(id)?.uci === uci);
    if (there !== undefined) return { tree, at: there };
    const step = replay(from.fen, [uci], from.ply)[1];
    if (!step) return { tree, at };
    const id = tree.nextId;
    const nodes = new Map(tree.nodes);
    nodes.set(id, { ...step, id, parent: at, children: [] });
    nodes.set(at, { ...from, children: [...from.children, id] });
    return { tree: { ...tree, nodes, nextId: id + 1 }, at: id };
}

/** All variations, move by move. */
export function triedIn(tree: Tree): Tried[] {
    const nodes = [...tree.nodes.values()].sort((one, other) => one.id - other.id);
    const places = new Map(nodes.map((node, place) => [node.id, place]));
    return nodes
        .slice(tree.played)
        .map((node): Tried => [places.get(node.parent ?? 0) ?? 0, node.uci]);
}

/** Grow variations that were kept; what cannot be played is left out, with what hangs on it. */
export function growAgain(tree: Tree, tried: readonly Tried[]): Tree {
    const ids = Array.from({ length: tree.played }, (_, id) => id);
    let grown = tree;
    for (const [from, uci] of tried) {
        const parent = ids[from] ?? NOWHERE;
        const next = grow(grown, parent, uci);
        grown = next.tree;
        ids.push(next.at === parent ? NOWHERE : next.at);
    }
    return grown;
}

const NOWHERE = -1;

export const isPlayed = (tree: Tree, id: number): boolean => id < tree.played;

/** The position of the game that a variation leaves, or the position itself. */
export function forkOf(tree: Tree, id: number): number {
    let at = id;
    while (!isPlayed(tree, at)) at = tree.nodes.get(at)?.parent ?? 0;
    return at;
}

/** Take away a whole variation, from where it leaves the line above it; gives where that is. */
export function prune(tree: Tree, id: number): { tree: Tree; at: number } {
    if (isPlayed(tree, id)) return { tree, at: id };
    const [first, parent] = startOf(tree, id);
    const nodes = new Map(tree.nodes);
    const gone = [first.id];
    for (const one of gone) {
        gone.push(...(nodes.get(one)?.children ?? []));
        nodes.delete(one);
    }
    nodes.set(parent.id, {
        ...parent,
        children: parent.children.filter((child) => child !== first.id),
    });
    return { tree: { ...tree, nodes }, at: parent.id };
}

/** The line that starts with a position and goes on by each first move. */
export function lineFrom(tree: Tree, id: number): Node[] {
    const line: Node[] = [];
    let node = tree.nodes.get(id);
    while (node) {
        line.push(node);
        node = tree.nodes.get(node.children[0] ?? -1);
    }
    return line;
}

/** What else was tried where the line goes on: first moves of variations. */
export function triedAt(tree: Tree, id: number): number[] {
    const children = tree.nodes.get(id)?.children ?? [];
    return children.filter(
        (child, place) => !isPlayed(tree, child) && (place > 0 || isLast(tree, id)),
    );
}

const isLast = (tree: Tree, id: number): boolean => id === tree.played - 1;

function startOf(tree: Tree, id: number): [Node, Node] {
    let node = tree.nodes.get(id) as Node;
    let parent = tree.nodes.get(node.parent ?? 0) as Node;
    while (parent.children[0] === node.id && !isPlayed(tree, parent.id)) {
        [node, parent] = [parent, tree.nodes.get(parent.parent ?? 0) as Node];
    }
    return [node, parent];
}
