"""Every ply where what Lichess published cannot follow from the evaluations that it published."""

from dataclasses import dataclass
from enum import Enum


class Unexplained(Enum):
    """Why the evaluations do not tell."""

    BEST = (
        "The evaluations fall far enough, but the move was the engine's own first choice: Lichess "
        "then keeps no better line, and judges no move without one."
    )
    BY_HAND = "A person added the glyph: Lichess's sentence is missing beside it."
    CHANGED = (
        "The evaluation shown before the move, a mate for the other side, cannot be the judged one:"
        " the sentence says that this move is what made a mate unavoidable."
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What we say of a ply from its evaluations, what was published, and why they differ."""

    ours: str | None
    published: str | None
    why: Unexplained

    @property
    def difference(self) -> tuple[str | None, str | None]:
        return self.ours, self.published


_INACCURACY = Difference("inaccuracy", None, Unexplained.BEST)

# gold/lichess_study_annotated.pgn: place of the game, ply.
STUDY = {
    ("game0008", 54): _INACCURACY,
    ("game0013", 88): _INACCURACY,
    ("game0028", 95): _INACCURACY,
    ("game0033", 117): Difference("mistake", None, Unexplained.BEST),
    ("game0041", 98): _INACCURACY,
    ("game0052", 64): Difference(None, "blunder", Unexplained.CHANGED),
    ("game0053", 104): _INACCURACY,
    ("game0063", 86): _INACCURACY,
    ("game0065", 18): _INACCURACY,
    ("game0066", 106): _INACCURACY,
    ("game0068", 51): _INACCURACY,
    ("game0081", 53): Difference(None, "blunder", Unexplained.BY_HAND),
    ("game0082", 15): _INACCURACY,
    ("game0082", 22): _INACCURACY,
    ("game0082", 37): _INACCURACY,
    ("game0082", 58): Difference(None, "mistake", Unexplained.BY_HAND),
    ("game0083", 69): Difference(None, "mistake", Unexplained.BY_HAND),
    ("game0086", 9): _INACCURACY,
    ("game0086", 10): _INACCURACY,
    ("game0086", 11): _INACCURACY,
}

# gold/lichess_server_analysis.ndjson.gz: plies by game. All have the one reason Unexplained.BEST.
# Checked once with Stockfish 15.1, 400,000 nodes a position: on 87 of these 115 plies the move
# played is its first choice too, on 16 its second.
NOT_JUDGED_SERVER = {
    "xqwrD4WS": (56,),
    "LcrPnpwV": (12,),
    "auyeLzbN": (79,),
    "UJ2uW4tO": (140, 142),
    "vhK566Xt": (36,),
    "IckIkgMi": (29,),
    "vevQEgEh": (118,),
    "ucc5tI92": (90, 107),
    "qc0AAhrd": (92, 94, 98),
    "ivmwDQl0": (108,),
    "uRaN40SL": (98, 100),
    "BFbe27gm": (87,),
    "hBrQC17f": (103,),
    "9oC3vjcn": (76, 84),
    "kyISipoJ": (53,),
    "Ub6mmgYk": (107,),
    "DtObWuef": (33,),
    "GdqO7jFs": (81,),
    "j0T7srKO": (47,),
    "KE94vYUl": (32,),
    "gHSKHNBv": (29, 70),
    "Jdydv4SO": (128, 130),
    "WCft11sU": (60,),
    "5LAUdzaW": (46,),
    "YbHfxNLP": (22,),
    "jXLiDp2h": (94, 96, 100),
    "yDe150bz": (22,),
    "eJTdAMV4": (12,),
    "SIzlwmYz": (81,),
    "KxERf9Zs": (92,),
    "GW5TyKMC": (44, 143),
    "GXatFi6g": (78,),
    "TWRzGlkU": (61, 67),
    "e8tZOiAb": (12, 14, 17),
    "ckybfyOB": (111,),
    "tztiBE2c": (95,),
    "ILxDMBHQ": (54,),
    "GCK9WqlZ": (47,),
    "hQg7FgHX": (135,),
    "syavfLeT": (59,),
    "j4Yuh0Nl": (62,),
    "dN8gsf7j": (38, 40, 55),
    "bM9sUkQl": (69,),
    "6Pf0hjSo": (120,),
    "AHlhsEIp": (4,),
    "yTcujPaz": (34,),
    "HYoRulV9": (15, 39, 88, 89),
    "hTQdQiBH": (94,),
    "P4VYpvyB": (71,),
    "X9uk3Bja": (21,),
    "lES1EcdN": (65,),
    "BA7wUiwV": (19,),
    "saQ8wEJo": (5,),
    "6DoMsTa0": (42,),
    "GyhB4AKQ": (23,),
    "UmnRdjeI": (65,),
    "mb9Z79zn": (54,),
    "9vwHEwZ1": (32, 56, 57, 58),
    "TVjkZKeT": (13, 73),
    "JWES7hEy": (70,),
    "4AdCTfL7": (107, 109),
    "ivZ1dOgc": (12, 65),
    "lFOoNL15": (49, 59, 60),
    "Ecpfirgl": (70, 71, 72),
    "01mtuEft": (79, 83),
    "27JQuiMQ": (49,),
    "P02ywlRt": (34, 38),
    "Vday15tc": (112,),
    "VKiagAiB": (88,),
    "ihQMU4o8": (15, 62),
    "738i6YEa": (91, 95),
    "ELWiev1G": (9,),
    "9eAMROXU": (14,),
    "JDyQeYal": (72, 73),
    "fE1MVliL": (124,),
    "sqCMMqiy": (78,),
    "8esIBJyE": (13,),
    "8RXdJO4W": (71,),
    "qXKxnGii": (88,),
    "n7XpDYh1": (45, 49),
}
