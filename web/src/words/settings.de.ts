import type { SettingsWords } from "./settings.en";

export const settings: SettingsWords = {
    yourNames: "Ihre Namen",
    yourNamesWhy: "Partien dieser Spieler gelten als Ihre.",
    sites: { lichess: "Lichess", chesscom: "Chess.com", other: "in PGNs" },
    fetched: (when) => `geholt ${when}`,
    fetchNew: "Neue Partien holen",
    remove: "Entfernen",
    link: "Hinzufügen",
    looks: "Aussehen und Sprache",
    theme: "Farben",
    themes: { system: "wie das System", light: "hell", dark: "dunkel" },
    boards: {
        blue: "blau",
        brown: "braun",
        green: "grün",
        grey: "grau",
        contrast: "starker Kontrast",
    },
    pieces: "Figuren",
    pieceSets: { cburnett: "Cburnett", letters: "Buchstaben" },
    language: "Sprache",
    asBrowser: "wie der Browser",
    strictness: "Wie streng Züge beurteilt werden",
    strictnessWhy:
        "Auf der Seite einer Partie. Listen, Einsichten und Training behalten die Grenzen von Lichess, damit Partien vergleichbar bleiben.",
    thresholdsAbout: {
        lichess:
            "Wer 5, 10 oder 15 Punkte Gewinnaussicht verliert: Ungenauigkeit, Fehler, grober Fehler.",
        strict: "Für starke Spieler: ab 3, 6 und 10 Punkten.",
        "chesscom-like":
            "Ab 5, 10 und 20 Punkten, wie Chess.com es beschrieben hat; die wirklichen Regeln sind nicht veröffentlicht.",
        "lichess-uncapped":
            "Wie Lichess, aber auch jenseits von zehn Bauern zählt der Unterschied.",
        "lichess-2020": "Die steilere Kurve, nach der lichess.org bis 2022 urteilte.",
    },
    tokens: "Schlüssel für Programme",
    tokensWhy: "Ein Programm mit einem Schlüssel handelt über die API für Sie.",
    tokenName: "Wofür der Schlüssel ist",
    mayWrite: "darf ändern",
    makeToken: "Schlüssel anlegen",
    freshToken: "Jetzt kopieren: Niemand kann ihn noch einmal zeigen.",
    revoke: "Widerrufen",
    account: "Konto",
    oldPassword: "Bisheriges Passwort",
    newPassword: "Neues Passwort",
    changePassword: "Passwort ändern",
    passwordChanged: "Das Passwort ist geändert.",
    deleteAccount: "Konto löschen",
    deleteAccountWhy: "Alle Partien, Analysen und Einstellungen werden mit gelöscht, endgültig.",
    deleteForGood: "Alles löschen",
    takeAlong: "Alles in einer Datei",
    takeAlongWhy: "Alle Partien mit Analysen als PGN und JSON.",
    exportAll: "Herunterladen",
    version: (it) => `Version ${it}`,

    // Verwaltung
};
