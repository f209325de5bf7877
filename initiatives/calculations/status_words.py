"""The words of status cells: which of them say a state, which promise something, and which only look as if they did.

Every kind of statement has one pattern. They are tried together, earlier kinds first, so that "forventes igangsat" is a
promise before "igangsat" is a fact. A blank in a pattern stands for any white space, a line break included.
"""

from __future__ import annotations

import re

from initiatives.calculations import states

# --- Kinds of statement -----------------------------------------------------------------------------------------------

NOTHING = "nothing"  # looks like a state and is none
PLAN = "plan"
NOT_STARTED = "not_started"
NOT_DONE = "not_done"
PROMISE_START = "promise_start"
PROMISE_END = "promise_end"
ON_TRACK = "on_track"
NEW_DATE = "new_date"
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
    PROMISE_START: states.PLANNED,
    PROMISE_END: states.IN_PROGRESS,
    PROMISE: states.PLANNED,
}
TROUBLE = (POSTPONE, MOVE, HOLD, DELAY)

_STARTED = "igangsat|påbegyndt|opstartet|startet(?: op)?|begyndt|iværksat|gået i gang|sat i gang|kommet i gang|startet|genoptaget"
_TO_START = (
    "igangsættes|igangsat|genoptages|genoptaget|genoptage|påbegyndes|påbegyndt|opstartes|opstartet|startes(?: op)?"
    "|startet(?: op)?|starte(?: op)?|begynde|begyndt|gå i gang|gået i gang|sat i gang|sættes i gang|iværksættes|iværksat"
    "|træde i kraft|opstart|start"
)
_DONE = "afsluttet|gennemført|færdiggjort|færdigt|færdige|færdig|implementeret|i mål|i drift|leveret|afholdt|klar"
_EXPECTED = "forventes|forventet|ventes|tænkes|bliver|vil|skal|kan|planlægges|forventer"
_TO_BE = "(?: først| at| kunne| blive| være| nu| igen| tidligst| senest){0,3}"
_PAUSE = "(?:standby|stand-by|stand by|pause|hold|vågeblus)"

_PATTERNS = (
    (
        NOTHING,
        r"akut(?:te?)?(?:/| og | eller )planlagte?|planlagte?/akut(?:te?)?"
        r"|planlagt (?:behandling|operation|kirurgi|indlæggelse|forløb|sygehus\w*|ambulant|kontrol)"
        r"|(?:socialt|særligt|mest|psykisk) udsat|udsat for"
        r"|ikke (?:længere )?(?:er )?(?:forsinket|udsat|udskudt|aflyst|opgivet|sat på standby|på standby|planlagt)"
        r"|uden (?:yderligere )?forsinkelser?|i forlængelse af|færdig(?:e|t)?(?:behandl\w*|gør \w+)",
    ),
    (
        NOT_DONE,
        rf"(?:endnu |stadig )?ikke (?:endnu |helt |fuldt |er |været )*(?:{_DONE})"
        rf"|(?:delvist?|næsten|stort set) (?:{_DONE})",
    ),
    (NOT_STARTED, rf"(?:endnu )?ikke (?:endnu |er |blevet |været )*(?:{_STARTED}|i gang)|under planlægning"),
    (
        ON_TRACK,
        r"som planlagt|efter planen|følger (?:tids|milepæls)?planen|i tråd med (?:tids|milepæls)?planen|holder tidsplanen",
    ),
    (
        NEW_DATE,
        r"ny(?:e|t)? (?:\w+ )?(?:dato|frist|deadline|tidsplan|tidspunkt|termin|start|opstart)(?: er)?|forlæng(?:et|es)",
    ),
    (
        PLAN,
        rf"(?:(?:oprindeligt?|ellers|først) )*planlagt(?: (?:til )?(?:at )?(?:{_STARTED}|{_DONE}|starte?|opstart))?"
        rf"|planlægges(?: (?:{_STARTED}|{_DONE}))?"
        rf"|skulle (?:efter planen |have |være |været )*(?:{_TO_START}|{_DONE})",
    ),
    (
        PROMISE_START,
        rf"(?:{_EXPECTED}){_TO_BE} (?:{_TO_START})"
        r"|igangsættes|sættes i gang|påbegyndes|opstartes|startes(?: op)?|starter(?: op)?|begynder|går i gang|iværksættes"
        r"|genoptages|genoptagelse\w*|genstartes|genstarter|genopstartes|genopstart|træder i kraft"
        r"|(?:forventet )?(?:op)?start(?= (?:i |primo|medio|ultimo|\d|q|k\d|efter|for)|:)",
    ),
    (
        PROMISE_END,
        rf"(?:{_EXPECTED}){_TO_BE} (?:{_DONE}|afslutte\w*)|afsluttes|færdiggøres|(?:sættes i|overgår til|går i) drift"
        r"|(?:forventet )?(?:afslutning|færdiggørelse)(?= (?:i |primo|medio|ultimo|\d|q|k\d)|:)"
        r"|(?:frist|deadline|tidsfrist|slutdato)(?:en)?(?: er)?\b(?! for)",
    ),
    (
        CANCEL,
        r"opgivet|opgives|aflyst|aflyses|annulleret|droppet|droppes|skrinlagt|udgår|udgået|bortfald(?:er|et)|ophørt|nedlagt"
        r"|(?:gennemføres|videreføres|iværksættes) ikke|bliver ikke (?:gennemført|til noget|videreført)|ikke videreført"
        r"|stoppet|taget af bordet|lukket ned",
    ),
    (
        HOLD,
        rf"(?:sat|sættes|lagt|stillet) (?:midlertidigt |foreløbigt |indtil videre )?(?:på {_PAUSE}|i bero)"
        rf"|på {_PAUSE}|i bero|stand-?by|sat i venteposition|pauseret|midlertidigt? (?:stoppet|indstillet|lukket|standset)",
    ),
    (POSTPONE, r"udsat|udsættes|udsættelse|udskudt|udskydes|udskydelse"),
    (MOVE, r"(?:rykket|rykkes|flyttet|flyttes|skubbet|skubbes)(?: (?:frem )?(?:fra|til|frem))"),
    (DELAY, r"forsinket|forsinkes|forsinkelser?|bagud|bag(?:efter)? (?:tids)?planen"),
    (
        OPERATION,
        r"(?:gået |overgået |sat |er )?(?:i|til) (?:den |en )?(?:\w+ )?drift|idriftsat|driftssat|(?:fuldt )?implementeret"
        r"|(?:fuldt )?udrullet",
    ),
    (
        DONE,
        r"afsluttet|gennemført|færdiggjort|fuldført|tilendebragt|færdigt?|i mål|afholdt|lukket|udløbet|opfyldt|leveret",
    ),
    (IN_FORCE, r"tråd(?:te|t) (?:\w+ )?i kraft|er i kraft"),
    (START, rf"{_STARTED}|startede|begyndte|gik i gang"),
    (
        GOING,
        r"i (?:fuld |god )?gang|i (?:en )?proces|pågår|undervejs|i udbud|kører|forløber|arbejdes|arbejder"
        r"|under (?:udarbejdelse|udvikling|implementering|test|afprøvning|udrulning|etablering|behandling|afklaring|opstart"
        r"|gennemførelse|evaluering|opbygning|forberedelse)|endnu ikke i mål",
    ),
    (
        RESULT,
        r"udviklet|godkendt|udarbejdet|nedsat|etableret|vedtaget|aftalt|beskrevet|indgået|besluttet|drøftet|behandlet|udvalgt"
        r"|ansat|kortlagt|udpeget|afprøvet|løbende|præsenteret|fremlagt",
    ),
    (WAIT, r"afvent(?:er|es|et)"),
    (
        PROMISE,
        r"forventes|forventet|ventes|behandles|udarbejdes|drøftes|evalueres|præsenteres|fremlægges|forelægges|afholdes"
        r"|gennemføres|etableres|udvikles|afrapporteres|godkendes|nedsættes|besluttes|følges op|samles op|offentliggøres"
        r"|implementeres|udrulles|afprøves|testes|vurderes|revideres|orienteres|inviteres|udsendes|leveres|lanceres|indgås"
        r"|opdateres|justeres|undersøges|kortlægges|udløber|foreligger|temasættes|dagsordensættes|sendes|vedtages|skal \w+es",
    ),
)


def _compiled(pattern: str, prefix: str = r"(?<!\w)(?:", suffix: str = r")(?!\w)") -> re.Pattern[str]:
    return re.compile(prefix + pattern.replace(" ", r"\s+") + suffix, re.IGNORECASE)


STATEMENT = _compiled("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS))

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

CAUSE = re.compile(
    r"(?P<covid_19>covid|corona|coronavirus|pandemi|epidemi)"
    r"|(?P<labour_conflict>overenskomst|konflikt|strejke|lockout)"
    r"|(?P<awaiting_reform>\w*reform)"
    r"|(?P<staffing>bemanding|rekrutter|personale|medarbejder|vakan|sygefravær|sygemeld|ansættels|mangel\spå\slæger"
    r"|mangel\spå\ssygeplejersker|lægemangel|opsig|fratråd|kapacitet|travlhed|mandskab)"
    r"|(?P<economy>økonomi|finansiering|budget|besparelse|spareplan|midler|bevilling|omkostning)"
    r"|(?P<legislation>lovgiv|lovændring|lovforslag|\blov\b|lovhjemmel|hjemmel|bekendtgørelse|juridisk|jura\b|gdpr"
    r"|databeskyttelse)"
    r"|(?P<it>\bit\b|\bit-|it-system|systemleverandør|leverandør|teknisk|\bepj\b|medcom|software|integration)",
    re.IGNORECASE,
)
CAUSE_MARK = _compiled(
    r"pga\.?|p\.g\.a\.|på grund af|grundet|som følge af|skyldes|på baggrund af|årsag(?:en)?(?: er|:)?|forårsaget af|efter pres fra",
    suffix=r")",
)
WAITING_FOR_REFORM = _compiled(
    r"(?:afvent\w*|i lyset af|afhæng\w*|indtil|når|skal ses|pga\.?|på grund af|grundet)\W[^.]{0,80}?reform",
    suffix=")\\w*",
)

# --- What a sentence is about -----------------------------------------------------------------------------------------

#: Words before a statement that do not change whom it is about: the item itself.
OF_THE_ITEM = frozenset(
    "er blev bliver var har der det den de dette nu dog fortsat stadig men og også aktuelt pt p.t desuden herefter derefter"
    " allerede fuldt midlertidigt endnu været blevet igen yderligere status arbejdet projektet indsatsen initiativet opgaven"
    " punktet implementering implementeringen udrulning udrulningen processen aktiviteten planen indsats projekt i til siden"
    " fra pr på som så derfor dermed forventet forventes imidlertid efterfølgende først tidligere oprindeligt oprindelig nu"
    " foreløbigt indtil videre senest senere ca medio primo ultimo helt delvist d den blevet atter efter pga og/eller"
    .split()
)  # fmt: skip
#: Parts of an item: when one of these is finished, or moved, the item itself is not.
PART = re.compile(
    r"(?:\w*evaluering|\w*workshop|\w*møde|\w*seminar|\w*fase|\w*pilot|\w*prøvehandling|\w*delprojekt|del|spor|delspor"
    r"|høring|\w*kortlægning|\w*analyse|\w*undersøgelse|dialog|\w*drøftelse|forarbejde|udbud|opgørelse|\w*rapport|forslag"
    r"|\w*aftale|model|kommissorie?|\w*beskrivelse|\w*gruppe|\w*skema|\w*notat|trin|etape|konference|undervisning|kursus"
    r"|dataindsamling|måling|baseline)(?:n|en|et|er|erne|t|e|ne|ret|s)?",
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(?:er|var|har|havde|blev|bliver|viser|viste|kan|skal|vil|ses|giver|gav|\w{3,}ede)\b", re.IGNORECASE
)
GROUP_TO_COME = _compiled(r"nedsættes (?:\w+ ){0,3}?\w*(?:gruppe|udvalg|team)\w*")
SUB_TRACKS = re.compile(
    r"\b(?:to|tre|fire|fem|seks|\d)\s+(?:del)?spor\b|(?:^|\s)1\)\s.*\s2\)\s", re.IGNORECASE | re.DOTALL
)
NO_TIME = _compiled(r"på ubestemt tid|indtil videre|uden ny dato|ingen ny dato|ny dato (?:er )?(?:ikke|kendes)")
#: A new line with one of these words, in capitals, begins a statement even where the full stop was forgotten.
_LINE_STARTS = (
    r"Udsat|Udskudt|Genoptage|Forsinket|Planlagt|Sat|På\s|Afslutt|Igangs|I\s(?:gang|drift|proces)|Status|Afvent|Forvent"
    r"|Opgivet|Aflyst|Gennemført|Implementer|Evaluering|Ny\s|Skal\s|Der\s|Milepæl|Påbegynd|Opstart|Start|Ikke\s|Endnu\s"
    r"|Under\s|Temadrøftelse|Møde|Årsag|Frist|Deadline|Er\s|\d\)|[-•*–]\s"
)
BREAK = re.compile(
    rf"(?<=[.!?])\s+(?=[A-ZÆØÅ\d(»\"“•*–-])|\n\s*\n|\n\s*(?={_LINE_STARTS})|;\s|\s(?=\d\)\s)"
)  # fmt: skip
#: No sentence ends after these, although a full stop and a capital letter follow.
ABBREVIATION = re.compile(
    r"(?:\b(?:pga|p\.g\.a|bl\.a|fx|f\.eks|ca|jf|nr|kl|mv|m\.v|m\.m|ift|inkl|evt|hhv|vedr|pr|afd|dvs|kvt|kv|d|jan|feb|mar|apr"
    r"|jun|jul|aug|sept?|okt|nov|dec|obs|tlf|dr|st|maks|min|mht|iht|if)|(?<![\w-])(?<!-\n)(?<!-\s\n)\d{1,2})\.$",
    re.IGNORECASE,
)
