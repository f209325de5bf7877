"""The 98 municipalities as tiles of one size, each about where it lies: the small ones are seen as well as the large.

The grid is our own, laid by hand from each municipality's place on the map and its neighbours, and from nobody else's
grid. North is up. Where it had to give, a neighbour beside was worth more than a true direction: Haderslev stands west of
Kolding and not south of it. Sea is left open: Limfjorden is not, but Lillebælt, Storebælt and Isefjorden are. Islands
stand off the coast they are reached from; Bornholm is nearer than it is. The left nine columns are west of Storebælt and
the right nine east of it, so that a narrow screen can show one under the other.
"""

from __future__ import annotations

from dataclasses import dataclass

PICTURE = """
... ... ... ... HJØ FRH ... LÆS ... ... ... ... ... ... ... ... ... ... ...
... ... THI JAM BRS AAL ... ... ... ... ... ... ... ... ... ... ... ... ...
... ... MRS VHI REB MAR ... ... ... ... ... ... ... ... ... GRI HLS ... ...
... LEM STR SKI VIB RAN NDJ ... ... ... ... ... ... ... HLN HIL FRE ... ...
... HOL HER IKB SIL FAV SDJ ... ... ... ... ... ... ... FRS ALL HØR ... ...
... RKS BIL HED SKA AAR ... SAM ... ... ... ODS ... ... EGE FUR RUD LYN ...
... VAR VEJ VEL HOR ODD ... ... ... ... KAL HBK LEJ ROS HTA BAL HEV GLA GEN
FAN ESB HAD KOL FRC ... MID NFY KER ... SLA SOR RIN GRE ALB GLO RØD FRB KBH
... TØN AAB SØN ... ... ASS ODE NYB ... ... NÆS KØG SOL ISH VAL BRØ HVI TÅR
... ... ... ... ... ... ... FAA SVE ... ... VOR FAX STE ... ... ... ... DRA
... ... ... ... ... ... ... ÆRØ LAN ... LOL GUL ... ... ... ... ... ... ...
... ... ... ... ... ... ... ... ... ... ... ... ... ... ... ... ... ... BOR
"""

CODES = {
    "AAB": "580",
    "AAL": "851",
    "AAR": "751",
    "ALB": "165",
    "ALL": "201",
    "ASS": "420",
    "BAL": "151",
    "BIL": "530",
    "BOR": "400",
    "BRS": "810",
    "BRØ": "153",
    "DRA": "155",
    "EGE": "240",
    "ESB": "561",
    "FAA": "430",
    "FAN": "563",
    "FAV": "710",
    "FAX": "320",
    "FRB": "147",
    "FRC": "607",
    "FRE": "210",
    "FRH": "813",
    "FRS": "250",
    "FUR": "190",
    "GEN": "157",
    "GLA": "159",
    "GLO": "161",
    "GRE": "253",
    "GRI": "270",
    "GUL": "376",
    "HAD": "510",
    "HBK": "316",
    "HED": "766",
    "HER": "657",
    "HEV": "163",
    "HIL": "219",
    "HJØ": "860",
    "HLN": "260",
    "HLS": "217",
    "HOL": "661",
    "HOR": "615",
    "HTA": "169",
    "HVI": "167",
    "HØR": "223",
    "IKB": "756",
    "ISH": "183",
    "JAM": "849",
    "KAL": "326",
    "KBH": "101",
    "KER": "440",
    "KOL": "621",
    "KØG": "259",
    "LAN": "482",
    "LEJ": "350",
    "LEM": "665",
    "LOL": "360",
    "LYN": "173",
    "LÆS": "825",
    "MAR": "846",
    "MID": "410",
    "MRS": "773",
    "NDJ": "707",
    "NFY": "480",
    "NYB": "450",
    "NÆS": "370",
    "ODD": "727",
    "ODE": "461",
    "ODS": "306",
    "RAN": "730",
    "REB": "840",
    "RIN": "329",
    "RKS": "760",
    "ROS": "265",
    "RUD": "230",
    "RØD": "175",
    "SAM": "741",
    "SDJ": "706",
    "SIL": "740",
    "SKA": "746",
    "SKI": "779",
    "SLA": "330",
    "SOL": "269",
    "SOR": "340",
    "STE": "336",
    "STR": "671",
    "SVE": "479",
    "SØN": "540",
    "THI": "787",
    "TÅR": "185",
    "TØN": "550",
    "VAL": "187",
    "VAR": "573",
    "VEJ": "575",
    "VEL": "630",
    "VHI": "820",
    "VIB": "791",
    "VOR": "390",
    "ÆRØ": "492",
}

#: Columns west of Storebælt; the next one is sea, and the rest lie east of it.
WEST = 9


@dataclass(frozen=True)
class Tile:
    """`row` and `column` count from 1 within the half, as a CSS grid does."""

    code: str
    letters: str
    row: int
    column: int
    east: bool


def _read() -> tuple[Tile, ...]:
    tiles = []
    for row, line in enumerate(PICTURE.strip().splitlines(), start=1):
        for column, letters in enumerate(line.split()):
            if letters != "...":
                east = column > WEST
                tiles.append(Tile(CODES[letters], letters, row, column - WEST if east else column + 1, east))
    return tuple(tiles)


TILES = _read()
ROWS = max(tile.row for tile in TILES)
