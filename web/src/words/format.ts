/** Numbers and times as people read them. */
import { locale, words } from "./words";

export const whole = (value: number): string => new Intl.NumberFormat(locale).format(value);

export const decimal = (value: number, digits = 1): string =>
    new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
    }).format(value);

export const percent = (value: number, digits = 0): string => `${decimal(value, digits)} %`;

export const day = (ms: number): string =>
    new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(ms);

const moments = () => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

export const moment = (ms: number): string => moments().format(ms);

/** From a moment to another one: «27 Nov 2026, 18:32 – 18:33». */
export const fromTo = (beganMs: number, endedMs: number): string =>
    moments().formatRange(beganMs, endedMs);

/** A length of time in two units at most, such as «2 h 5 min». */
export function duration(seconds: number): string {
    if (seconds < 60) return words.seconds(Math.max(1, Math.round(seconds)));
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return words.minutes(minutes);
    return words.hours(Math.floor(minutes / 60), minutes % 60);
}

/** How many nodes every position gets, where that is asked for instead of a profile. */
export const nodesOf = (profile: string): number | null => {
    const nodes = /^nodes-(\d+)$/.exec(profile)?.[1];
    return nodes ? Number(nodes) : null;
};

/** How thorough an analysis is. */
export function thoroughness(profile: string): string {
    const nodes = nodesOf(profile);
    return nodes === null ? (words.profiles[profile] ?? profile) : words.nodesEach(whole(nodes));
}

/** A clock as players see it: 1:02:03, 4:05, 0:09. */
export function clock(seconds: number): string {
    const whole = Math.floor(seconds);
    const two = (value: number) => String(value).padStart(2, "0");
    const hours = Math.floor(whole / 3600);
    const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
    return hours ? `${hours}:${rest}` : rest.replace(/^0(?=\d)/, "");
}

/** An evaluation from White's side: +1.25, −0.40, #4, #−3. */
export function evaluation(cp: number | null, mate: number | null): string {
    if (mate !== null) return `#${mate < 0 ? "−" : ""}${Math.abs(mate)}`;
    if (cp === null) return "";
    const pawns = Math.abs(cp / 100).toFixed(2);
    return `${cp < 0 ? "−" : "+"}${pawns}`;
}

/** «12.» or «12…». */
export function numbered(ply: number): string {
    return `${Math.ceil(ply / 2)}${ply % 2 ? "." : "…"}`;
}
