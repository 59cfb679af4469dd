/** What the page of settings says. */
export const settings = {
    yourNames: "Your names",
    yourNamesWhy: "Games of these players count as yours.",
    sites: { lichess: "Lichess", chesscom: "Chess.com", other: "in PGNs" } as Record<
        string,
        string
    >,
    fetched: (when: string) => `fetched ${when}`,
    fetchNew: "Fetch new games",
    remove: "Remove",
    link: "Add",
    looks: "Looks and language",
    theme: "Theme",
    themes: { system: "as the system", light: "light", dark: "dark" } as Record<string, string>,
    boards: {
        blue: "blue",
        brown: "brown",
        green: "green",
        grey: "grey",
        contrast: "high contrast",
    } as Record<string, string>,
    pieces: "Pieces",
    pieceSets: { cburnett: "Cburnett", letters: "letters" } as Record<string, string>,
    language: "Language",
    asBrowser: "as the browser",
    strictness: "How strictly moves are judged",
    strictnessWhy:
        "On the page of a game. Lists, insights and training keep Lichess’s limits, so that games can be compared.",
    thresholdsAbout: {
        lichess:
            "Losing 5, 10 or 15 points of winning chance is an inaccuracy, a mistake, a blunder.",
        strict: "For strong players: from 3, 6 and 10 points on.",
        "chesscom-like":
            "From 5, 10 and 20 points on, as Chess.com has described it; its real rules are not published.",
        "lichess-uncapped": "As Lichess, but what is beyond ten pawns counts, too.",
        "lichess-2020": "The steeper curve by which lichess.org judged until 2022.",
    } as Record<string, string>,
    tokens: "Tokens for programs",
    tokensWhy: "A program with a token acts for you through the API.",
    tokenName: "What the token is for",
    mayWrite: "may change things",
    makeToken: "Make a token",
    freshToken: "Copy it now: nobody can show it again.",
    revoke: "Revoke",
    account: "Account",
    oldPassword: "Password until now",
    newPassword: "New password",
    changePassword: "Change password",
    passwordChanged: "The password is changed.",
    deleteAccount: "Delete account",
    deleteAccountWhy: "All your games, analyses and settings are deleted with it, for good.",
    deleteForGood: "Delete everything",
    takeAlong: "Everything in one file",
    takeAlongWhy: "All your games with their analyses as PGN and JSON.",
    exportAll: "Download",
    version: (it: string) => `Version ${it}`,
};

export type SettingsWords = typeof settings;
