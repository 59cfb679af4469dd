/** A question to the insights, as the page's address says it. */
import type { Schemas } from "../../api/api";
import { bucketName, partName } from "../../words/names";

type Row = Schemas["AnswerRow"];

/** Either one in words, or one put together from a metric and dimensions. */
export interface Asked {
    preset: string;
    metric: string;
    by: string;
    then: string;
    /** Conditions as the API writes them: «speed=blitz|rapid». */
    only: string[];
}

export const NOTHING_ASKED: Asked = { preset: "", metric: "", by: "", then: "", only: [] };
const NAMES = ["preset", "metric", "by", "then"] as const;

export function readAsked(search: string): Asked {
    const told = new URLSearchParams(search);
    const words = Object.fromEntries(NAMES.map((name) => [name, told.get(name) ?? ""]));
    return { ...NOTHING_ASKED, ...words, only: told.getAll("only") };
}

export function writeAsked(asked: Asked): string {
    const said = NAMES.filter((name) => asked[name]).map((name) => [name, asked[name]]);
    const all = [...said, ...asked.only.map((it) => ["only", it])];
    return all.length ? `?${new URLSearchParams(all)}` : "";
}

/** What a row is about: its buckets and part, joined. */
export const rowName = (row: Row, { by, then }: Schemas["Question"]): string =>
    [
        row.bucket && bucketName(by, row.bucket),
        row.second && bucketName(then, row.second),
        row.part && partName(row.part),
    ]
        .filter((it) => it !== null)
        .join(" · ");

/** Where the numbers of some rows begin and end, so that every bar starts at nothing. */
export function scaleOf(rows: readonly Row[]): { from: number; to: number } {
    const told = rows.filter((row) => !row.too_few);
    const numbers = told.flatMap((row) => [row.value ?? 0, row.low ?? 0, row.high ?? 0]);
    const from = Math.min(0, ...numbers);
    const to = Math.max(0, ...numbers);
    return { from, to: to > from ? to : from + 1 };
}

/** An answer as comma-separated values, as a spreadsheet reads them. */
export function asCsv(answer: Schemas["InsightAnswer"]): string {
    const head = ["bucket", "second", "part", "value", "low", "high", "games", "moves", "too_few"];
    const lines = answer.rows.map((row) =>
        head.map((name) => quoted(row[name as keyof Row])).join(","),
    );
    return [head.join(","), ...lines, ""].join("\r\n");
}

/** A word that begins like a formula is told as text: a spreadsheet would work it out. */
function quoted(value: string | number | boolean | null): string {
    if (value === null) return "";
    if (typeof value !== "string") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
