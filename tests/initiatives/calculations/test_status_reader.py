"""The status reader: the seven cells of the plan of 5 November 2020, other phrasings, and no inventions."""

import json
import re
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from initiatives.calculations import status_words
from initiatives.calculations.states import STATES
from initiatives.calculations.status_reader import read_status
from initiatives.calculations.status_reading import FLAGS
from initiatives.calculations.status_scan import scan
from sundhedsaftale.lib.periods import format_period, parse_period
from sundhedsaftale.lib.words import lowered

AS_OF = date(2020, 11, 5)

# Verbatim, line breaks included: Region Midtjylland, handleplan, 5 November 2020 (public document).
ETIK = (
    "Planlagt igangsat primo 2020, men udsat pga. \n"
    "COVID-19. \n"
    " \n"
    "Temadrøftelser i 2021.  \n"
    " \n"
    "To spor:  \n"
    " \n"
    "1) Brug af data til forebyggelse af sygdom og \n"
    "indlæggelser (Fortsat dialog og opfølgning på \n"
    "resultater i Projekt Tværspor i \n"
    "Horsensklyngen) \n"
    " \n"
    "2) Hvornår stopper vi behandling, og hvordan \n"
    "sikres data til fælles beslutningstagen med \n"
    "borgeren ved livets afslutning? (Projekt livets \n"
    "afslutning i Midtklyngen, januar 2021)  \n"
)
POPULATIONER = (
    "Planlagt igangsat i 2. kvartal 2020, men udsat \n"
    "pga. COVID-19.  \n"
    " \n"
    "Genoptages i 2. kvartal 2021.  \n"
    " \n"
    "Der nedsættes en analysegruppe med fokus \n"
    "på disse populationer: \n"
    " \n"
    " Borgere på plejehjem  \n"
    "  Patienter med hoftebrud \n"
    "(Bruge data og erfaringer fra de regionale \n"
    "lærings- og kvalitetsteams om hoftebrud)  \n"
)
SPREDNING = (
    "Model for spredning af initiativer på tværs af \n"
    "klynger er udviklet i 2020.  \n"
    " \n"
    "Endeligt forslag behandles i \n"
    "Sundhedsstyregruppen på møde 20. \n"
    "november 2020.   \n"
)
VISITATION = (
    "Samarbejdsaftalen er godkendt i region og \n"
    "kommuner 1. kvartal 2020. \n"
    " \n"
    "Implementering igangsat i klyngerne 3. kvartal \n"
    "2020.  \n"
    " \n"
    "Forsinket pga. COVID-19 \n"
    " \n"
    "Status udarbejdes 2. kvartal 2021. \n"
)
AKUTFUNKTION = (
    "Samarbejdsaftale og forsøgsordning med \n"
    "honorering trådte i kraft 1. september 2019.  \n"
    "\n"
    "Evaluering er igangsat i regi af \n"
    "Praksisplanudvalget og forventes færdig i 1. \n"
    "kvartal 2021.  \n"
)
RETTE_TILBUD = (
    "November 2019 er der igangsat videndeling i \n"
    "forhold til foreløbige resultater fra \n"
    "satspuljeprojektet samt vurdering af om der er \n"
    "tiltag, der med fordel kan spredes på tværs af \n"
    "klynger.  \n"
    " \n"
    "Sat på standby siden marts 2020 pga. COVID-\n"
    "19. \n"
    " \n"
    "Genoptages 1. kvartal 2021.  \n"
)
AKUTTEAM = (
    "Planlagt til 2. kvartal 2020 \n"
    "Udsat pga. COVID-19 \n"
    " \n"
    "Genoptages. Skal ses i lyset af kommende \n"
    "national sundhedsreform.  \n"
)
CELLS = [
    (
        ETIK,
        {
            "state": "postponed",
            "planned": "primo 2020",
            "cause": "covid_19",
            "new_date": "2021",
            "milestones": [{"title": "Projekt livets afslutning i Midtklyngen", "date": "januar 2021"}],
            "flags": ["sub_tracks"],
        },
    ),
    (
        POPULATIONER,
        {
            "state": "postponed",
            "planned": "2. kvartal 2020",
            "cause": "covid_19",
            "new_date": "2. kvartal 2021",
            "flags": ["group_to_be_set_up"],
        },
    ),
    (
        SPREDNING,
        {
            "state": "in_progress",
            "milestones": [
                {"title": "Endeligt forslag behandles i Sundhedsstyregruppen på møde", "date": "20. november 2020"}
            ],
        },
    ),
    (
        VISITATION,
        {
            "state": "delayed",
            "started": "3. kvartal 2020",
            "cause": "covid_19",
            "milestones": [{"title": "Status udarbejdes", "date": "2. kvartal 2021"}],
        },
    ),
    (
        AKUTFUNKTION,
        {
            "state": "in_progress",
            "started": "1. september 2019",
            "milestones": [{"title": "Evaluering forventes færdig", "date": "1. kvartal 2021"}],
        },
    ),
    (
        RETTE_TILBUD,
        {
            "state": "on_hold",
            "started": "November 2019",
            "since": "marts 2020",
            "cause": "covid_19",
            "new_date": "1. kvartal 2021",
        },
    ),
    (
        AKUTTEAM,
        {
            "state": "postponed",
            "planned": "2. kvartal 2020",
            "cause": "covid_19",
            "flags": ["promise_without_date", "postponed_without_date", "awaits_reform"],
        },
    ),
]
NOTHING = {"state": None, "planned": None, "started": None, "since": None, "new_date": None, "cause": None,
           "milestones": [], "flags": []}  # fmt: skip


def reading(text, today=None):
    """What was read, without what was not said."""
    return {key: value for key, value in read_status(text, today=today).as_dict().items() if value not in (None, [])}


@pytest.mark.parametrize(("text", "expected"), CELLS)
def test_the_seven_cells(text, expected):
    assert read_status(text).as_dict() == NOTHING | expected
    assert read_status(text, today=AS_OF).as_dict() == NOTHING | expected


def one_line(text):
    return " ".join(text.split())


def paragraphs(text):
    return "\n".join(one_line(part) for part in text.split("\n \n"))


@pytest.mark.parametrize(("text", "expected"), CELLS)
@pytest.mark.parametrize(
    "laid_out",
    [
        one_line,
        paragraphs,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(" 20", "\u00a020").replace(". kvartal", ".\u00a0kvartal"),
        lambda text: "\n".join(line.strip() for line in text.splitlines() if line.strip()),
        lambda text: (
            text.replace("udsat", "ud\u00adsat").replace("kvartal", "kvar\u00adtal").replace("Genop", "Genop\u00ad")
        ),
        lambda text: text.replace("Genoptages", "Genop-\ntages").replace("kvartal", "kvar-\n tal"),
        lambda text: text.replace("COVID-19", "covid-\n19"),
    ],
)
def test_the_seven_cells_however_the_lines_are_broken(text, expected, laid_out):
    assert read_status(laid_out(text)).as_dict() == NOTHING | expected


def test_the_periods_and_where_they_stand():
    found = read_status(RETTE_TILBUD)
    assert str(found.new_date.last_day) == "2021-03-31"
    assert str(found.since.period.first_day) == "2020-03-01"
    for read in (found.started, found.since, found.new_date):
        assert " ".join(RETTE_TILBUD[read.start : read.end].split()) == read.words
    assert RETTE_TILBUD[slice(*found.state_span)] == "Sat på standby"
    assert RETTE_TILBUD[slice(*found.cause_span)] == "COVID"


def test_places_are_in_the_text_as_given_even_with_broken_words():
    text = "Ud\u00adsat pga. COVID-19.\nGenop-\ntages i 2. kvar-\ntal 2021."
    found = read_status(text)
    assert text[slice(*found.state_span)] == "Ud\u00adsat"
    assert text[found.new_date.start : found.new_date.end] == "2. kvar-\ntal 2021"


PHRASES = [
    # States and tense
    ("Planlagt til 1. halvår 2025.", {"state": "planned", "planned": "1. halvår 2025"}),
    ("Ikke påbegyndt.", {"state": "planned"}),
    ("Endnu ikke igangsat.", {"state": "planned"}),
    ("Igangsættes i 3. kvartal 2024.", {"state": "planned", "planned": "3. kvartal 2024"}),
    ("Forventes igangsat i foråret 2025.", {"state": "planned", "planned": "foråret 2025"}),
    ("Planlagt start 1. kvartal 2025.", {"state": "planned", "planned": "1. kvartal 2025"}),
    ("Træder i kraft 1. januar 2027.", {"state": "planned", "planned": "1. januar 2027"}),
    ("Kommer i gang i 2025.", {"state": "planned", "planned": "2025"}),
    ("Opstart Q3 2024 – Q1 2025.", {"state": "planned", "planned": "Q3 2024 – Q1 2025"}),
    ("Igangsat.", {"state": "in_progress"}),
    ("Projektet er igangsat i foråret 2021.", {"state": "in_progress", "started": "foråret 2021"}),
    ("I gang siden september 2019.", {"state": "in_progress", "started": "september 2019"}),
    ("I fuld gang.", {"state": "in_progress"}),
    ("I proces.", {"state": "in_progress"}),
    ("Under test i Horsensklyngen.", {"state": "in_progress"}),
    ("I tråd med milepælsplanen.", {"state": "in_progress"}),
    ("Endnu ikke i mål.", {"state": "in_progress"}),
    ("Ikke afsluttet.", {"state": "in_progress"}),
    ("Delvist gennemført.", {"state": "in_progress"}),
    ("Løbende.", {"state": "in_progress"}),
    ("Genoptaget i 1. kvartal 2021.", {"state": "in_progress", "started": "1. kvartal 2021"}),
    ("Forløber som planlagt.", {"state": "in_progress"}),
    ("Afsluttet.", {"state": "completed"}),
    ("Afsluttet pr. 1. april 2024.", {"state": "completed", "since": "1. april 2024"}),
    ("Gennemført i efteråret 2024.", {"state": "completed", "since": "efteråret 2024"}),
    ("I drift", {"state": "in_operation"}),
    ("Indgår i den daglige drift.", {"state": "in_operation"}),
    ("I almindelig drift siden 1. januar 2022.", {"state": "in_operation", "since": "1. januar 2022"}),
    ("Implementeret i alle klynger i 2022.", {"state": "in_operation", "since": "2022"}),
    ("Opgivet pga. manglende finansiering.", {"state": "cancelled", "cause": "economy"}),
    ("Aflyst.", {"state": "cancelled"}),
    ("Genoptages ikke.", {"state": "cancelled"}),
    ("På pause.", {"state": "on_hold", "flags": ["on_hold_without_date"]}),
    ("Stillet i bero siden uge 34 2024.",
     {"state": "on_hold", "since": "uge 34 2024", "flags": ["on_hold_without_date"]}),
    # Moved
    ("UDSAT TIL 2. KVARTAL 2021", {"state": "postponed", "new_date": "2. KVARTAL 2021"}),
    ("Udskudt til møde den 3. marts 2022.", {"state": "postponed", "new_date": "3. marts 2022"}),
    ("Udsat fra 2. kvartal 2020 til 2. kvartal 2021.",
     {"state": "postponed", "planned": "2. kvartal 2020", "new_date": "2. kvartal 2021"}),
    ("Rykket til efteråret 2021 grundet corona.",
     {"state": "postponed", "new_date": "efteråret 2021", "cause": "covid_19"}),
    ("Sat på standby fra marts 2020 til 1. kvartal 2021.",
     {"state": "on_hold", "since": "marts 2020", "new_date": "1. kvartal 2021"}),
    ("Forsinket fra 1. kvartal 2021 til 3. kvartal 2021.",
     {"state": "delayed", "planned": "1. kvartal 2021", "new_date": "3. kvartal 2021"}),
    ("Skulle være startet 1. kvartal 2020, men er udskudt til 2021.",
     {"state": "postponed", "planned": "1. kvartal 2020", "new_date": "2021"}),
    ("Udsat. Genoptages (2. kvartal 2021).", {"state": "postponed", "new_date": "2. kvartal 2021"}),
    ("Samarbejdet er forlænget til udgangen af 2024.", {"state": "in_progress", "new_date": "udgangen af 2024"}),
    # "Udsat" and "standby" cancel an earlier new date, "forsinket" keeps it
    ("Udsat til 2. kvartal 2021. Udsat igen pga. rekrutteringsproblemer.",
     {"state": "postponed", "cause": "staffing", "flags": ["postponed_without_date"]}),
    ("Udsat til 2. kvartal 2021. Sat på standby.", {"state": "on_hold", "flags": ["on_hold_without_date"]}),
    ("Udsat til 2. kvartal 2021. Forsinket.", {"state": "delayed", "new_date": "2. kvartal 2021"}),
    ("Planlagt til 2. kvartal 2020, udsat til 2. kvartal 2021, forventes nu igangsat 4. kvartal 2021.",
     {"state": "postponed", "planned": "2. kvartal 2020", "new_date": "4. kvartal 2021"}),
    # The last statement about the item decides; a promise or a parenthesis after it does not
    ("Forsinket, men nu i gang igen.", {"state": "in_progress"}),
    ("I gang, men forsinket.", {"state": "delayed"}),
    ("Tidligere udsat. Nu i drift.", {"state": "in_operation"}),
    ("Igangsat 1. september 2019. Afsluttet ultimo 2020.",
     {"state": "completed", "started": "1. september 2019", "since": "ultimo 2020"}),
    ("Forsinket. Forventes afsluttet 2. kvartal 2022.", {"state": "delayed", "new_date": "2. kvartal 2022"}),
    ("I gang. Forventes afsluttet ultimo 2024.", {"state": "in_progress", "planned": "ultimo 2024"}),
    ("I gang (workshop afsluttet i marts 2021).",
     {"state": "in_progress", "milestones": [{"title": "workshop afsluttet", "date": "marts 2021"}]}),
    ("I gang. Temadrøftelse planlagt til 20. november 2020.",
     {"state": "in_progress", "milestones": [{"title": "Temadrøftelse planlagt", "date": "20. november 2020"}]}),
    # A part is not the item
    ("Evalueringen er afsluttet.", {"state": "in_progress"}),
    ("Fase 1 er afsluttet. Fase 2 igangsættes i 2022.",
     {"state": "in_progress", "milestones": [{"title": "Fase 2 igangsættes", "date": "2022"}]}),
    ("Workshop afholdt i marts 2021. Rapport behandles på møde 3. juni 2021.",
     {"state": "in_progress", "milestones": [{"title": "Rapport behandles på møde", "date": "3. juni 2021"}]}),
    ("I drift siden 2021. Evaluering er udsat til 2023.",
     {"state": "in_operation", "since": "2021", "milestones": [{"title": "Evaluering er udsat", "date": "2023"}]}),
    # Promises without a date
    ("Udsat. Genoptages.", {"state": "postponed", "flags": ["promise_without_date", "postponed_without_date"]}),
    ("Genoptages.", {"flags": ["promise_without_date", "no_state"]}),
    ("Udsat på ubestemt tid.", {"state": "postponed", "flags": ["postponed_without_date"]}),
    # Causes
    ("Udsat til 2022 på grund af manglende personale.",
     {"state": "postponed", "new_date": "2022", "cause": "staffing"}),
    ("Forsinket pga. it-leverandøren.", {"state": "delayed", "cause": "it"}),
    ("Forsinket pga. overenskomstkonflikt, ny frist 1. maj 2021.",
     {"state": "delayed", "new_date": "1. maj 2021", "cause": "labour_conflict"}),
    ("Afventer ny lovgivning, forventes genoptaget i Q3 2024.",
     {"state": "on_hold", "new_date": "Q3 2024", "cause": "legislation"}),
    ("Afventer national sundhedsreform.",
     {"state": "on_hold", "cause": "awaiting_reform", "flags": ["on_hold_without_date", "awaits_reform"]}),
    ("Udsat (COVID-19) til 2022.", {"state": "postponed", "new_date": "2022", "cause": "covid_19"}),
    ("Udsat til 2022 pga. ferie.", {"state": "postponed", "new_date": "2022", "cause": "other"}),
    ("Status: Udsat. Årsag: Rekrutteringsudfordringer. Ny dato: 1. halvår 2025.",
     {"state": "postponed", "new_date": "1. halvår 2025", "cause": "staffing"}),
    # What cannot be read
    ("Udsat. Genoptages i 5. kvartal 2021.", {"state": "postponed", "flags": ["unreadable_period"]}),
    ("Udsat til 31. februar 2021.", {"state": "postponed", "flags": ["unreadable_period"]}),
    ("Udsat til foråret.", {"state": "postponed", "new_date": "foråret", "flags": ["year_missing"]}),
    # Words that only look like a status
    ("Patienter i akut/planlagt forløb.", {"flags": ["no_state"]}),
    ("Akutte og planlagte indlæggelser.", {"flags": ["no_state"]}),
    ("Indsats for socialt udsatte borgere.", {"flags": ["no_state"]}),
    ("I forlængelse af sundhedsvisitationerne.", {"flags": ["no_state"]}),
    ("Ikke længere forsinket. I gang.", {"state": "in_progress"}),
    ("", {"flags": ["no_state"]}),
    ("Se bilag.", {"flags": ["no_state"]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PHRASES)
def test_phrases(text, expected):
    assert reading(text) == expected


def test_a_year_that_is_assumed_is_flagged():
    assert reading("Udsat til foråret.", today=AS_OF) == {
        "state": "postponed",
        "new_date": "foråret",
        "flags": ["year_assumed"],
    }


def test_an_unreadable_period_is_kept_with_its_reason():
    (found,) = read_status("Udsat. Genoptages i 5. kvartal 2021.").unreadable
    assert (found.words, found.error.reason_code) == ("5. kvartal 2021", "quarter_out_of_range")


# --- What must hold for any text --------------------------------------------------------------------------------------

WORDS = """
    Udsat udsat Genoptages genoptages. Forsinket forsinket Planlagt planlagt igangsat igangsættes standby
    siden til fra i pga. COVID-19 men og, ; . ( ) 1) 2) primo ultimo 2020 2021 2. 5. kvartal marts november
    20. uge 34 54 evaluering Evaluering forventes færdig afsluttet drift reform afventer nedsættes gruppe
    Årsag: Q3 2024 – løbende foråret workshop møde behandles senest opgivet ikke
"""
SCRAPS = st.sampled_from([*WORDS.split(), "\n", "\n\n", "\u00ad", "kvar-\ntal", "COVID-\n19"])


INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # the reader looks through them too


def check(text, found):
    """No invented dates: every period read is in the text, where it says it is."""
    plain = found.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["state"] is None or plain["state"] in STATES
    assert plain["cause"] is None or plain["cause"] in status_words.CAUSES
    assert set(plain["flags"]) <= set(FLAGS)
    reads = [found.planned, found.started, found.since, found.new_date, *(item.when for item in found.milestones)]
    for read in filter(None, [*reads, *found.unreadable]):
        assert 0 <= read.start < read.end <= len(text)
        squeezed = "".join(text[read.start : read.end].translate(INVISIBLE).split())
        assert squeezed.replace("-", "") == "".join(read.words.split()).replace("-", "")
    for span in filter(None, [found.state_span, found.cause_span]):
        assert 0 <= span[0] <= span[1] <= len(text)
    if found.state is None:
        assert "no_state" in found.flags


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text):
    check(text, read_status(text))


@given(st.lists(SCRAPS, max_size=30).map(" ".join), st.sampled_from([None, AS_OF]))
@settings(max_examples=200)
def test_any_jumble_of_status_words_is_read_and_nothing_is_invented(text, today):
    check(text, read_status(text, today=today))


def check_years(text, found):
    """The year of a period stands in the text, or the period says that it was filled in."""
    numbers = set(re.findall(r"\d{4}", text.translate(INVISIBLE))) | {
        f"20{short}" for short in re.findall(r"\d\d", text)
    }
    reads = [found.planned, found.started, found.since, found.new_date, *(item.when for item in found.milestones)]
    for read in filter(None, reads):
        if read.period is None or read.period.year_assumed or not read.period.is_dated:
            continue
        # The last day of a winter lies in the year after the one named.
        assert {str(read.period.first_day.year), str(read.period.last_day.year)} & numbers
    assumed = any(read.period is not None and read.period.year_assumed for read in filter(None, reads))
    assert not assumed or "year_assumed" in found.flags


STRANGE = st.sampled_from([*"\x00\x1b\x7f\u202e\u200f\u2066\ufeffİß🙂👩🏽‍⚕️٣٢٠٢١שאم", "\ud800", "٢٠٢١", "ﬁ", "x" * 400])


@given(st.lists(st.one_of(SCRAPS, STRANGE), max_size=20), st.sampled_from(["", " ", "\u2029", "\x0b"]))
@example(["20.", "\ufeff", "kvartal"], "")
@settings(max_examples=150)
def test_control_characters_emoji_and_other_scripts_are_read_without_a_fault(scraps, joint):
    text = joint.join(scraps)
    found = read_status(text, today=AS_OF)
    check(text, found)
    assert found.as_dict() == read_status(text, today=AS_OF).as_dict()


@given(st.lists(SCRAPS, max_size=20).map(" ".join), st.sampled_from([None, date(1987, 6, 5)]))
@settings(max_examples=200)
def test_no_year_comes_from_nowhere(text, today):
    check_years(text, read_status(text, today=today))


@given(st.lists(SCRAPS, max_size=20).map(" ".join), st.sampled_from(["da", "en"]))
@settings(max_examples=150)
def test_what_is_read_reads_back_the_same_when_printed(text, language):
    found = read_status(text)
    reads = [found.planned, found.started, found.since, found.new_date, *(item.when for item in found.milestones)]
    for period in [read.period for read in filter(None, reads) if read.period is not None]:
        again = parse_period(format_period(period, language=language))
        assert (again.precision, again.first_day, again.last_day) == (
            period.precision,
            period.first_day,
            period.last_day,
        )


# The examples of the rules that are periods: each is found in a cell and stands for its last day.
PERIODS = [
    ("2. kvartal 2021", "2021-06-30"),
    ("andet kvartal 2021", "2021-06-30"),
    ("2. kvt. 2021", "2021-06-30"),
    ("Q2 2021", "2021-06-30"),
    ("2021K2", "2021-06-30"),
    ("K2 2021", "2021-06-30"),
    ("1. halvår 2025", "2025-06-30"),
    ("første halvår 2025", "2025-06-30"),
    ("primo 2020", "2020-04-30"),
    ("medio 2024", "2024-08-31"),
    ("ultimo 2024", "2024-12-31"),
    ("primo november 2019", "2019-11-10"),
    ("november 2019", "2019-11-30"),
    ("nov. 2019", "2019-11-30"),
    ("20. november 2020", "2020-11-20"),
    ("20.11.2020", "2020-11-20"),
    ("20/11-2020", "2020-11-20"),
    ("uge 34 2024", "2024-08-25"),
    ("efterår 2024", "2024-11-30"),
    ("efteråret 2024", "2024-11-30"),
    ("foråret 2021", "2021-05-31"),
    ("inden udgangen af 2023", "2023-12-31"),
    ("senest 1. april 2026", "2026-04-01"),
    ("Q3 2024 – Q1 2025", "2025-03-31"),
    ("2025", "2025-12-31"),
]


@pytest.mark.parametrize(("words", "last_day"), PERIODS)
@pytest.mark.parametrize("cell", ["Planlagt {}.", "Planlagt igangsat {}, se bilag 3.", "Planlagt\n{}\n"])
def test_the_periods_of_the_rules_in_a_cell(words, last_day, cell):
    found = read_status(cell.format(words))
    assert (found.state, found.planned.words, str(found.planned.last_day)) == ("planned", words, last_day)


@pytest.mark.parametrize("words", ["5. kvartal 2021", "31. februar 2021", "uge 54 2024"])
def test_the_nonsense_of_the_rules_in_a_cell(words):
    found = read_status(f"Planlagt til {words}.")
    assert (found.planned, [read.words for read in found.unreadable]) == (None, [words])


# The sentences of the rules.
RULES = [
    ("Igangsat.", {"state": "in_progress"}),
    ("Igangsættes.", {"state": "planned", "flags": ["promise_without_date"]}),
    ("Udsat til 2. kvartal 2021. Forsinket.", {"state": "delayed", "new_date": "2. kvartal 2021"}),
    ("Udsat til 2021. Forventes igangsat.", {"state": "postponed", "new_date": "2021"}),
    ("I gang. (Udsat i Vestklyngen.)", {"state": "in_progress"}),
    ("Arbejdet er i forlængelse af aftalen fra 2019.", {"flags": ["no_state"]}),
    ("Akut/planlagt behandling.", {"flags": ["no_state"]}),
    ("Sat på standby siden marts 2020.",
     {"state": "on_hold", "since": "marts 2020", "flags": ["on_hold_without_date"]}),
    ("Trådte i kraft 1. september 2019.", {"state": "in_progress", "started": "1. september 2019"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RULES)
def test_the_sentences_of_the_rules(text, expected):
    assert reading(text) == expected


@given(st.lists(SCRAPS, max_size=30).map(" ".join))
def test_reading_twice_gives_the_same(text):
    assert read_status(text).as_dict() == read_status(text).as_dict()


PHRASED = [kind for kind in status_words.KINDS if kind.phrases is not None]
WORDED = [(kind.name, word) for kind in status_words.KINDS for word in sorted(kind.words)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", PHRASED, ids=lambda kind: kind.name)
def test_every_phrase_is_reached_through_its_first_words(kind):
    """Only the words listed are looked at closely, and those that are everywhere only before what may follow them."""

    @given(st.from_regex(kind.phrases, fullmatch=True))
    @settings(max_examples=50, suppress_health_check=list(HealthCheck))
    def reached(text):
        low = text.lower()
        if low.isascii() or set(low) <= set("abcdefghijklmnopqrstuvwxyzæøå \n\t-/,."):
            scanned = scan(lowered(low), [(0, len(low))])
            assert scanned.stated[0]
            assert scanned.stated[0][0][1] == 0

    reached()


@pytest.mark.parametrize("rest", ["", ", ł"], ids=["danish", "with a letter from abroad"])
@pytest.mark.parametrize(("kind", "word"), WORDED)
def test_a_single_word_is_a_statement_as_far_as_it_reaches(kind, word, rest):
    text = f"og {word}{rest}"
    names = [each.name for each in status_words.KINDS]
    [[(found, start, end)]] = scan(lowered(text), [(0, len(text))]).stated
    assert names.index(found) <= names.index(kind)
    assert text[start:end] == word


@pytest.mark.parametrize("text", ["udsatł", "łudsat", "Łudsatł.", "udsatly", "genudsat", "udsat_2"])
def test_a_word_inside_a_longer_one_is_no_statement(text):
    assert read_status(text).state is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "scrap",
    [
        "Udsat til 2. kvartal 2021. ",
        "(2021 ",
        "udsat 2021 ",
        "pga. ",
        "når reform ",
        "1) ",
        "- \n",
        "og 2021, ",
        "startes og ",
    ],
)
def test_a_long_cell_takes_no_long_time(scrap):
    """Work grows with the length of the text and not with its square: this takes a tenth of a second, or ten."""
    begun = time.process_time()
    reading = read_status(scrap * 3_000)
    assert time.process_time() - begun < 3
    check(scrap * 3_000, reading)


def test_what_has_been_read_is_remembered_and_the_same() -> None:
    words = "Udsat pga. COVID-19. Genoptages i 2. kvartal 2021."
    first = read_status(words, today=date(2020, 11, 5))
    assert read_status(words, today=date(2020, 11, 5)) is first
    assert read_status(words, today=date(2021, 11, 5)) == first  # another day is read anew
    undated = "Genoptages i 2. kvartal."
    assert read_status(undated, today=date(2020, 1, 1)) != read_status(undated, today=date(2021, 1, 1))
    long = f"{words} " * 60
    assert read_status(long) == read_status(long)
    assert read_status(long) is not read_status(long)
