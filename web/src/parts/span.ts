/** Which games and moves insights look at, as addresses of pages and the API say it. */
import type { Schemas } from "../api/api";
import { bucketNames, dimensionName } from "../words/names";

export interface Span {
    /** Conditions as the API writes them: «speed=blitz|rapid». */
    only: string[];
    /** The number of one of the user's names; empty for all. */
    player: string;
    /** The first and the last day: «2026-01-31». */
    since: string;
    until: string;
}

/** All games and moves. */
export const NO_SPAN: Span = { only: [], player: "", since: "", until: "" };

const DAY_MS = 86_400_000;
const NAMES = ["player", "since", "until"] as const;
const FORMS = { player: /^[1-9]\d{0,15}$/, since: /^\d{4}-\d\d-\d\d$/, until: /^\d{4}-\d\d-\d\d$/ };

/** Whose clock tells days and hours. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function readSpan(search: string): Span {
    const told = new URLSearchParams(search);
    const read = (name: (typeof NAMES)[number]) => {
        const value = told.get(name) ?? "";
        return FORMS[name].test(value) ? value : "";
    };
    const only = told.getAll("only");
    return { only, player: read("player"), since: read("since"), until: read("until") };
}

/** What of it stands in an address. */
export function spanWords(span: Span): [string, string][] {
    const said = NAMES.filter((name) => span[name]).map((name): [string, string] => [
        name,
        span[name],
    ]);
    return [...said, ...span.only.map((it): [string, string] => ["only", it])];
}

export const isNarrow = (span: Span): boolean => spanWords(span).length > 0;

/** Show in the address what a page is about, so that it can be kept and sent. */
export function keepInAddress(path: string, said: [string, string][]): void {
    history.replaceState(null, "", said.length ? `${path}?${new URLSearchParams(said)}` : path);
}

/** The same for the API. */
export function spanQuery(span: Span) {
    return {
        only: span.only,
        zone,
        ...(span.player && { player_id: [Number(span.player)] }),
        ...(span.since && { since_ms: startMs(span.since) }),
        ...(span.until && { until_ms: startMs(span.until) + DAY_MS }),
    };
}

/** When a day begins, by the clock of this computer. */
export const startMs = (day: string): number => new Date(`${day}T00:00`).getTime();

/** A condition that lets these buckets through. */
export const condition = (dimension: string, buckets: readonly string[]): string =>
    `${dimension}=${buckets.join("|")}`;

/** Its dimension, and what it lets through. */
export function partsOf(condition: string): [string, string[]] {
    const [key = "", buckets = ""] = condition.split(/=(.*)/s);
    return [key, buckets.split("|")];
}

/** The same conditions, but for a dimension that lets through only this bucket, or everything. */
export function withBucket(only: readonly string[], dimension: string, bucket: string): string[] {
    const others = only.filter((it) => partsOf(it)[0] !== dimension);
    return bucket ? [...others, condition(dimension, [bucket])] : others;
}

/** A condition in words: «Speed: blitz, rapid». */
export function told(it: string, dimensions: readonly Schemas["DimensionView"][]): string {
    const [key, buckets] = partsOf(it);
    const english = dimensions.find((dimension) => dimension.key === key)?.name ?? key;
    return `${dimensionName(key, english)}: ${bucketNames(key, buckets)}`;
}
