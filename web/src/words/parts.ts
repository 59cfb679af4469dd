/** Words that only some pages say: these load them beside the others. */

/** By language. */
export type Part = Record<string, () => Promise<object>>;

/** Reasons for labels; the server's are English. */
export const RULES: Part = {
    de: async () => ({ rules: (await import("./rules.de")).rules }),
};

export const INSIGHTS: Part = {
    en: async () => (await import("./insights.en")).insights,
    de: async () => (await import("./insights.de")).insights,
};

export const TRAINING: Part = {
    en: async () => (await import("./training.en")).training,
    de: async () => (await import("./training.de")).training,
};

export const SETTINGS: Part = {
    en: async () => (await import("./settings.en")).settings,
    de: async () => (await import("./settings.de")).settings,
};
