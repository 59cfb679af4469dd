/** What the app says, in the user's language; loaded before a page shows anything. */
import type { CoreWords, Words } from "./en";
import type { Part } from "./parts";

const KEY = "language";
const LOADERS: Record<string, () => Promise<CoreWords>> = {
    en: async () => (await import("./en")).en,
    de: async () => (await import("./de")).de,
};

export const LANGUAGES: Record<string, string> = { en: "English", de: "Deutsch" };

export let language = "en";
/** The language as it is written where the user lives: «6 May» or «May 6». */
export let locale = "en";
/** Set before any component is made: read it inside components only. */
export let words: Words;

/** Load what every page says, and the parts that this one says besides. */
export async function loadWords(...parts: Part[]): Promise<void> {
    language = chosenLanguage() ?? browserLanguage();
    locale = navigator.languages.find((tag) => languageOf(tag) === language) ?? language;
    const wanted = [LOADERS, ...parts].map((it) => it[language]?.());
    words = Object.assign({}, ...(await Promise.all(wanted))) as Words;
    document.documentElement.lang = language;
}

/** The language that the user has chosen here, if any. */
export function chosenLanguage(): string | undefined {
    const stored = localStorage.getItem(KEY);
    return stored !== null && stored in LOADERS ? stored : undefined;
}

export function chooseLanguage(chosen: string): void {
    if (chosen in LOADERS) localStorage.setItem(KEY, chosen);
    else localStorage.removeItem(KEY);
}

const languageOf = (tag: string): string => tag.slice(0, 2).toLowerCase();

function browserLanguage(): string {
    const spoken = navigator.languages.map(languageOf);
    return spoken.find((tag) => tag in LOADERS) ?? "en";
}
