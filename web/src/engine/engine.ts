/** Stockfish in the browser: one WebAssembly engine in a worker, loaded when first asked. */
import scriptAddress from "stockfish/bin/stockfish-19-lite-single.js?url";
import programAddress from "stockfish/bin/stockfish-19-lite-single.wasm?url";
import { type EngineLine, readInfo } from "./lines";

export { default as licenceAddress } from "stockfish/Copying.txt?url";

/** As far as it looks by itself; a laptop's fan should not run all evening for a forgotten page. */
export const USUAL_DEPTH = 22;

export interface Wish {
    fen: string;
    /** How many lines, from the best on. */
    lines: number;
    /** Nothing: until it is stopped. */
    depth: number | null;
}

export interface EngineListener {
    line(line: EngineLine, wish: Wish): void;
    /** The search has ended by itself. */
    done(wish: Wish): void;
    failed(reason: string): void;
}

/** One engine, asked about one position at a time; a new wish ends the search before. */
export class BrowserEngine {
    private readonly worker: Worker;
    private state: "starting" | "idle" | "searching" | "stopping" = "starting";
    private wanted: Wish | null = null;
    private searched: Wish | null = null;

    constructor(private readonly listener: EngineListener) {
        // The script learns from its own address where its program lies.
        this.worker = new Worker(`${scriptAddress}#${encodeURIComponent(programAddress)}`);
        this.worker.onmessage = (event: MessageEvent<unknown>) => this.hear(String(event.data));
        this.worker.onerror = (event) => {
            event.preventDefault();
            listener.failed(event.message);
        };
        this.say("uci");
    }

    think(wish: Wish): void {
        this.wanted = wish;
        if (this.state === "idle") this.begin();
        else this.stopSearch();
    }

    rest(): void {
        this.wanted = null;
        this.stopSearch();
    }

    close(): void {
        this.worker.terminate();
    }

    private say(command: string): void {
        this.worker.postMessage(command);
    }

    private stopSearch(): void {
        if (this.state !== "searching") return;
        this.state = "stopping";
        this.say("stop");
    }

    private begin(): void {
        const wish = this.wanted;
        this.state = wish ? "searching" : "idle";
        this.searched = wish;
        this.wanted = null;
        if (!wish) return;
        this.say(`setoption name MultiPV value ${wish.lines}`);
        this.say(`position fen ${wish.fen}`);
        this.say(wish.depth === null ? "go infinite" : `go depth ${wish.depth}`);
    }

    private hear(text: string): void {
        if (text === "uciok") {
            this.begin();
        } else if (text.startsWith("bestmove")) {
            // What was stopped is old news; only what ended by itself is done.
            if (this.state === "searching" && this.searched) this.listener.done(this.searched);
            this.begin();
        } else if (this.state === "searching" && this.searched) {
            const line = readInfo(text, this.searched.fen);
            if (line) this.listener.line(line, this.searched);
        }
    }
}
