/** Which games are listed: a form's fields, the address of the page, and the API's words for them. */
import type { operations } from "../../api/schema";

export type GameQuery = NonNullable<operations["list_games"]["parameters"]["query"]>;
export type Conditions = Omit<GameQuery, "sort" | "after" | "limit" | "count">;

/** What the form holds; empty text is no condition. */
export interface Choice {
    opponent: string;
    opening: string;
    speed: string;
    color: string;
    outcome: string;
    analysed: string;
    since: string;
    until: string;
    sort: string;
    import_id: string;
}

export const NOTHING_CHOSEN: Choice = {
    opponent: "",
    opening: "",
    speed: "",
    color: "",
    outcome: "",
    analysed: "",
    since: "",
    until: "",
    sort: "-played",
    import_id: "",
};

const NAMES = Object.keys(NOTHING_CHOSEN) as (keyof Choice)[];
const DAY_MS = 24 * 60 * 60 * 1000;

export function readChoice(search: string): Choice {
    const told = new URLSearchParams(search);
    const given = NAMES.map((name) => [name, told.get(name) ?? NOTHING_CHOSEN[name]]);
    return Object.fromEntries(given) as unknown as Choice;
}

/** The page's address for a choice; what is as usual is left out. */
export function writeChoice(choice: Choice): string {
    const said = NAMES.filter((name) => choice[name] !== NOTHING_CHOSEN[name]);
    const search = new URLSearchParams(said.map((name) => [name, choice[name]])).toString();
    return search ? `?${search}` : "";
}

/** The fields that leave some games out. */
export const setConditions = (choice: Choice): (keyof Choice)[] =>
    NAMES.filter((name) => name !== "sort" && choice[name] !== "");

export const isFiltered = (choice: Choice): boolean => setConditions(choice).length > 0;

/** The choice as the API wants it. */
export function conditions(choice: Choice): Conditions {
    const wanted: Record<string, unknown> = {};
    if (choice.opponent.trim()) wanted.opponent_part = choice.opponent.trim();
    if (choice.opening.trim()) Object.assign(wanted, openingCondition(choice.opening.trim()));
    if (choice.speed) wanted.speed = [choice.speed];
    if (choice.color) wanted.color = choice.color;
    if (choice.outcome) wanted.outcome = choice.outcome;
    if (choice.analysed) wanted.analysed = choice.analysed === "yes";
    if (choice.import_id) wanted.import_id = Number(choice.import_id);
    const since = dayStart(choice.since);
    const until = dayStart(choice.until);
    if (since !== null) wanted.since_ms = since;
    if (until !== null) wanted.until_ms = until + DAY_MS;
    return wanted as Conditions;
}

/** «B90» is a code, anything else a part of the name. */
function openingCondition(text: string): Conditions {
    return /^[A-Ea-e]\d{1,2}$/.test(text) ? { eco: text } : { opening_part: text };
}

/** When a day begins where the user is. */
export function dayStart(day: string): number | null {
    const ms = day ? new Date(`${day}T00:00:00`).getTime() : Number.NaN;
    return Number.isNaN(ms) ? null : ms;
}
