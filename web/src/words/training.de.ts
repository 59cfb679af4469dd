import type { TrainingWords } from "./training.en";

export const training: TrainingWords = {
    drill: "Übung",
    drillOf: (n, all) => `Übung ${n} von ${all}`,
    drillCounts: (due, fresh, all) =>
        `${due} zu wiederholen · ${fresh} neu heute · ${all} insgesamt`,
    readingGames: (left) => `Ihre Partien werden nach Fehlern durchsucht: noch ${left}`,
    lookingForMistakes: "Ihre Partien werden nach Fehlern durchsucht …",
    findBetter: "Finden Sie etwas Besseres als das, was Sie gespielt haben.",
    fromGame: (opponent, when) => `Gegen ${opponent}${when ? `, ${when}` : ""}.`,
    missedTimes: (n) => `In ${n} Partien verpasst.`,
    answerIt: "Antworten",
    notAMove: "Das ist hier kein erlaubter Zug. Schreiben Sie ihn wie Nf3 oder g1f3.",
    tryAgain: "Versuchen Sie es noch einmal, so oft Sie mögen.",
    asGood: (sans) => `Ebenso gut: ${sans}`,
    youPlayed: (san, points) => `Sie spielten ${san}; das kostete ${points} Punkte.`,
    seeGame: "Zur Partie",
    comesBack: (days) =>
        days === 1 ? "Sie kommt morgen wieder." : `Sie kommt in ${days} Tagen wieder.`,
    wasPractice: "Das war zum Üben und ändert nichts.",
    skipDrill: "Morgen wieder",
    setAside: "Beiseitelegen",
    doneForNow: "Für jetzt ist alles getan",
    drillsDone: (all, clean) =>
        `${all} ${all === 1 ? "Übung" : "Übungen"} gemacht, ${clean} beim ersten Versuch richtig.`,
    nextDrill: (when) => `Die nächste kommt am ${when} wieder.`,
    moreNew: "Zehn neue dazu",
    newWaiting: (n) => `${n} warten. Bei zehn am Tag gibt es nie viel zu wiederholen.`,
    noDrillsYet: "Noch keine Übungen",
    whereDrillsComeFrom:
        "Übungen sind Stellungen aus Ihren eigenen Partien, in denen Sie etwas deutlich Besseres verpasst haben. Sie erscheinen hier von selbst, wenn:",
    drillsNeedAnalysis: "einige Ihrer Partien analysiert sind",
    drillsNeedNames: "der Server weiß, unter welchen Namen Sie spielen",
    onlyDrillsOf: "Nur Übungen zu:",
    allDrills: "Alle Übungen",
    noDrillsThere: "Dazu gibt es keine Übungen",
    noDrillsThereWhy:
        "Keiner dieser Züge wurde zur Übung: Bei keinem ist etwas deutlich Besseres bekannt, das sich noch einmal fragen ließe.",
    takeDrills: "Übungen mitnehmen:",
    asideCount: (n) => `${n} beiseitegelegt`,
    takeBack: "Zurückholen",
};
