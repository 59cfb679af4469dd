/** Games as text. Apart, because reading them takes the rules of all variants along. */
import { INITIAL_FEN, makeFen } from "chessops/fen";
import { parsePgn, startingPosition } from "chessops/pgn";
import { parseSan } from "chessops/san";
import { play, type Step, start } from "./position";

/** Read the main line of a game's text; nothing but the beginning where it cannot be read. */
export function readMoves(pgn: string): Step[] {
    const game = parsePgn(pgn)[0];
    const position =
        game &&
        startingPosition(game.headers).unwrap(
            (found) => found,
            () => undefined,
        );
    if (!game || !position) return [start(INITIAL_FEN, 0)];
    const steps = [start(makeFen(position.toSetup()), 0)];
    for (const { san } of game.moves.mainline()) {
        const move = parseSan(position, san);
        if (!move) break;
        steps.push(play(position, move, steps.length));
    }
    return steps;
}
