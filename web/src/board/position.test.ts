import { INITIAL_FEN } from "chessops/fen";
import { describe, expect, it } from "vitest";
import { readMoves } from "./pgn";
import {
    destinations,
    isCheck,
    isPromotion,
    menOf,
    moveOnBoard,
    readTypedMove,
    replay,
    sideToMove,
} from "./position";

const PROMOTING = "8/P6k/8/8/8/8/8/K7 w - - 0 1";

describe("positions of a game", () => {
    it("replays castling, captures and promotions", () => {
        const moves = "e2e4 e7e5 g1f3 b8c6 f1c4 f8c5 e1g1".split(" ");
        const steps = replay(INITIAL_FEN, moves);
        expect(steps.map((step) => step.san).join(" ")).toBe(" e4 e5 Nf3 Nc6 Bc4 Bc5 O-O");
        expect(steps.at(-1)?.fen).toMatch(
            /^r1bqk1nr\/pppp1ppp\/2n5\/2b1p3\/2B1P3\/5N2\/PPPP1PPP\/RNBQ1RK1 b kq/,
        );
        expect(replay(PROMOTING, ["a7a8q"]).at(-1)?.san).toBe("a8=Q");
    });

    it("stops before a move that cannot be played", () => {
        expect(replay(INITIAL_FEN, ["e2e4", "e2e4", "e7e5"])).toHaveLength(2);
        expect(replay("nonsense", ["e2e4"])).toEqual([]);
    });

    it("reads the main line of a text, comments and variations left aside", () => {
        const steps = readMoves(
            '[White "<b>x</b>"]\n\n1. e4 {best <script>} (1. d4 d5) e5 2. Nf3 *',
        );
        expect(steps.map((step) => step.san)).toEqual(["", "e4", "e5", "Nf3"]);
        expect(readMoves("")).toHaveLength(1);
    });

    it("knows legal moves, checks and who is to move", () => {
        expect(destinations(INITIAL_FEN).get("g1")?.sort()).toEqual(["f3", "h3"]);
        const mated = replay(INITIAL_FEN, ["f2f3", "e7e5", "g2g4", "d8h4"]).at(-1)?.fen ?? "";
        expect([isCheck(mated), sideToMove(mated), destinations(mated).size]).toEqual([
            true,
            "white",
            0,
        ]);
    });

    it("takes moves from the board and from the keyboard, legal ones only", () => {
        expect(moveOnBoard(INITIAL_FEN, "e2", "e4")).toBe("e2e4");
        expect(moveOnBoard(INITIAL_FEN, "e2", "e5")).toBeNull();
        expect(isPromotion(PROMOTING, "a7", "a8")).toBe(true);
        expect(moveOnBoard(PROMOTING, "a7", "a8", "knight")).toBe("a7a8n");
        expect(readTypedMove(INITIAL_FEN, " Nf3 ")).toBe("g1f3");
        expect(readTypedMove(INITIAL_FEN, "G1F3")).toBe("g1f3");
        expect(readTypedMove(INITIAL_FEN, "Nf6")).toBeNull();
    });

    it("tells who stands where", () => {
        const rows = menOf(INITIAL_FEN);
        expect(rows).toHaveLength(8);
        expect(rows[7]?.join("")).toBe("RNBQKBNR");
        expect(rows[3]?.join("")).toBe("        ");
    });
});
