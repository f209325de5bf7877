"""The words of status cells: which of them say a state, which promise something, and which only look as if they did.

Every kind of statement has one pattern. They are tried together, earlier kinds first, so that "forventes igangsat" is a
promise before "igangsat" is a fact. A blank in a pattern stands for any white space, a line break included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from initiatives.calculations import states
from sundhedsaftale.lib.words import heads, words_at

# --- Kinds of statement -----------------------------------------------------------------------------------------------

NOTHING = "nothing"  # looks like a state and is none
PLAN = "plan"
NOT_STARTED = "not_started"
NOT_DONE = "not_done"
PROMISE_START = "promise_start"
RESUME = "resume"  # a promise that says the item is paused, and no state
PROMISE_END = "promise_end"
ON_TRACK = "on_track"
NEW_DATE = "new_date"
EXTENDED = "extended"
CANCEL = "cancel"
HOLD = "hold"
POSTPONE = "postpone"
MOVE = "move"  # a postponement only when a date follows
DELAY = "delay"
OPERATION = "operation"
DONE = "done"
IN_FORCE = "in_force"
START = "start"
GOING = "going"
RESULT = "result"
WAIT = "wait"
PROMISE = "promise"

STATE_OF = {
    PLAN: states.PLANNED,
    NOT_STARTED: states.PLANNED,
    NOT_DONE: states.IN_PROGRESS,
    ON_TRACK: states.IN_PROGRESS,
    CANCEL: states.CANCELLED,
    HOLD: states.ON_HOLD,
    POSTPONE: states.POSTPONED,
    MOVE: states.POSTPONED,
    DELAY: states.DELAYED,
    OPERATION: states.IN_OPERATION,
    DONE: states.COMPLETED,
    IN_FORCE: states.IN_PROGRESS,
    START: states.IN_PROGRESS,
    GOING: states.IN_PROGRESS,
}
#: What a kind suggests when nothing speaks of the item itself; the first kind in this order decides.
WEAK_STATE_OF = {
    RESULT: states.IN_PROGRESS,
    WAIT: states.ON_HOLD,
    EXTENDED: states.IN_PROGRESS,
    PROMISE_START: states.PLANNED,
    PROMISE_END: states.IN_PROGRESS,
    PROMISE: states.PLANNED,
}
TROUBLE = (POSTPONE, MOVE, HOLD, DELAY)

_STARTED = (
    "igangsat|påbegyndt|opstartet|startet(?: op)?|begyndt|iværksat|gået i gang|sat i gang|kommet i gang|genoptaget"
)
_TO_START = (
    "igangsættes|igangsat|påbegyndes|påbegyndt|opstartes|opstartet|startes(?: op)?"
    "|startet(?: op)?|starte(?: op)?|begynde|begyndt|gå i gang|gået i gang|sat i gang|sættes i gang|iværksættes"
    "|iværksat"
    "|træde i kraft|opstart|start"
)
_DONE = "afsluttet|gennemført|færdiggjort|færdigt|færdige|færdig|implementeret|i mål|i drift|leveret|afholdt|klar"
_EXPECTED = "forventes|forventet|ventes|tænkes|bliver|vil|skal|kan|planlægges|forventer"
_TO_BE = "(?: først| at| kunne| blive| være| nu| igen| tidligst| senest){0,3}"
_PAUSE = "(?:standby|stand-by|stand by|pause|hold|vågeblus)"


def _compiled(pattern: str, suffix: str = r")(?!\w)") -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + pattern.replace(" ", r"\s+") + suffix)


@dataclass(frozen=True)
class Kind:
    """A kind of statement. `heads` are the words it can begin with, up to four letters, which rule most words out."""

    name: str
    heads: frozenset[bytes]
    pattern: re.Pattern[str]

    @property
    def starts(self) -> tuple[str, ...]:
        """The first two letters of its first words; "i_" is the word "i"."""
        return tuple({head.decode("latin-1")[:2].ljust(2, "_") for head in self.heads})


def _kind(name: str, first: str, pattern: str) -> Kind:
    return Kind(name, heads(first), _compiled(pattern))


KINDS = (
    _kind(
        NOTHING,
        "akut færd i ikke mest plan psyk soci særl uden udsa",
        r"akut(?:te?)?(?:/| og | eller )planlagte?|planlagte?/akut(?:te?)?"
        r"|planlagt (?:behandling|operation|kirurgi|indlæggelse|forløb|sygehus\w*|ambulant|kontrol)"
        r"|(?:socialt|særligt|mest|psykisk) udsat|udsat for"
        r"|ikke (?:længere )?(?:er )?(?:forsinket|udsat|udskudt|aflyst|opgivet|sat på standby|på standby|planlagt)"
        r"|uden (?:yderligere )?forsinkelser?|i forlængelse af|færdig(?:e|t)?(?:behandl\w*|gør \w+)",
    ),
    _kind(
        NOT_DONE,
        "delv endn ikke næst stad stor",
        rf"(?:endnu |stadig )?ikke (?:endnu |helt |fuldt |er |været )*(?:{_DONE})"
        rf"|(?:delvist?|næsten|stort set) (?:{_DONE})",
    ),
    _kind(
        NOT_STARTED,
        "endn ikke unde",
        rf"(?:endnu )?ikke (?:endnu |er |blevet |været )*(?:{_STARTED}|i gang)|under planlægning",
    ),
    _kind(
        ON_TRACK,
        "efte følg hold i som",
        r"som planlagt|efter planen|følger (?:tids|milepæls)?planen|i tråd med (?:tids|milepæls)?planen"
        r"|holder tidsplanen",
    ),
    _kind(
        CANCEL,
        "afly annu bliv bort drop genn geno igan ikke ivær lukk nedl opgi ophø skri stop tage udgå vide",
        r"opgivet|opgives|aflyst|aflyses|annulleret|droppet|droppes|skrinlagt|udgår|udgået|bortfald(?:er|et)|ophørt"
        r"|nedlagt|(?:gennemføres|videreføres|iværksættes|genoptages|igangsættes) ikke|ikke længere relevant"
        r"|bliver ikke (?:gennemført|til noget|videreført)|ikke videreført|stoppet|taget af bordet|lukket ned",
    ),
    _kind(
        NEW_DATE,
        "ny nye nyt",
        r"ny(?:e|t)? (?:\w+ )?(?:dato|frist|deadline|tidsplan|tidspunkt|termin|start|opstart)(?: er)?",
    ),
    _kind(EXTENDED, "forl", r"forlæng(?:et|es)"),
    _kind(
        PLAN,
        "elle førs opri plan skul",
        rf"(?:(?:oprindeligt?|ellers|først) )*planlagt(?: (?:til )?(?:at )?(?:{_STARTED}|{_DONE}|starte?|opstart))?"
        rf"|planlægges(?: (?:{_STARTED}|{_DONE}))?"
        rf"|skulle (?:efter planen |have |være |været )*(?:{_TO_START}|{_DONE})",
    ),
    _kind(
        RESUME,
        "bliv forv geno kan plan skal tænk vent vil",
        rf"(?:{_EXPECTED}){_TO_BE} genoptag\w+|genoptages|genoptagelse\w*",
    ),
    _kind(
        PROMISE_START,
        "begy bliv forv geno gens går igan ivær kan komm opst plan påbe skal star sætt træd tænk vent vil",
        rf"(?:{_EXPECTED}){_TO_BE} (?:{_TO_START})"
        r"|igangsættes|sættes i gang|påbegyndes|opstartes|startes(?: op)?|starter(?: op)?|begynder"
        r"|går i gang|kommer i gang"
        r"|iværksættes|genoptages|genoptagelse\w*|genstartes|genstarter|genopstartes|genopstart|træder i kraft"
        r"|(?:forventet )?(?:op)?start(?= (?:i |primo|medio|ultimo|\d|q|k\d|efter|for)|:)",
    ),
    _kind(
        PROMISE_END,
        "afsl bliv dead forv fris færd går kan over plan skal slut sætt tids tænk vent vil",
        rf"(?:{_EXPECTED}){_TO_BE} (?:{_DONE}|afslutte\w*)|afsluttes|færdiggøres|(?:sættes i|overgår til|går i) drift"
        r"|(?:forventet )?(?:afslutning|færdiggørelse)(?= (?:i |primo|medio|ultimo|\d|q|k\d)|:)"
        r"|(?:frist|deadline|tidsfrist|slutdato)(?:en)?(?: er)?\b(?! for)",
    ),
    _kind(
        HOLD,
        "i lagt midl paus på sat stan stil sætt",
        rf"(?:sat|sættes|lagt|stillet) (?:midlertidigt |foreløbigt |indtil videre )?(?:på {_PAUSE}|i bero)"
        rf"|på {_PAUSE}|i bero|stand-?by|sat i venteposition|pauseret|midlertidigt? (?:stoppet|indstillet|lukket"
        rf"|standset)",
    ),
    _kind(POSTPONE, "udsa udsk udsæ", r"udsat|udsættes|udsættelse|udskudt|udskydes|udskydelse"),
    _kind(MOVE, "flyt rykk skub", r"(?:rykket|rykkes|flyttet|flyttes|skubbet|skubbes)(?: (?:frem )?(?:fra|til|frem))"),
    _kind(DELAY, "bag bage bagu fors", r"forsinket|forsinkes|forsinkelser?|bagud|bag(?:efter)? (?:tids)?planen"),
    _kind(
        OPERATION,
        "drif er fuld gået i idri impl over sat til udru",
        r"(?:gået |overgået |sat |er )?(?:i|til) (?:den |en )?(?:\w+ )?drift|idriftsat|driftssat"
        r"|(?:fuldt )?implementeret"
        r"|(?:fuldt )?udrullet",
    ),
    _kind(
        DONE,
        "afho afsl fuld færd genn i leve lukk opfy tile udlø",
        r"afsluttet|gennemført|færdiggjort|fuldført|tilendebragt|færdigt?|i mål|afholdt|lukket|udløbet|opfyldt"
        r"|leveret",
    ),
    _kind(IN_FORCE, "er tråd", r"tråd(?:te|t) (?:\w+ )?i kraft|er i kraft"),
    _kind(START, "begy geno gik gået igan ivær komm opst påbe sat star", rf"{_STARTED}|startede|begyndte|gik i gang"),
    _kind(
        GOING,
        "arbe endn forl fort i køre pågå unde",
        r"i (?:fuld |god )?gang|i (?:en )?proces|pågår|undervejs|i udbud|kører|forløber|fortsætter|arbejdes|arbejder"
        r"|under (?:udarbejdelse|udvikling|implementering|test|afprøvning|udrulning|etablering|behandling"
        r"|afklaring|opstart"
        r"|gennemførelse|evaluering|opbygning|forberedelse)|endnu ikke i mål",
    ),
    _kind(
        RESULT,
        "afpr afta ansa beha besk besl drøf etab frem godk indg kort løbe neds præs udar udpe udva udvi vedt",
        r"udviklet|godkendt|udarbejdet|nedsat|etableret|vedtaget|aftalt|beskrevet|indgået|besluttet|drøftet"
        r"|behandlet|udvalgt"
        r"|ansat|kortlagt|udpeget|afprøvet|løbende|præsenteret|fremlagt",
    ),
    _kind(WAIT, "afve", r"afvent(?:er|es|et)"),
    _kind(
        PROMISE,
        "afho afle afpr afra beha besl dags drøf etab eval fore forv frem følg genn godk impl indg invi just kort lanc "
        "leve neds offe opda orie præs rapp revi saml send skal tema test udar udlø udru udse udvi unde vedt vent vurd",
        r"forventes|forventet|ventes|behandles|udarbejdes|drøftes|evalueres|præsenteres|fremlægges|forelægges"
        r"|afholdes|gennemføres|etableres|udvikles|afrapporteres|godkendes|nedsættes|besluttes|følges op|samles op"
        r"|offentliggøres|implementeres|udrulles|afprøves|testes|vurderes|revideres|orienteres|inviteres|udsendes|leveres"
        r"|lanceres|indgås"
        r"|opdateres|justeres|undersøges|kortlægges|udløber|foreligger|temasættes|dagsordensættes|sendes|vedtages"
        r"|skal \w+es"
        r"|afrapporterer|rapporterer|præsenterer|fremlægger|forelægger|afleverer|behandler|evaluerer",
    ),
)
_HEAD = 4
_HEADS = {head for kind in KINDS for head in kind.heads}
#: The heads of CAUSE_MARK.
MARK_HEADS = heads("pga p på grun som skyl årsa forå efte")
_HEADS.update(MARK_HEADS)
_BY_HEAD = {head: tuple((kind.name, kind.pattern.match) for kind in KINDS if head in kind.heads) for head in _HEADS}
# "i" is everywhere and mostly says nothing: one look at the next words instead of one for each kind.
_I = _compiled(r"i (?:(?:den |en )?(?:\w+ )?drift|(?:fuld |god )?gang|(?:en )?proces|forlængelse|tråd|bero|mål|udbud)")


def word_hits(low: str) -> list[tuple[int, bytes]]:
    """(place, head) of the words in a text in small letters at which a statement or the mark of a cause may begin."""
    return words_at(low, _BY_HEAD, _HEAD)


def find_statements(
    low: str, sentences: list[tuple[int, int]], hits: list[tuple[int, bytes]]
) -> list[list[tuple[str, int, int]]]:
    """(kind, start, end) of each statement of each sentence, in order, without overlap."""
    found: list[list[tuple[str, int, int]]] = []
    hit = done = 0
    for _, end in sentences:
        here: list[tuple[str, int, int]] = []
        found.append(here)
        while hit < len(hits) and hits[hit][0] < end:
            begins, head = hits[hit]
            hit += 1
            if begins < done or (head == b"i" and not _I.match(low, begins, end)):
                continue
            for kind, matches in _BY_HEAD[head]:
                if match := matches(low, begins, end):
                    done = match.end()
                    here.append((kind, begins, done))
                    break
    return found


def lowered(text: str) -> str:
    """The text in small letters and of the same length, so that places in the one are places in the other."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


# --- Causes -----------------------------------------------------------------------------------------------------------

COVID_19 = "covid_19"
STAFFING = "staffing"
ECONOMY = "economy"
LEGISLATION = "legislation"
AWAITING_REFORM = "awaiting_reform"
IT = "it"
LABOUR_CONFLICT = "labour_conflict"
OTHER = "other"

CAUSES = (COVID_19, STAFFING, ECONOMY, LEGISLATION, AWAITING_REFORM, IT, LABOUR_CONFLICT, OTHER)

_REFORM = r"|(?P<awaiting_reform>\w*reform)"
_CAUSES = (
    r"(?P<covid_19>covid|corona|coronavirus|pandemi|epidemi)"
    r"|(?P<labour_conflict>overenskomst|konflikt|strejke|lockout)"
    + _REFORM
    + r"|(?P<staffing>bemanding|rekrutter|personale|medarbejder|vakan|sygefravær|sygemeld|ansættels|mangel\spå\slæger"
    r"|mangel\spå\ssygeplejersker|lægemangel|opsig|fratråd|kapacitet|travlhed|mandskab)"
    r"|(?P<economy>økonomi|finansiering|budget|besparelse|spareplan|midler|bevilling|omkostning)"
    r"|(?P<legislation>lovgiv|lovændring|lovforslag|\blov\b|lovhjemmel|hjemmel|bekendtgørelse|juridisk|jura\b|gdpr"
    r"|databeskyttelse)"
    r"|(?P<it>\bit\b|\bit-|it-system|systemleverandør|leverandør|teknisk|\bepj\b|medcom|software|integration)"
)
CAUSE = re.compile(_CAUSES)
# Looking for "\w*reform" at every letter is slow, and few texts speak of a reform.
_CAUSE_BUT_REFORM = re.compile(_CAUSES.replace(_REFORM, ""))


def find_cause(low: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    """The first cause named in a part of a text, and where."""
    pattern = CAUSE if low.find("reform", start, end) >= 0 else _CAUSE_BUT_REFORM
    match = pattern.search(low, start, end)
    return (match.lastgroup or OTHER, match.span()) if match else None


CAUSE_MARK = _compiled(
    r"pga\.?|p\.g\.a\.|på grund af|grundet|som følge af|skyldes|på baggrund af|årsag(?:en)?(?: er|:)?"
    r"|forårsaget af|efter pres fra",
    suffix=r")",
)
WAITING_FOR_REFORM = _compiled(
    r"(?:afvent\w*|i lyset af|afhæng\w*|indtil|når|skal ses|pga\.?|på grund af|grundet)\W[^.]{0,80}?reform",
    suffix=")\\w*",
)

# --- What a sentence is about -----------------------------------------------------------------------------------------

#: Words before a statement that do not change whom it is about: the item itself.
_OF_THE_ITEM = """
    er blev bliver var har der det den de dette nu dog fortsat stadig men og også aktuelt pt p.t desuden herefter
    derefter allerede fuldt midlertidigt endnu været blevet igen yderligere status arbejdet projektet indsatsen
    initiativet opgaven punktet implementering implementeringen udrulning udrulningen processen aktiviteten planen
    indsats projekt i til siden fra pr på som så derfor dermed forventet forventes imidlertid efterfølgende først
    tidligere oprindeligt oprindelig foreløbigt indtil videre senest senere ca medio primo ultimo helt delvist d
    atter efter pga tidligst om af året hele
"""
OF_THE_ITEM = frozenset(_OF_THE_ITEM.split())
#: Parts of an item: when one of these is finished, or moved, the item itself is not.
PART = re.compile(
    r"(?:\w*evaluering|\w*workshop|\w*møde|\w*seminar|\w*fase|pilot\w*|\w*pilot|\w*prøvehandling|\w*delprojekt|del|spor"
    r"|delspor|høring|\w*kortlægning|\w*analyse|\w*undersøgelse|dialog|\w*drøftelse|forarbejde|udbud|opgørelse|\w*rapport"
    r"|forslag|\w*aftale|model|kommissorie?|\w*beskrivelse|\w*gruppe|\w*skema|\w*notat|trin|etape|konference|undervisning"
    r"|kursus|dataindsamling|måling|baseline)(?:n|en|et|er|erne|t|e|ne|ret|s)?"
)
VERB = re.compile(r"\b(?:er|var|har|havde|blev|bliver|viser|viste|kan|skal|vil|ses|giver|gav|\w{3,}ede)\b")
GROUP_TO_COME = _compiled(r"nedsættes (?:\w+ ){0,3}?\w*(?:gruppe|udvalg|team)\w*")
SUB_TRACKS = re.compile(r"\b(?:to|tre|fire|fem|seks|\d)\s+(?:del)?spor\b|(?:^|\s)1\)\s.*\s2\)\s", re.DOTALL)
#: A new line with one of these words, in capitals, begins a statement even where the full stop was forgotten.
_LINE_STARTS = (
    r"Udsat|Udskudt|Genoptage|Forsinket|Planlagt|Sat|På\s|Afslutt|Igangs|I\s(?:gang|drift|proces)|Status|Afvent"
    r"|Forvent|Opgivet|Aflyst|Gennemført|Implementer|Evaluering|Ny\s|Skal\s|Der\s|Milepæl|Påbegynd|Opstart|Start|Ikke\s"
    r"|Endnu\s|Under\s|Temadrøftelse|Møde|Årsag|Frist|Deadline|Er\s|\d\)|[-•*–]\s"
)
# The first sign alone decides whether a place is looked at. A full stop is part of the match and of the sentence.
_BREAK = rf"[.!?;\n](?:(?<=[.!?])\s+(?=[A-ZÆØÅ\d(»\"“•*–-])|(?<=\n)\s*\n|(?<=\n)\s*(?={_LINE_STARTS})|(?<=;)\s)"
BREAK = re.compile(_BREAK)
#: The same where "1) ... 2) ..." stands in the text.
BREAK_OR_NUMBER = re.compile(rf"{_BREAK}|\s(?=\d\)\s)")
#: No sentence ends after these, although a full stop and a capital letter follow.
_ABBREVIATIONS = """
    pga fx ca jf nr kl mv ift inkl evt hhv vedr pr afd dvs kvt kv d jan feb mar apr jun jul aug sep sept okt nov dec
    obs tlf dr st maks min mht iht if
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
ABBREVIATION = re.compile(
    rf"(?:\b(?:p\.g\.a|bl\.a|f\.eks|m\.v|m\.m|{'|'.join(_ABBREVIATIONS.split())})"
    r"|(?<![\w-])(?<!-\n)(?<!-\s\n)\d{1,2})\.$"
)
