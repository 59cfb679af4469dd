/** What the page of training says. */
export const training = {
    drill: "Drill",
    drillOf: (n: number, all: number) => `Drill ${n} of ${all}`,
    drillCounts: (due: string, fresh: string, all: string) =>
        `${due} to repeat · ${fresh} new today · ${all} in all`,
    readingGames: (left: string) => `Reading your games for mistakes: ${left} left`,
    lookingForMistakes: "Looking for mistakes in your games …",
    findBetter: "Find something better than what you played.",
    fromGame: (opponent: string, when: string) => `Against ${opponent}${when ? `, ${when}` : ""}.`,
    missedTimes: (n: number) => `Missed in ${n} games.`,
    answerIt: "Answer",
    notAMove: "That is no legal move here. Write it like Nf3 or g1f3.",
    tryAgain: "Try again, as often as you like.",
    asGood: (sans: string) => `As good: ${sans}`,
    youPlayed: (san: string, points: string) => `You played ${san}, which lost ${points} points.`,
    seeGame: "See the game",
    comesBack: (days: number) =>
        days === 1 ? "It comes back tomorrow." : `It comes back in ${days} days.`,
    wasPractice: "This was practice: it changes nothing.",
    skipDrill: "Skip to tomorrow",
    setAside: "Set aside",
    doneForNow: "Nothing more to do for now",
    drillsDone: (all: number, clean: number) =>
        `${all} ${all === 1 ? "drill" : "drills"} done, ${clean} right at the first try.`,
    nextDrill: (when: string) => `The next one comes back on ${when}.`,
    moreNew: "Ten more new ones",
    newWaiting: (n: string) => `${n} are waiting. With ten a day there is never much to repeat.`,
    noDrillsYet: "No drills yet",
    whereDrillsComeFrom:
        "Drills are positions of your own games in which you missed something clearly better. They appear here by themselves when:",
    drillsNeedAnalysis: "some of your games are analysed",
    drillsNeedNames: "the server knows under which names you play",
    onlyDrillsOf: "Only drills of:",
    allDrills: "All drills",
    noDrillsThere: "No drills there",
    noDrillsThereWhy:
        "None of these moves became a drill: in none of them was something clearly better known that can be asked again.",
    takeDrills: "Take the drills along:",
    asideCount: (n: number) => `${n} set aside`,
    takeBack: "Take back",
};

export type TrainingWords = typeof training;
