/** What the pages of insights say. */
export const insights = {
    insightPages: {
        questions: "Findings and questions",
        trend: "Trend",
        openings: "Openings",
        time: "Time",
    },
    only: "Only",
    addFilter: "Add a filter",
    withoutFilter: (it: string) => `Without the filter ${it}`,
    trendWhy: "How a measure moves over your games, and when it surely changed.",
    trendWindow: (window: string, all: string) =>
        `Each point rests on the ${window} games around it, of ${all}; the band is its 95 % interval.`,
    trendTooFew: (n: string) => `${n} analysed games are too few for a line.`,
    changed: (when: string, before: string, after: string) =>
        `It surely changed around ${when}: from ${before} to ${after}.`,
    noChange: "It has not surely changed.",
    asTable: "As a table",
    yourTree: "Your openings, move by move",
    treeEmpty: "No games with this colour yet.",
    treeEnds: "Too few of your games go on from here.",
    yourMove: "You play",
    theirMove: "They play",
    yourScore: "Your score",
    lossAMove: "Loss",
    openingCosts: "What your openings bring",
    openingCostsWhy:
        "Your score with each, and the winning chance that you lose a move while it lasts.",
    timeMap: "Where your time goes, and what it brings",
    timeMapWhy: (moves: string) =>
        `Winning chance lost a move, by how hard the position was and how long you thought; ${moves} of your moves.`,
    noClocks: "None of your analysed games tells clock times yet.",
    easyMoves: "Time spent on easy moves",
    easyMovesWhy: (moves: string, time: string) =>
        `of your time: ${time} more than usual, on ${moves} moves that needed none.`,
    hardMoves: "Moves with one good answer",
    hardMovesWhy: "Here time pays.",
    rushed: "Rushed:",
    thought: "With time taken:",
    lossOf: (loss: string, moves: string) => `${loss} points lost a move (${moves} moves)`,
    clockGames: "Games that the clock decided",
    inTrouble: (share: string) => `In time trouble in ${share} of your games.`,
    lostOnTime: (n: number, winning: number) =>
        `${n} lost on time, ${winning} of them while winning.`,
    someMoves: (n: string) => `${n} moves`,
    findings: "What costs you most",
    findingsWhy: "Parts of your play that surely lose more than the rest of it.",
    noFindings: (all: string, moves: string) =>
        `Nothing stands out surely yet: ${all} analysed games with ${moves} of your moves. More games say more.`,
    aMonth: (n: string) => `${n} games a month`,
    losesHere: (here: string, elsewhere: string, moves: string) =>
        `${here} points of winning chance lost a move, ${elsewhere} elsewhere; ${moves} moves`,
    opponentsLoseLess: "Your opponents surely lose less there.",
    opponentsLoseAlike: "Your opponents may find it as hard.",
    worseSince: (day: string) => `Worse since ${day}.`,
    betterSince: (day: string) => `Better since ${day}.`,
    moreThanOthers: (others: string) => `You surely lose more there than ${others}.`,
    notMoreThanOthers: (others: string) =>
        `It is not sure that you lose more there than ${others}.`,
    nextStep: "Next:",
    seeThere: "See it:",
    askAQuestion: "Ask a question",
    inWords: "In words",
    ownQuestion: "put together below",
    measure: "Measure",
    cutBy: "By",
    cutAgain: "And by",
    askHint: "Choose a question, or a measure.",
    restsOn: (analysed: string, all: string, moves: string) =>
        `${analysed} of ${all} games analysed, ${moves} of your moves`,
    nothingCounts: "Nothing counts for this question yet.",
    tooFew: "too few games",
    group: "Group",
    barAndInterval: "Value and its 95 % interval, drawn",
    value: "Value",
    interval: "95 % interval",
    everything: "all",
    behind: (what: string) => `Behind «${what}»`,
    worstMoves: (n: string) => `Moves that cost most, of ${n}`,
    gamesBehind: (n: string) => `Games, of ${n}`,
};

export type InsightWords = typeof insights;
