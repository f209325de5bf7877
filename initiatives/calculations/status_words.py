"""The words of status cells: which of them say a state, which promise something, and which only look as if they did.

Every kind of statement has single words that say it and a pattern for its phrases. Earlier kinds are tried first, so that
"forventes igangsat" is a promise before "igangsat" is a fact. A blank in a pattern stands for any white space, a line
break included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from initiatives.calculations import states

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
_WHO_EXPECTS = _EXPECTED.replace("|", " ")
_TO_BE = "(?: først| at| kunne| blive| være| nu| igen| tidligst| senest){0,3}"
_PAUSE = "(?:standby|stand-by|stand by|pause|hold|vågeblus)"


def _compiled(pattern: str, suffix: str = r")(?!\w)") -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + pattern.replace(" ", r"\s+") + suffix)


@dataclass(frozen=True)
class Kind:
    """A kind of statement: the single words that say it, and the phrases.

    `first` are the words a phrase can begin with ("i*": any with "i"); most words of a text are none of these, and a
    single word needs no second look.
    """

    name: str
    words: frozenset[str]
    first: frozenset[str]
    phrases: re.Pattern[str] | None


def _kind(name: str, words: str = "", first: str = "", phrases: str = "") -> Kind:
    return Kind(name, frozenset(words.split()), frozenset(first.split()), _compiled(phrases) if phrases else None)


KINDS = (
    _kind(
        NOTHING,
        first="akut akutt akutte færdigbehandl* færdigebehandl* færdigegør færdiggør færdigtbehandl* færdigtgør i ikke "
        "mest planlagt planlagte psykisk socialt særligt uden udsat",
        phrases=r"akut(?:te?)?(?:/| og | eller )planlagte?|planlagte?/akut(?:te?)?"
        r"|planlagt (?:behandling|operation|kirurgi|indlæggelse|forløb|sygehus\w*|ambulant|kontrol)"
        r"|(?:socialt|særligt|mest|psykisk) udsat|udsat for"
        r"|ikke (?:længere )?(?:er )?(?:forsinket|udsat|udskudt|aflyst|opgivet|sat på standby|på standby|planlagt)"
        r"|uden (?:yderligere )?forsinkelser?|i forlængelse af|færdig(?:e|t)?(?:behandl\w*|gør \w+)",
    ),
    _kind(
        NOT_DONE,
        first="delvis delvist endnu ikke næsten stadig stort",
        phrases=rf"(?:endnu |stadig )?ikke (?:endnu |helt |fuldt |er |været )*(?:{_DONE})"
        rf"|(?:delvist?|næsten|stort set) (?:{_DONE})",
    ),
    _kind(
        NOT_STARTED,
        first="endnu ikke under",
        phrases=rf"(?:endnu )?ikke (?:endnu |er |blevet |været )*(?:{_STARTED}|i gang)|under planlægning",
    ),
    _kind(
        ON_TRACK,
        first="efter følger holder i som",
        phrases=r"som planlagt|efter planen|følger (?:tids|milepæls)?planen|i tråd med (?:tids|milepæls)?planen"
        r"|holder tidsplanen",
    ),
    _kind(
        CANCEL,
        words="aflyses aflyst annulleret bortfalder bortfaldet droppes droppet nedlagt opgives opgivet ophørt skrinlagt "
        "stoppet udgået udgår",
        first="bliver gennemføres genoptages igangsættes ikke iværksættes lukket taget videreføres",
        phrases=r"(?:gennemføres|videreføres|iværksættes|genoptages|igangsættes) ikke|ikke længere relevant"
        r"|bliver ikke (?:gennemført|til noget|videreført)|ikke videreført|taget af bordet|lukket ned",
    ),
    _kind(
        NEW_DATE,
        first="ny nye nyt",
        phrases=r"ny(?:e|t)? (?:\w+ )?(?:dato|frist|deadline|tidsplan|tidspunkt|termin|start|opstart)(?: er)?",
    ),
    _kind(EXTENDED, words="forlænges forlænget"),
    _kind(
        PLAN,
        first="ellers først oprindelig oprindeligt planlagt planlægges skulle",
        phrases=rf"(?:(?:oprindeligt?|ellers|først) )*planlagt"
        rf"(?: (?:til )?(?:at )?(?:{_STARTED}|{_DONE}|starte?|opstart))?"
        rf"|planlægges(?: (?:{_STARTED}|{_DONE}))?"
        rf"|skulle (?:efter planen |have |være |været )*(?:{_TO_START}|{_DONE})",
    ),
    _kind(
        RESUME,
        words="genoptages",
        first=f"{_WHO_EXPECTS} genoptagelse*",
        phrases=rf"(?:{_EXPECTED}){_TO_BE} genoptag\w+|genoptagelse\w*",
    ),
    _kind(
        PROMISE_START,
        words="begynder genopstart genopstartes genoptages genstarter genstartes igangsættes iværksættes opstartes "
        "påbegyndes",
        first=f"{_WHO_EXPECTS} genoptagelse* går kommer opstart start starter startes sættes træder",
        phrases=rf"(?:{_EXPECTED}){_TO_BE} (?:{_TO_START})"
        r"|sættes i gang|startes(?: op)?|starter(?: op)?|går i gang|kommer i gang|genoptagelse\w*|træder i kraft"
        r"|(?:forventet )?(?:op)?start(?= (?:i |primo|medio|ultimo|\d|q|k\d|efter|for)|:)",
    ),
    _kind(
        PROMISE_END,
        words="afsluttes færdiggøres",
        first=f"{_WHO_EXPECTS} afslutning deadline deadlineen frist fristen færdiggørelse går overgår slutdato "
        "slutdatoen sættes tidsfrist tidsfristen",
        phrases=rf"(?:{_EXPECTED}){_TO_BE} (?:{_DONE}|afslutte\w*)|(?:sættes i|overgår til|går i) drift"
        r"|(?:forventet )?(?:afslutning|færdiggørelse)(?= (?:i |primo|medio|ultimo|\d|q|k\d)|:)"
        r"|(?:frist|deadline|tidsfrist|slutdato)(?:en)?(?: er)?\b(?! for)",
    ),
    _kind(
        HOLD,
        words="pauseret standby",
        first="i lagt midlertidig midlertidigt på sat stand stillet sættes",
        phrases=rf"(?:sat|sættes|lagt|stillet) (?:midlertidigt |foreløbigt |indtil videre )?(?:på {_PAUSE}|i bero)"
        rf"|på {_PAUSE}|i bero|stand-by|sat i venteposition|midlertidigt? (?:stoppet|indstillet|lukket|standset)",
    ),
    _kind(POSTPONE, words="udsat udskudt udskydelse udskydes udsættelse udsættes"),
    _kind(
        MOVE,
        first="flyttes flyttet rykkes rykket skubbes skubbet",
        phrases=r"(?:rykket|rykkes|flyttet|flyttes|skubbet|skubbes)(?: (?:frem )?(?:fra|til|frem))",
    ),
    _kind(
        DELAY,
        words="bagud forsinkelse forsinkelser forsinkes forsinket",
        first="bag bagefter",
        phrases=r"bag(?:efter)? (?:tids)?planen",
    ),
    _kind(
        OPERATION,
        words="driftssat idriftsat implementeret udrullet",
        first="er fuldt gået i overgået sat til",
        phrases=r"(?:gået |overgået |sat |er )?(?:i|til) (?:den |en )?(?:\w+ )?drift|fuldt (?:implementeret|udrullet)",
    ),
    _kind(
        DONE,
        words="afholdt afsluttet fuldført færdig færdiggjort færdigt gennemført leveret lukket opfyldt tilendebragt "
        "udløbet",
        first="i",
        phrases="i mål",
    ),
    _kind(IN_FORCE, first="er trådt trådte", phrases=r"tråd(?:te|t) (?:\w+ )?i kraft|er i kraft"),
    _kind(
        START,
        words="begyndt begyndte genoptaget igangsat iværksat opstartet påbegyndt startede",
        first="gik gået kommet sat startet",
        phrases="gået i gang|sat i gang|kommet i gang|startet(?: op)?|gik i gang",
    ),
    _kind(
        GOING,
        words="arbejder arbejdes forløber fortsætter kører pågår undervejs",
        first="endnu i under",
        phrases=r"i (?:fuld |god )?gang|i (?:en )?proces|i udbud|endnu ikke i mål"
        r"|under (?:udarbejdelse|udvikling|implementering|test|afprøvning|udrulning|etablering|behandling|afklaring"
        r"|opstart|gennemførelse|evaluering|opbygning|forberedelse)",
    ),
    _kind(
        RESULT,
        words="afprøvet aftalt ansat behandlet beskrevet besluttet drøftet etableret fremlagt godkendt indgået kortlagt "
        "løbende nedsat præsenteret udarbejdet udpeget udvalgt udviklet vedtaget",
    ),
    _kind(WAIT, words="afventer afventes afventet"),
    _kind(
        PROMISE,
        words="afholdes afleverer afprøves afrapporterer afrapporteres behandler behandles besluttes dagsordensættes "
        "drøftes etableres evaluerer evalueres foreligger forelægger forelægges forventes forventet fremlægger "
        "fremlægges gennemføres godkendes implementeres indgås inviteres justeres kortlægges lanceres leveres nedsættes "
        "offentliggøres opdateres orienteres præsenterer præsenteres rapporterer revideres sendes temasættes testes "
        "udarbejdes udløber udrulles udsendes udvikles undersøges vedtages ventes vurderes",
        first="følges samles skal",
        phrases=r"følges op|samles op|skal \w+es",
    ),
)
#: These are everywhere and mostly say nothing: they are looked at closely before these words only. A pattern of
#: `lib.words.finder`, where a word that a letter from abroad breaks in pieces counts as several.
ONLY_BEFORE = {
    "i": "den|en|drift|fuld|god|gang|proces|forlængelse|tråd|bero|mål|udbud|(?:[^ ]+ +){1,3}drift",
    "er": "i|til",
    "på": "standby|stand|pause|hold|vågeblus|grund|baggrund",
}

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


def _word(letters: str) -> str:
    """The letters where a word begins. A pattern that begins with a letter is looked for many times faster."""
    return rf"{letters}(?<!\w{letters})"


# Earlier causes first where two begin at the same place; "reform" may stand at the end of a word.
_CAUSES = {
    COVID_19: "covid|corona|coronavirus|pandemi|epidemi",
    LABOUR_CONFLICT: "overenskomst|konflikt|strejke|lockout",
    AWAITING_REFORM: r"\w*reform",
    STAFFING: r"bemanding|rekrutter|personale|medarbejder|vakan|sygefravær|sygemeld|ansættels|mangel\spå\slæger"
    r"|mangel\spå\ssygeplejersker|lægemangel|opsig|fratråd|kapacitet|travlhed|mandskab",
    ECONOMY: "økonomi|finansiering|budget|besparelse|spareplan|midler|bevilling|omkostning",
    LEGISLATION: rf"lovgiv|lovændring|lovforslag|{_word('lov')}\b|lovhjemmel|hjemmel|bekendtgørelse|juridisk|jura\b|gdpr"
    r"|databeskyttelse",
    IT: rf"{_word('it')}\b|{_word('it')}-|it-system|systemleverandør|leverandør|teknisk|{_word('epj')}\b|medcom|software"
    r"|integration",
}
_CAUSE = re.compile("|".join(f"(?P<{cause}>{words})" for cause, words in _CAUSES.items()))


def _by_first_letter(alternatives: list[str]) -> str:
    by_letter: dict[str, list[str]] = {}
    for words in alternatives:
        by_letter.setdefault(words[0], []).append(words[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


# Only where a cause stands; looking for "\w*reform" at every letter is slow, and few texts speak of a reform.
_SOME_CAUSE = re.compile(
    _by_first_letter("|".join(words for cause, words in _CAUSES.items() if cause != AWAITING_REFORM).split("|"))
)


def find_cause(low: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    """The first cause named in a part of a text, and where."""
    some = _SOME_CAUSE.search(low, start, end)
    place = some.start() if some else end
    reform = low.find("reform", start, end)
    if reform >= 0:
        while reform > start and (low[reform - 1].isalnum() or low[reform - 1] == "_"):
            reform -= 1
        place = min(place, reform)
    match = _CAUSE.match(low, place, end)
    return (match.lastgroup or OTHER, match.span()) if match else None


#: The first words of CAUSE_MARK.
MARK_FIRST = ("pga", "p", "på", "grundet*", "som", "skyldes*", "årsag*", "forårsaget", "efter")
CAUSE_MARK = _compiled(
    r"pga\.?|p\.g\.a\.|på grund af|grundet|som følge af|skyldes|på baggrund af|årsag(?:en)?(?: er|:)?"
    r"|forårsaget af|efter pres fra",
    suffix=r")",
)
_WAITING = "|".join((
    *(rf"{_word('afvent')}\w*", rf"{_word('i')} lyset af", rf"{_word('afhæng')}\w*", _word("indtil"), _word("når")),
    *(rf"{_word('skal')} ses", rf"{_word('pga')}\.?", rf"{_word('på')} grund af", _word("grundet")),
))  # fmt: skip
WAITING_FOR_REFORM = re.compile(rf"(?:{_WAITING})\W[^.]{{0,80}}?reform\w*".replace(" ", r"\s+"))

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
GROUP_TO_COME = re.compile(
    rf"{_word('nedsættes')} (?:\w+ ){{0,3}}?\w*(?:gruppe|udvalg|team)\w*".replace(" ", r"\s+") + r"(?!\w)"
)
_TRACK = re.compile(r"spor(?<=\sspor|lspor)\b")
_COUNTED_TRACKS = re.compile(r"\b(?:to|tre|fire|fem|seks|\d)\s+(?:del)?spor\b")
_NUMBERED_TRACKS = re.compile(r"(?:^|\s)1\)\s.*\s2\)\s", re.DOTALL)


def has_sub_tracks(low: str) -> bool:
    """Whether the item is told of in parts: "to spor", or "1) … 2) …"."""
    if "spor" in low and _TRACK.search(low) and _COUNTED_TRACKS.search(low):
        return True
    return "1)" in low and "2)" in low and _NUMBERED_TRACKS.search(low) is not None


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
