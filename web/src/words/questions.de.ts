import { names } from "./names.de";
import type { Questions } from "./questions";

export const questions: Questions = {
    origin: (words) =>
        words.replace(
            /^other players of this server, rated (\d+) to (\d+) at (\w+) on (\w+)$/,
            (_, low, high, speed, site) =>
                `andere Spieler dieses Servers mit ${low} bis ${high} Punkten ` +
                `(${names.bucket(speed)}, ${names.bucket(site)})`,
        ),
    units: {
        "%": "%",
        centipawns: "Zentibauern",
        seconds: "Sekunden",
        pawns: "Bauern",
        points: "Punkte",
        "rating points": "Wertungspunkte",
        moves: "Züge",
        wins: "Siege",
        plies: "Halbzüge",
    },
    metrics: {
        acpl: ["Verlust in Zentibauern", "Durchschnittlicher Verlust je Zug."],
        loss_shares: ["Verteilung der Verluste", "Wie sich die Züge nach ihrem Verlust verteilen."],
        accuracy: [
            "Genauigkeit",
            "Durchschnittliche Genauigkeit der Züge. Die einer Partie gewichtet die Züge und ist niedriger.",
        ],
        move_time: ["Zeit je Zug", "Durchschnittliche Zeit für einen Zug."],
        piece_shares: ["Gezogene Figuren", "Wie sich die Züge auf die Figuren verteilen."],
        awareness: [
            "Taktische Wachsamkeit",
            "Nach einem Fehler oder groben Fehler des Gegners: Die Antwort ist selbst keiner.",
        ],
        luck: ["Glück", "Von den eigenen Fehlern: Der Gegner antwortete mit einem weiteren."],
        material: ["Material", "Bauern Vorsprung vor einem Zug, im Durchschnitt."],
        clock_share: [
            "Restzeit",
            "Uhr nach dem Zug, gemessen an der Anfangszeit und vierzig Zuschlägen.",
        ],
        time_variance: [
            "Schwankung der Zeit",
            "Wie ungleichmäßig die Zeit verteilt ist: Abweichung durch Mittel von 13 Zügen.",
        ],
        loss: ["Verlorene Gewinnaussicht", "Gewinnaussicht, die ein Zug hergibt."],
        blunder_rate: ["Grobe Fehler", "Grobe Fehler auf hundert Züge."],
        mistake_rate: ["Fehler", "Fehler auf hundert Züge."],
        inaccuracy_rate: ["Ungenauigkeiten", "Ungenauigkeiten auf hundert Züge."],
        error_rate: ["Fehler und grobe Fehler", "Fehler und grobe Fehler auf hundert Züge."],
        best_rate: [
            "Erste Wahl der Engine",
            "Wie oft die erste Wahl der Engine gespielt wird, wo sie bekannt ist.",
        ],
        missed_win_rate: [
            "Verpasste Gewinne (Züge)",
            "Von den Zügen in gewonnenen Stellungen: Danach ist der Gewinn dahin.",
        ],
        win_chance: ["Gewinnaussicht", "Vor einem Zug."],
        time_share: ["Verbrauchter Anteil der Uhr", "Zeit für einen Zug, vom Rest der Uhr."],
        difficulty: ["Schwierigkeit", "Was der zweitbeste Zug kosten würde, wo es bekannt ist."],
        check_rate: ["Schachgebote", "Züge, die Schach geben."],
        capture_rate: ["Schlagzüge", "Züge, die schlagen."],
        results: ["Ergebnisse", "Wie sich die Partien auf die Ergebnisse verteilen."],
        terminations: ["Partieenden", "Wie die Partien zu Ende gingen."],
        performance: [
            "Leistung",
            "Wertung der Gegner, 500 Punkte mehr für einen Sieg und weniger für eine Niederlage, im Durchschnitt.",
        ],
        rating_gain: ["Wertungsgewinn", "Gewonnen oder verloren je Partie, wo die Seite es sagt."],
        opponent_rating: ["Wertung der Gegner", "Im Durchschnitt."],
        moves_per_game: ["Züge je Partie", "Züge des Spielers."],
        conversion: [
            "Verwertung",
            "Von Partien mit einer Aussicht über 66,6 % und mehr als einem Bauern Vorsprung: gewonnen.",
        ],
        resourcefulness: [
            "Zähigkeit",
            "Von Partien mit einer Aussicht unter 33,3 % und mehr als einem Bauern Rückstand: nicht verloren.",
        ],
        score: ["Punkte", "Punkte, von denen, die es gab."],
        win_rate: ["Siege", "Gewonnene Partien."],
        draw_rate: ["Remis", "Unentschiedene Partien."],
        loss_rate: ["Niederlagen", "Verlorene Partien."],
        game_accuracy: [
            "Genauigkeit der Partien",
            "Genauigkeit einer Partie nach Lichess, im Durchschnitt.",
        ],
        comeback: [
            "Wendungen",
            "Von Partien, in denen die Aussicht einmal 20 % oder weniger war: gewonnen.",
        ],
        missed_wins: ["Verpasste Gewinne", "Verpasste Gewinne je Partie."],
        flag_rate: ["Zeitüberschreitungen", "Durch Zeit verlorene Partien."],
        book_moves: ["Buchzüge", "Halbzüge der Partie, die eine bekannte Eröffnung kennt."],
        exit_cp: ["Bewertung am Ende des Buches", "Für den Spieler."],
        clock_at_end: [
            "Restzeit am Ende",
            "Uhr nach dem letzten Zug, gemessen an der Anfangszeit und vierzig Zuschlägen.",
        ],
    },
    presets: {
        punish_blunders: "Bestrafe ich grobe Fehler?",
        costly_openings: "Welche Eröffnung kostet mich am meisten?",
        short_of_time: "Spiele ich in Zeitnot schlechter oder nur schneller?",
        stronger_opponents: "Gegen wen gewinne und verliere ich Wertung?",
        phases: "In welchem Teil der Partie verliere ich am meisten?",
        opening_pieces: "Wie gut ziehe ich in der Eröffnung mit welcher Figur?",
        piece_speed: "Wie schnell ziehe ich mit welcher Figur?",
        opponents: "Wie stark sind meine Gegner?",
        tilt: "Spiele ich nach Niederlagen schlechter?",
        long_sessions: "Ermüde ich in einer langen Sitzung?",
        time_of_day: "Wann spiele ich am besten?",
        rest: "Tut mir eine Pause gut?",
        won_games: "Gewinne ich meine gewonnenen Partien?",
        lost_games: "Rette ich meine verlorenen Partien?",
        endgames: "Welche Endspiele spiele ich schlecht?",
        structures: "Welche Bauernstrukturen liegen mir?",
        queens: "Soll ich die Damen tauschen?",
        castling: "Wohin gehört mein König?",
        hard_moves: "Gebe ich schweren Zügen die Zeit, die sie brauchen?",
        time_trouble: "Was macht Zeitnot mit mir?",
        book: "Kenne ich meine Eröffnungen?",
        progress: "Werde ich besser?",
    },
    steps: {
        "study the opening": (about, n) =>
            `Sehen Sie sich diese Eröffnung noch einmal an (${about}), zuerst die ${n} ` +
            "Stellungen, in denen am meisten verloren ging.",
        "manage the clock": (about, n) =>
            "Brauchen Sie früh weniger Zeit, damit weniger so gespielt werden muss " +
            `(${about}); dann sehen Sie sich die ${n} schlimmsten Momente an.`,
        "take more time": (about, n) =>
            `Nehmen Sie sich für solche Züge mehr Zeit (${about}): Sehen Sie sich die ${n} ` +
            "schlimmsten an, und was auf der Uhr übrig war.",
        "decide sooner": (about, n) =>
            `Langes Nachdenken hilft hier nicht (${about}): Entscheiden Sie früher, und sehen ` +
            `Sie sich die ${n} schlimmsten dieser Züge an.`,
        "stop or rest sooner": (about) =>
            `Dann sind die Partien schlechter (${about}): Hören Sie früher auf, oder machen Sie ` +
            "vor der nächsten eine Pause.",
        "study the endgame": (about, n) =>
            `Lernen Sie dieses Endspiel (${about}) an den ${n} Stellungen, die am schlechtesten ` +
            "gespielt wurden.",
        "drill answers to errors": (about, n) =>
            `Fragen Sie nach jedem Zug des Gegners, was er hergibt (${about}); üben Sie die ${n} ` +
            "Gelegenheiten, die verpasst wurden.",
        "drill defence": (about, n) =>
            `Üben Sie, schlechtere Stellungen zu halten (${about}), zuerst diese ${n}.`,
        "drill winning positions": (about, n) =>
            `Üben Sie, bessere Stellungen zu gewinnen (${about}), zuerst diese ${n}.`,
        "study the structure": (about, n) =>
            `Lernen Sie Pläne für solche Stellungen (${about}) an den ${n} Momenten, die am ` +
            "meisten kosteten.",
        "drill these positions": (about, n) =>
            `Üben Sie die ${n} Stellungen, in denen am meisten verloren ging (${about}).`,
    },
};
