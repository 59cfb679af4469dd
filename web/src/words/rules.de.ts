import type { RuleNumbers, Words } from "./en";

const whole = (n: number | string | undefined) => String(Math.round(Number(n)));
const tenth = (n: number | string | undefined) => Number(n).toFixed(1).replace(".", ",");
const fell = (n: RuleNumbers, what: string) =>
    `Die Gewinnaussicht fällt von ${whole(n.win_before)} % auf ${whole(n.win_after)} %, um ` +
    `${tenth(n.loss)} Punkte; ab ${n.limit} ist das ${what}.`;
const mateAllowed = (n: RuleNumbers) => `Lässt ein erzwungenes Matt in ${n.mate} zu`;
const mateLost = (n: RuleNumbers) => `Ein erzwungenes Matt in ${n.mate} ist dahin`;

/** Reasons for labels: rule and its numbers. */
export const rules: Words["rules"] = {
    checkmate: () => "Schachmatt.",
    forced: () => "Der einzige legale Zug.",
    book: (n) => `Ein bekannter Eröffnungszug: ${n.opening}.`,
    sacrifice: (n) =>
        `Opfert Figuren im Wert von ${n.pawns} Bauern und behält ${whole(n.win_after)} % ` +
        `Gewinnaussicht; der beste andere Zug gibt ${whole(n.alternative)} %.`,
    "only move": (n) =>
        `Der einzige gute Zug: er hält ${whole(n.win_after)} %, der nächstbeste lässt ` +
        `${whole(n.alternative)} %.`,
    "first choice": () => "Die erste Wahl der Engine.",
    "first choice, doubted": (n) =>
        `Die erste Wahl der Engine, obwohl sie einen Zug später ${tenth(n.loss)} Punkte ` +
        "weniger darin sieht.",
    "hardly any loss": (n) =>
        `Gibt ${tenth(n.loss)} Punkte Gewinnaussicht auf, weniger als ${n.limit}.`,
    "small loss": (n) =>
        `Gibt ${tenth(n.loss)} Punkte Gewinnaussicht auf; ab ${n.limit} wäre es eine ` +
        "Ungenauigkeit.",
    "chance given back": (n) =>
        `Ein Fehler des Gegners hob die Gewinnaussicht auf ${whole(n.win_before)} %; dieser ` +
        `Zug bringt sie auf ${whole(n.win_after)} % zurück.`,
    "win missed": (n) =>
        `Eine gewonnene Stellung (${whole(n.win_before)} %) wird offen (${whole(n.win_after)} %).`,
    "mate missed": (n) =>
        `Ein erzwungenes Matt in ${n.mate} ist dahin; ${whole(n.win_after)} % Gewinnaussicht bleiben.`,
    inaccuracy: (n) => fell(n, "eine Ungenauigkeit"),
    mistake: (n) => fell(n, "ein Fehler"),
    blunder: (n) => fell(n, "ein grober Fehler"),
    "mate allowed, inaccuracy": (n) =>
        `${mateAllowed(n)}, doch die Partie war schon fast verloren.`,
    "mate allowed, mistake": (n) => `${mateAllowed(n)}, doch die Partie war schon fast verloren.`,
    "mate allowed, blunder": (n) => `${mateAllowed(n)}.`,
    "mate lost, inaccuracy": (n) => `${mateLost(n)}, doch der Vorteil bleibt groß.`,
    "mate lost, mistake": (n) => `${mateLost(n)}, doch der Vorteil bleibt groß.`,
    "mate lost, blunder": (n) => `${mateLost(n)}.`,
};
