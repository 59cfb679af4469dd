/** A job's live progress: the server's events, and coming back after it was away. */
import type { Job } from "./api";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const ENDED = new Set(["completed", "completed_with_failures", "failed", "cancelled"]);

export interface Listener {
    job(job: Job): void;
    /** Whether the server is heard at the moment. */
    heard(isHeard: boolean): void;
}

export const isOver = (job: { state: string }): boolean => ENDED.has(job.state);

/** Listen until the job has ended; gives what stops the listening. */
export function followJob(id: number, listener: Listener): () => void {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let waitMs = FIRST_WAIT_MS;

    const stop = () => {
        clearTimeout(timer);
        source.close();
    };
    const take = (event: MessageEvent<string>) => {
        const job = JSON.parse(event.data) as Job;
        listener.job(job);
        if (isOver(job)) stop();
    };
    const open = () => {
        source = new EventSource(`/api/v1/analysis-jobs/${id}/events`);
        source.addEventListener("progress", take);
        source.addEventListener("ended", take);
        source.onopen = () => {
            waitMs = FIRST_WAIT_MS;
            listener.heard(true);
        };
        source.onerror = () => {
            listener.heard(false);
            // The browser comes again by itself, unless the answer was no stream of events.
            if (source.readyState !== EventSource.CLOSED) return;
            clearTimeout(timer);
            timer = setTimeout(open, waitMs);
            waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
        };
    };
    open();
    return stop;
}
