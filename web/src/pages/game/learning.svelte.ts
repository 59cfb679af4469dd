/** Learn from a game's mistakes: each is asked again, and the server says what a try is worth. */
import { api, ask, type Schemas } from "../../api/api";
import { mistakesOf, type Reviewed } from "./review";

type Color = "white" | "black";
/** The game and the analysis whose moves are tried anew. */
export interface TriedAt {
    game_id: number;
    run_id: number;
}
export type Mood = "asking" | "checking" | "wrong" | "unknown" | "right" | "shown";

const URL = "/api/v1/games/{game_id}/runs/{run_id}/tries";

export class Learning {
    readonly side: Color;
    readonly mistakes: Reviewed[];
    mood: Mood = $state("asking");
    answer: Schemas["TriedMove"] | null = $state.raw(null);
    error: unknown = $state.raw();
    at = $state(0);
    private readonly path: TriedAt;

    constructor(path: TriedAt, moves: readonly Reviewed[], side: Color) {
        this.side = side;
        this.mistakes = mistakesOf(moves, side);
        this.path = path;
    }

    get mistake(): Reviewed | undefined {
        return this.mistakes[this.at];
    }

    /** The position that is asked about: that before the mistake. */
    get from(): number {
        return (this.mistake?.ply ?? 1) - 1;
    }

    get isOver(): boolean {
        return this.mood === "right" || this.mood === "shown";
    }

    get isLast(): boolean {
        return this.at + 1 >= this.mistakes.length;
    }

    async attempt(uci: string): Promise<void> {
        if (!this.mistake || this.isOver || this.mood === "checking") return;
        this.mood = "checking";
        this.error = undefined;
        try {
            const body = { ply: this.mistake.ply, move: uci };
            this.answer = await ask(api.POST(URL, { params: { path: this.path }, body }));
            this.mood = this.answer.verdict;
        } catch (thrown) {
            this.error = thrown;
            this.mood = "asking";
        }
    }

    show(): void {
        this.mood = "shown";
    }

    next(): void {
        this.at += 1;
        this.mood = "asking";
        this.answer = null;
        this.error = undefined;
    }
}
