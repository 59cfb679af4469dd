import type { InsightWords } from "./insights.en";

export const insights: InsightWords = {
    insightPages: {
        questions: "Befunde und Fragen",
        trend: "Verlauf",
        openings: "Eröffnungen",
        time: "Zeit",
    },
    only: "Nur",
    addFilter: "Filter hinzufügen",
    withoutFilter: (it: string) => `Ohne den Filter ${it}`,
    trendWhy: "Wie sich ein Maß über Ihre Partien bewegt, und wann es sich sicher geändert hat.",
    trendWindow: (window: string, all: string) =>
        `Jeder Punkt ruht auf den ${window} Partien um ihn, von ${all}; das Band ist sein 95-%-Intervall.`,
    trendTooFew: (n: string) => `${n} analysierte Partien sind zu wenig für eine Linie.`,
    changed: (when: string, before: string, after: string) =>
        `Um den ${when} hat es sich sicher geändert: von ${before} auf ${after}.`,
    noChange: "Es hat sich nicht sicher geändert.",
    asTable: "Als Tabelle",
    yourTree: "Ihre Eröffnungen, Zug für Zug",
    treeEmpty: "Noch keine Partien mit dieser Farbe.",
    treeEnds: "Von hier gehen zu wenige Ihrer Partien weiter.",
    yourMove: "Sie spielen",
    theirMove: "Der Gegner spielt",
    yourScore: "Ihre Punkte",
    lossAMove: "Verlust",
    openingCosts: "Was Ihre Eröffnungen bringen",
    openingCostsWhy:
        "Ihre Punkte mit jeder, und die Gewinnaussicht, die Sie je Zug verlieren, solange sie dauert.",
    timeMap: "Wohin Ihre Zeit geht, und was sie bringt",
    timeMapWhy: (moves: string) =>
        `Verlorene Gewinnaussicht je Zug, nach Schwierigkeit der Stellung und Bedenkzeit; ${moves} Ihrer Züge.`,
    noClocks: "Noch keine Ihrer analysierten Partien nennt Uhrzeiten.",
    easyMoves: "Zeit für leichte Züge",
    easyMovesWhy: (moves: string, time: string) =>
        `Ihrer Zeit: ${time} mehr als üblich, für ${moves} Züge, die keine brauchten.`,
    hardMoves: "Züge mit einer guten Antwort",
    hardMovesWhy: "Hier lohnt sich Zeit.",
    rushed: "Gehetzt:",
    thought: "Mit Bedacht:",
    lossOf: (loss: string, moves: string) => `${loss} Punkte je Zug verloren (${moves} Züge)`,
    clockGames: "Partien, die die Uhr entschied",
    inTrouble: (share: string) => `In Zeitnot in ${share} Ihrer Partien.`,
    lostOnTime: (n: number, winning: number) =>
        `${n} auf Zeit verloren, ${winning} davon in Gewinnstellung.`,
    someMoves: (n: string) => `${n} Züge`,
    findings: "Was Sie am meisten kostet",
    findingsWhy: "Teile Ihres Spiels, die sicher mehr verlieren als der Rest.",
    noFindings: (all, moves) =>
        `Noch sticht nichts sicher heraus: ${all} analysierte Partien mit ${moves} Ihrer Züge. Mehr Partien sagen mehr.`,
    aMonth: (n) => `${n} Partien im Monat`,
    losesHere: (here, elsewhere, moves) =>
        `${here} Punkte Gewinnchance Verlust je Zug, sonst ${elsewhere}; ${moves} Züge`,
    opponentsLoseLess: "Deine Gegner verlieren dort sicher weniger.",
    opponentsLoseAlike: "Deinen Gegnern fällt das vielleicht genauso schwer.",
    worseSince: (day) => `Seit ${day} schlechter.`,
    betterSince: (day) => `Seit ${day} besser.`,
    moreThanOthers: (others) =>
        `Du verlierst dort sicher mehr als andere auf deinem Niveau (${others}).`,
    notMoreThanOthers: (others) =>
        `Ob du dort mehr verlierst als andere auf deinem Niveau, ist nicht sicher (${others}).`,
    nextStep: "Als Nächstes:",
    seeThere: "Zum Ansehen:",
    askAQuestion: "Eine Frage stellen",
    inWords: "In Worten",
    ownQuestion: "unten zusammengestellt",
    measure: "Maß",
    cutBy: "Nach",
    cutAgain: "Und nach",
    askHint: "Wählen Sie eine Frage oder ein Maß.",
    restsOn: (analysed, all, moves) =>
        `${analysed} von ${all} Partien analysiert, ${moves} Ihrer Züge`,
    nothingCounts: "Für diese Frage zählt noch nichts.",
    tooFew: "zu wenige Partien",
    group: "Gruppe",
    barAndInterval: "Wert und sein 95-%-Intervall, gezeichnet",
    value: "Wert",
    interval: "95-%-Intervall",
    everything: "alle",
    behind: (what) => `Hinter «${what}»`,
    worstMoves: (n) => `Die teuersten Züge von ${n}`,
    gamesBehind: (n) => `Partien, von ${n}`,
};
