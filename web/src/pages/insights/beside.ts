/** What a finding looks like beside the opponents, one's own past, and others of one's level. */
import type { Schemas } from "../../api/api";
import type { Words } from "../../words/en";
import { originWords } from "../../words/questions";

type Finding = Schemas["FindingView"];

/** Give a sentence for each comparison that there is enough for. */
export function beside(finding: Finding, words: Words, day: (ms: number) => string): string[] {
    return [opponents(finding, words), past(finding, words, day), level(finding, words)].filter(
        (said) => said !== "",
    );
}

function opponents({ is_own }: Finding, words: Words): string {
    if (is_own === null) return "";
    return is_own ? words.opponentsLoseLess : words.opponentsLoseAlike;
}

/** Only what is sure: an interval that holds 0 says nothing. */
function past({ past }: Finding, words: Words, day: (ms: number) => string): string {
    if (past === null) return "";
    if (past.low > 0) return words.worseSince(day(past.split_ms));
    return past.high < 0 ? words.betterSince(day(past.split_ms)) : "";
}

function level({ level }: Finding, words: Words): string {
    if (level === null) return "";
    const origin = originWords(level.origin);
    const others = level.players === null ? origin : `${level.players} ${origin}`;
    return level.low > 0 ? words.moreThanOthers(others) : words.notMoreThanOthers(others);
}
