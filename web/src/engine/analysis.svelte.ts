/** The engine in the browser as a page shows it: on or off, and its lines for one position. */
import { destinations } from "../board/position";
import type { BrowserEngine, Wish } from "./engine";
import { type EngineLine, withLine } from "./lines";

const KEY = "engine-lines";
export const MOST_LINES = 3;

export class Analysis {
    isOn = $state(false);
    count = $state(storedCount());
    lines: readonly EngineLine[] = $state.raw([]);
    /** Whether it has looked as far as it does by itself. */
    isDone = $state(false);
    error: string | null = $state(null);
    licence = $state("");
    private fen = "";
    private engine: BrowserEngine | null = null;
    private usualDepth = 0;

    readonly best = $derived(this.lines.find((line) => line.rank === 1) ?? null);

    async toggle(): Promise<void> {
        this.isOn = !this.isOn;
        this.error = null;
        if (!this.isOn) this.rest();
        else if (this.engine) this.look(this.usualDepth);
        else await this.start();
    }

    /** Think about this position, if it is on. */
    show(fen: string): void {
        if (fen === this.fen) return;
        this.fen = fen;
        this.lines = [];
        this.isDone = false;
        this.look(this.usualDepth);
    }

    /** Think on until something else is asked. */
    deeper(): void {
        this.look(null);
    }

    choose(count: number): void {
        this.count = Math.min(MOST_LINES, Math.max(1, count));
        localStorage.setItem(KEY, String(this.count));
        this.lines = this.lines.filter((line) => line.rank <= this.count);
        this.look(this.usualDepth);
    }

    close(): void {
        this.isOn = false;
        this.engine?.close();
        this.engine = null;
    }

    private rest(): void {
        this.engine?.rest();
        this.lines = [];
        this.isDone = false;
    }

    private look(depth: number | null): void {
        if (!this.isOn || !this.engine) return;
        this.isDone = false;
        if (destinations(this.fen).size === 0) this.engine.rest();
        else this.engine.think({ fen: this.fen, lines: this.count, depth });
    }

    private async start(): Promise<void> {
        try {
            const loaded = await import("./engine");
            // It was turned off, or the page was left, while it was loaded.
            if (!this.isOn || this.engine) return;
            this.usualDepth = loaded.USUAL_DEPTH;
            this.licence = loaded.licenceAddress;
            this.engine = new loaded.BrowserEngine({
                line: (line, wish) => this.take(line, wish),
                done: (wish) => (this.isDone = wish.fen === this.fen),
                failed: (reason) => this.fail(reason),
            });
            this.look(this.usualDepth);
        } catch (error) {
            this.fail(String(error));
        }
    }

    private take(line: EngineLine, wish: Wish): void {
        if (this.isOn && wish.fen === this.fen && line.rank <= this.count) {
            this.lines = withLine(this.lines, line);
        }
    }

    private fail(reason: string): void {
        this.close();
        this.lines = [];
        this.error = reason;
    }
}

function storedCount(): number {
    const stored = Number(localStorage.getItem(KEY));
    return stored >= 1 && stored <= MOST_LINES ? Math.floor(stored) : 1;
}
