/** One drill in front of its user: what was tried, and what the server says of it. */
import { api, ask, type Schemas } from "../../api/api";
import { replay, type Square } from "../../board/position";

export type Drill = Schemas["Drill"];
export type Answered = Schemas["DrillAnswered"];
/** `shown`: given up; the others follow the server's verdict. */
export type Mood = "asking" | "checking" | "wrong" | "unknown" | "right" | "shown";

const POST = "/api/v1/drills/{drill_id}/answers";

export class Sitting {
    readonly drill: Drill;
    mood: Mood = $state("asking");
    answered: Answered | null = $state.raw(null);
    error: unknown = $state.raw();
    /** The move that stands on the board beyond the drill's position. */
    private tried: string | null = $state(null);
    private tries = 0;
    /** An answer of this sitting was graded: when the drill comes back is decided. */
    hasCounted = $state(false);
    private readonly began = performance.now();

    constructor(drill: Drill) {
        this.drill = drill;
    }

    get isOver(): boolean {
        return this.mood === "right" || this.mood === "shown";
    }

    /** Whether the first try was right. */
    get isClean(): boolean {
        return this.mood === "right" && this.tries === 1;
    }

    get board(): { fen: string; squares: Square[] } {
        const steps = replay(this.drill.fen, this.tried ? [this.tried] : []);
        const { fen, squares } = steps.at(-1) ?? { fen: this.drill.fen, squares: [] };
        return { fen, squares };
    }

    async answer(uci: string): Promise<void> {
        if (this.isOver || this.mood === "checking") return;
        this.mood = "checking";
        this.tried = uci;
        this.error = undefined;
        const spent = Math.min(Math.round(performance.now() - this.began), 86_400_000);
        try {
            const path = { drill_id: this.drill.id };
            const body = { move: uci, spent_ms: spent };
            this.answered = await ask(api.POST(POST, { params: { path }, body }));
            this.hasCounted ||= this.answered.grade !== null;
            this.mood = this.answered.answer.verdict;
            if (this.mood !== "unknown") this.tries += 1;
        } catch (thrown) {
            this.error = thrown;
            this.mood = "asking";
        }
        if (!this.isOver) this.tried = null;
    }

    async reveal(): Promise<void> {
        this.error = undefined;
        try {
            const path = { drill_id: this.drill.id };
            const url = "/api/v1/drills/{drill_id}/reveal";
            this.answered = await ask(api.POST(url, { params: { path } }));
            this.hasCounted ||= this.answered.grade !== null;
            this.mood = "shown";
        } catch (thrown) {
            this.error = thrown;
        }
    }

    /** Put it off until tomorrow, or aside for good; tells whether that was done. */
    async leave(how: "skip" | "suspend"): Promise<boolean> {
        this.error = undefined;
        try {
            const path = { drill_id: this.drill.id };
            const url = `/api/v1/drills/{drill_id}/${how}` as const;
            await ask(api.POST(url, { params: { path } }));
            return true;
        } catch (thrown) {
            this.error = thrown;
            return false;
        }
    }
}
