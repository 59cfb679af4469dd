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
/** Set before any component is made: read it inside components only. */
export let words: Words;

/** Load what every page says, and the parts that this one says besides. */
export async function loadWords(...parts: Part[]): Promise<void> {
    language = chosenLanguage() ?? browserLanguage();
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

function browserLanguage(): string {
    const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
    return spoken.find((tag) => tag in LOADERS) ?? "en";
}
