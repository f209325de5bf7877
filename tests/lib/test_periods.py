"""Imprecise periods are read, printed and compared; what names no period is refused with its reason."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.lib import periods
from sundhedsaftale.lib.periods import Period, PeriodError, find_periods, format_period, model, parse_period

NBSP = "\u00a0"
IN_NOVEMBER_2020 = date(2020, 11, 5)

READ = [
    ("2. kvartal 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("2.kvartal 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("2 kvartal 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("2. Kvartal 2021", "quarter", "2021-04-01", "2021-06-30"),
    (f"2.{NBSP}kvartal{NBSP}2021", "quarter", "2021-04-01", "2021-06-30"),
    ("2. kvartal\n2021", "quarter", "2021-04-01", "2021-06-30"),
    ("2. kvartal i 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("i 2. kvartal 2021.", "quarter", "2021-04-01", "2021-06-30"),
    ("andet kvartal 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("fjerde kvartal af 2021", "quarter", "2021-10-01", "2021-12-31"),
    ("2. kvt. 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("2. kvt 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("Q2 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("K2 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("2021K2", "quarter", "2021-04-01", "2021-06-30"),
    ("2021Q2", "quarter", "2021-04-01", "2021-06-30"),
    ("kvartal 2 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("1. halvår 2025", "half_year", "2025-01-01", "2025-06-30"),
    ("første halvår 2025", "half_year", "2025-01-01", "2025-06-30"),
    ("andet halvår 2025", "half_year", "2025-07-01", "2025-12-31"),
    ("anden halvdel af 2025", "half_year", "2025-07-01", "2025-12-31"),
    ("2025H1", "half_year", "2025-01-01", "2025-06-30"),
    ("H2 2025", "half_year", "2025-07-01", "2025-12-31"),
    ("primo 2020", "part", "2020-01-01", "2020-04-30"),
    ("medio 2024", "part", "2024-05-01", "2024-08-31"),
    ("ultimo 2024", "part", "2024-09-01", "2024-12-31"),
    ("starten af 2020", "part", "2020-01-01", "2020-04-30"),
    ("i slutningen af 2024", "part", "2024-09-01", "2024-12-31"),
    ("primo 2. halvår 2025", "part", "2025-07-01", "2025-08-31"),
    ("ultimo første halvår 2025", "part", "2025-05-01", "2025-06-30"),
    ("medio 2. kvartal 2021", "part", "2021-05-01", "2021-05-31"),
    ("primo november 2020", "part", "2020-11-01", "2020-11-10"),
    ("medio februar 2021", "part", "2021-02-11", "2021-02-20"),
    ("ultimo februar 2024", "part", "2024-02-21", "2024-02-29"),
    ("november 2019", "month", "2019-11-01", "2019-11-30"),
    ("November 2019", "month", "2019-11-01", "2019-11-30"),
    ("nov. 2019", "month", "2019-11-01", "2019-11-30"),
    ("nov 2019", "month", "2019-11-01", "2019-11-30"),
    ("sept. 2019", "month", "2019-09-01", "2019-09-30"),
    ("november, 2019", "month", "2019-11-01", "2019-11-30"),
    ("siden marts 2020", "month", "2020-03-01", "2020-03-31"),
    ("2024M03", "month", "2024-03-01", "2024-03-31"),
    ("2024-03", "month", "2024-03-01", "2024-03-31"),
    ("20. november 2020", "day", "2020-11-20", "2020-11-20"),
    ("den 20. november 2020", "day", "2020-11-20", "2020-11-20"),
    ("fredag den 20. november 2020", "day", "2020-11-20", "2020-11-20"),
    ("d. 20. nov. 2020", "day", "2020-11-20", "2020-11-20"),
    ("20.11.2020", "day", "2020-11-20", "2020-11-20"),
    ("5.11.2020", "day", "2020-11-05", "2020-11-05"),
    ("20/11-2020", "day", "2020-11-20", "2020-11-20"),
    ("20/11 2020", "day", "2020-11-20", "2020-11-20"),
    ("20/11/2020", "day", "2020-11-20", "2020-11-20"),
    ("20/11-20", "day", "2020-11-20", "2020-11-20"),
    ("20-11-2020", "day", "2020-11-20", "2020-11-20"),
    ("2020-11-20", "day", "2020-11-20", "2020-11-20"),
    ("29. februar 2024", "day", "2024-02-29", "2024-02-29"),
    ("senest 1. april 2026", "day", "2026-04-01", "2026-04-01"),
    ("pr. 1. januar 2027", "day", "2027-01-01", "2027-01-01"),
    ("uge 34 2024", "week", "2024-08-19", "2024-08-25"),
    ("uge 34, 2024", "week", "2024-08-19", "2024-08-25"),
    ("uge 34 i 2024", "week", "2024-08-19", "2024-08-25"),
    ("uge 1 2026", "week", "2025-12-29", "2026-01-04"),
    ("uge 53 2026", "week", "2026-12-28", "2027-01-03"),
    ("efterår 2024", "season", "2024-09-01", "2024-11-30"),
    ("efteråret 2024", "season", "2024-09-01", "2024-11-30"),
    ("i foråret 2021", "season", "2021-03-01", "2021-05-31"),
    ("sommeren 2022", "season", "2022-06-01", "2022-08-31"),
    ("vinteren 2023/2024", "season", "2023-12-01", "2024-02-29"),
    ("vinteren 2023/24", "season", "2023-12-01", "2024-02-29"),
    ("2025", "year", "2025-01-01", "2025-12-31"),
    ("i løbet af 2025", "year", "2025-01-01", "2025-12-31"),
    ("inden udgangen af 2023", "year", "2023-01-01", "2023-12-31"),
    ("senest ved udgangen af 2023", "year", "2023-01-01", "2023-12-31"),
    ("udgangen af 2. kvartal 2023", "quarter", "2023-04-01", "2023-06-30"),
    ("inden udgangen af marts 2023", "month", "2023-03-01", "2023-03-31"),
    ("Q3 2024 – Q1 2025", "range", "2024-07-01", "2025-03-31"),
    ("Q3 2024-Q1 2025", "range", "2024-07-01", "2025-03-31"),
    ("Q3-Q4 2024", "range", "2024-07-01", "2024-12-31"),
    ("3. kvartal 2024 til 1. kvartal 2025", "range", "2024-07-01", "2025-03-31"),
    ("1.-2. kvartal 2021", "range", "2021-01-01", "2021-06-30"),
    ("1. og 2. kvartal 2021", "range", "2021-01-01", "2021-06-30"),
    ("2019-2023", "range", "2019-01-01", "2023-12-31"),
    ("2019–2023", "range", "2019-01-01", "2023-12-31"),
    ("2019:2023", "range", "2019-01-01", "2023-12-31"),
    ("2020/21", "range", "2020-01-01", "2021-12-31"),
    ("fra 2020 til 2022", "range", "2020-01-01", "2022-12-31"),
    ("maj-juni 2021", "range", "2021-05-01", "2021-06-30"),
    ("maj og juni 2021", "range", "2021-05-01", "2021-06-30"),
    ("mellem maj og august 2022", "range", "2022-05-01", "2022-08-31"),
    ("november – februar 2021", "range", "2020-11-01", "2021-02-28"),
    ("1.-3. maj 2021", "range", "2021-05-01", "2021-05-03"),
    ("1. maj – 15. juni 2021", "range", "2021-05-01", "2021-06-15"),
    ("1. maj 2020 til 3. juni", "range", "2020-05-01", "2020-06-03"),
    ("uge 34-36 2024", "range", "2024-08-19", "2024-09-08"),
    ("årsskiftet 2020/2021", "range", "2020-12-31", "2021-01-01"),
    ("Q2 2021", "quarter", "2021-04-01", "2021-06-30"),
    ("20 November 2020", "day", "2020-11-20", "2020-11-20"),
    ("November 20, 2020", "day", "2020-11-20", "2020-11-20"),
    ("first half of 2025", "half_year", "2025-01-01", "2025-06-30"),
    ("by the end of 2023", "year", "2023-01-01", "2023-12-31"),
    ("autumn 2024", "season", "2024-09-01", "2024-11-30"),
]
WITHOUT_DAYS = [
    ("løbende", "ongoing"), ("Løbende", "ongoing"), ("ongoing", "ongoing"), ("", "none"), ("  ", "none"), ("-", "none"),
    ("–", "none"), ("ingen dato", "none"), ("uden ny dato", "none"), ("ikke fastlagt", "none"), ("no date", "none"),
]  # fmt: skip
REFUSED = [
    ("5. kvartal 2021", "quarter_out_of_range"),
    ("5. kvartal", "quarter_out_of_range"),
    ("0. kvartal 2021", "quarter_out_of_range"),
    ("femte kvartal 2021", "quarter_out_of_range"),
    ("Q5 2021", "quarter_out_of_range"),
    ("2021K5", "quarter_out_of_range"),
    ("3. halvår 2021", "half_year_out_of_range"),
    ("2021H3", "half_year_out_of_range"),
    ("31. februar 2021", "day_not_in_month"),
    ("31. februar", "day_not_in_month"),
    ("29. februar 2021", "day_not_in_month"),
    ("31.04.2021", "day_not_in_month"),
    ("0. maj 2021", "day_not_in_month"),
    ("20.13.2020", "month_out_of_range"),
    ("2024M13", "month_out_of_range"),
    ("uge 54", "week_out_of_range"),
    ("uge 54 2024", "week_out_of_range"),
    ("uge 53 2024", "week_out_of_range"),
    ("uge 0 2024", "week_out_of_range"),
    ("2. kvartal 3021", "year_out_of_range"),
    ("Q1 2025 – Q3 2024", "range_backwards"),
    ("2023-2019", "range_backwards"),
    ("foråret", "year_missing"),
    ("november", "year_missing"),
    ("2. kvartal", "year_missing"),
    ("29. februar", "year_missing"),
    ("uge 34", "year_missing"),
    ("inden årets udgang", "year_missing"),
    ("snart", "not_understood"),
    ("2020 eller 2021", "not_understood"),
    ("2. kvartal 2021 og 4. kvartal 2022 og senere", "not_understood"),
    ("20", "not_understood"),
    ("202", "not_understood"),
    ("20210", "not_understood"),
    ("kvartal 2021", "not_understood"),
    ("efter aftale", "not_understood"),
]


@pytest.mark.parametrize(("text", "precision", "first", "last"), READ)
def test_read(text, precision, first, last):
    period = parse_period(text)
    assert (period.precision, str(period.first_day), str(period.last_day)) == (precision, first, last)
    assert period.deadline == period.last_day
    assert not period.year_assumed
    assert period.words == " ".join(text.split())


@pytest.mark.parametrize(("text", "precision"), WITHOUT_DAYS)
def test_periods_without_days(text, precision):
    period = parse_period(text)
    assert (period.precision, period.first_day, period.last_day) == (precision, None, None)
    assert not period.is_dated


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_refused_with_a_reason(text, reason):
    with pytest.raises(PeriodError) as error:
        parse_period(text)
    assert error.value.reason_code == reason
    assert error.value.words == text
    assert str(error.value) == periods.REASONS[reason] % error.value.message_values


def test_the_reason_carries_what_a_sentence_needs():
    with pytest.raises(PeriodError) as error:
        parse_period("31. april 2021")
    assert error.value.message_values == {"day": 31, "month": 4, "year": 2021, "last": 30}
    with pytest.raises(PeriodError) as error:
        parse_period("uge 53 2024")
    assert error.value.message_values == {"number": 53, "year": 2024, "last": 52}


@pytest.mark.parametrize(
    ("text", "first"),
    [("foråret", "2020-03-01"), ("november", "2020-11-01"), ("2. kvartal", "2020-04-01"), ("uge 34", "2020-08-17"),
     ("20. november", "2020-11-20"), ("årets udgang", "2020-01-01"), ("maj-juni", "2020-05-01")],
)  # fmt: skip
def test_a_missing_year_is_that_of_the_day_and_said_to_be_assumed(text, first):
    period = parse_period(text, today=IN_NOVEMBER_2020)
    assert str(period.first_day) == first
    assert period.year_assumed


def test_the_words_are_kept_as_written():
    assert parse_period(" senest   1. april 2026 ").words == "senest 1. april 2026"
    assert parse_period("Q3 2024 – Q1 2025").words == "Q3 2024 – Q1 2025"


# --- In prose ---------------------------------------------------------------------------------------------------------


def words_in(text, today=None):
    return [found.words for found in find_periods(text, today=today)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Planlagt igangsat primo 2020, men udsat.", ["primo 2020"]),
        ("Genoptages i 2. kvartal 2021.", ["2. kvartal 2021"]),
        ("på møde 20. \nnovember 2020.", ["20. november 2020"]),
        ("November 2019 er der igangsat; standby siden marts 2020.", ["November 2019", "marts 2020"]),
        (
            "Færdig senest 1. april 2026 eller inden udgangen af 2027.",
            ["senest 1. april 2026", "inden udgangen af 2027"],
        ),
        ("Temadrøftelser i 2021.", ["2021"]),
        ("(Projekt livets afslutning i Midtklyngen, januar 2021)", ["januar 2021"]),
        ("Fra 3. kvartal 2024 til 1. kvartal 2025.", ["3. kvartal 2024 til 1. kvartal 2025"]),
        ("Planlagt 5. kvartal 2021 og uge 54.", ["5. kvartal 2021", "uge 54"]),
        ("Følges løbende.", ["løbende"]),
        ("Afsluttes i efteråret.", ["efteråret"]),
        ("Møde i maj og i juni 2021", ["maj", "juni 2021"]),
        ("for\u00adåret 2021", ["foråret 2021"]),
        ("2. kvar\u00adtal\u200b 2021", ["2. kvartal 2021"]),
    ],
)
def test_found_in_prose(text, words):
    assert words_in(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "", "2021 borgere", "2024 patienter og 2020 kroner", "COVID-19", "1.234.567 kr.",
        "Maj Hansen er tovholder", "martsmøde", "version 1.2", "12.345", "kapitel 20", "K2-vitamin", "punkt 3.2021.4",
        "2024x", "nr. 20201", "5 timer", "sommerhus", "2. klasse", "3. sal", "uge", "kvartal",
        "de seneste 12 måneder", "hvert kvartal", "mål 2021.5",
    ],
)  # fmt: skip
def test_left_alone_in_prose(text):
    assert words_in(text) == []


def test_places_are_in_the_text_as_given():
    text = "Først  i\n2.  kvartal\u00a02021, så \u00ad 20. no\u00advember 2020 til sidst"
    found = find_periods(text)
    assert [text[item.start : item.end] for item in found] == ["2.  kvartal\u00a02021", "20. no\u00advember 2020"]
    assert [item.words for item in found] == ["2. kvartal 2021", "20. november 2020"]


def test_an_error_stands_where_the_words_stand():
    (found,) = find_periods("Genoptages i 5. kvartal 2021.")
    assert found.period is None
    assert (found.error.reason_code, found.error.words, found.start) == ("quarter_out_of_range", "5. kvartal 2021", 13)


def test_a_range_keeps_its_two_ends():
    (found,) = find_periods("fra 2. kvartal 2020 til 2. kvartal 2021")
    assert [part.words for part in found.parts] == ["2. kvartal 2020", "2. kvartal 2021"]
    assert found.period.precision == "range"


def test_two_periods_going_backwards_are_two_periods():
    assert words_in("Status 4. kvartal 2021 - 2. kvartal 2020") == ["4. kvartal 2021", "2. kvartal 2020"]


@pytest.mark.parametrize(("text", "precision", "first", "last"), READ)
def test_what_can_be_read_alone_is_found_in_a_sentence(text, precision, first, last):
    found = find_periods(f"Det sker {text.rstrip('.')}, siger de")
    assert [(item.period.precision, str(item.period.first_day), str(item.period.last_day)) for item in found] == [
        (precision, first, last)
    ]


@given(st.text())
def test_any_text_can_be_looked_through(text):
    end = 0
    for item in find_periods(text, today=IN_NOVEMBER_2020):
        assert end <= item.start < item.end <= len(text)
        assert (item.period is None) != (item.error is None)
        end = item.end


WORDS = st.sampled_from(
    ["2.", "kvartal", "2021", "5.", "uge", "34", "primo", "ultimo", "maj", "-", "til", "og", "halvår", "1.", "løbende",
     "foråret", "senest", "udgangen", "af", "inden", "20/11", "K2", "Q5", "31.", "februar", "(", ")", ",", "\n", "den"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12), st.sampled_from([" ", "", "\u00a0", "\n"]))
def test_any_jumble_of_period_words_is_read_or_refused(words, space):
    text = space.join(words)
    for item in find_periods(text):
        assert (item.period is None) != (item.error is None)
    with contextlib.suppress(PeriodError):
        period = parse_period(text, today=IN_NOVEMBER_2020)
        assert not period.is_dated or period.first_day <= period.last_day


# --- Printing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "da", "en"),
    [
        ("Q2 2021", f"2.{NBSP}kvartal 2021", "Q2 2021"),
        ("20.11.2020", f"20.{NBSP}november 2020", f"20{NBSP}November 2020"),
        ("uge 34 2024", f"uge{NBSP}34 2024", f"week{NBSP}34 2024"),
        ("uge 1 2026", f"uge{NBSP}1 2026", f"week{NBSP}1 2026"),
        ("nov. 2019", "november 2019", "November 2019"),
        ("første halvår 2025", f"1.{NBSP}halvår 2025", "first half of 2025"),
        ("2025", "2025", "2025"),
        ("efterår 2024", "efteråret 2024", "autumn 2024"),
        ("vinteren 2023/24", "vinteren 2023/2024", "winter 2023/2024"),
        ("starten af 2020", f"primo{NBSP}2020", f"early{NBSP}2020"),
        ("primo november 2020", f"primo{NBSP}november 2020", f"early{NBSP}November 2020"),
        ("2019-2023", "2019–2023", "2019–2023"),
        ("maj til juni 2021", "maj–juni 2021", "May–June 2021"),
        ("Q3 2024 – Q1 2025", f"3.{NBSP}kvartal 2024 – 1.{NBSP}kvartal 2025", "Q3 2024 – Q1 2025"),
        ("løbende", "løbende", "ongoing"),
        ("", "ingen dato", "no date"),
    ],
)
def test_printed(text, da, en):
    period = parse_period(text)
    assert format_period(period) == da
    assert format_period(period, language="en") == en
    assert format_period(period.first_day, period.last_day, period.precision) == da


years = st.integers(1901, 2198)
days = st.dates(date(1901, 1, 1), date(2198, 12, 31))
whole_periods = st.one_of(
    st.builds(model.year_period, years),
    st.builds(model.half_year_period, years, st.integers(1, 2)),
    st.builds(model.quarter_period, years, st.integers(1, 4)),
    st.builds(model.month_period, years, st.integers(1, 12)),
    st.builds(model.season_period, years, st.sampled_from(model.SEASONS)),
)
any_period = st.one_of(
    whole_periods,
    st.builds(lambda day: Period("day", day, day), days),
    st.builds(model.week_period, years, st.integers(1, 52)),
    st.builds(model.part_period, whole_periods, st.integers(1, 3)),
    st.builds(lambda a, b: Period("range", min(a, b), max(a, b)), days, days),
    st.builds(
        lambda a, b: model.range_period(*sorted((a, b), key=lambda period: period.first_day)),
        whole_periods,
        whole_periods,
    ).filter(lambda period: period.first_day < period.last_day),
    st.sampled_from([Period("ongoing", None, None), Period("none", None, None)]),
)


@given(any_period, st.sampled_from(["da", "en"]))
def test_what_is_printed_reads_back_as_the_same_period(period, language):
    again = parse_period(format_period(period, language=language))
    assert (again.precision, again.first_day, again.last_day) == (period.precision, period.first_day, period.last_day)


@given(whole_periods)
def test_the_three_thirds_fill_the_period(period):
    first, middle, last = (model.part_period(period, third) for third in (1, 2, 3))
    assert first.first_day == period.first_day
    assert last.last_day == period.last_day
    assert middle.first_day - first.last_day == last.first_day - middle.last_day == timedelta(days=1)


# --- Quarters and statistics ------------------------------------------------------------------------------------------


def test_slip_is_counted_in_quarters():
    assert periods.quarters_between(date(2020, 6, 30), date(2021, 6, 30)) == 4
    assert periods.quarters_between(date(2020, 12, 31), date(2021, 1, 1)) == 1
    assert periods.quarters_between(date(2021, 6, 30), date(2020, 6, 30)) == -4
    assert periods.quarter_of(date(2020, 11, 5)) == (2020, 4)


@given(days, days, days)
def test_slips_add_up(a, b, c):
    between = periods.quarters_between
    assert between(a, b) + between(b, c) == between(a, c)


@pytest.mark.parametrize(
    ("code", "precision", "first", "last", "da", "en"),
    [
        ("2023", "year", "2023-01-01", "2023-12-31", "2023", "2023"),
        ("2024M03", "month", "2024-03-01", "2024-03-31", "marts 2024", "March 2024"),
        ("2021K4", "quarter", "2021-10-01", "2021-12-31", f"4.{NBSP}kvartal 2021", "Q4 2021"),
        ("2021Q4", "quarter", "2021-10-01", "2021-12-31", f"4.{NBSP}kvartal 2021", "Q4 2021"),
        ("2025H1", "half_year", "2025-01-01", "2025-06-30", f"1.{NBSP}halvår 2025", "first half of 2025"),
        ("2019:2023", "range", "2019-01-01", "2023-12-31", "2019–2023", "2019–2023"),
        ("2019-2023", "range", "2019-01-01", "2023-12-31", "2019–2023", "2019–2023"),
        ("2024U34", "week", "2024-08-19", "2024-08-25", f"uge{NBSP}34 2024", f"week{NBSP}34 2024"),
    ],
)
def test_observation_periods(code, precision, first, last, da, en):
    period = periods.observation_period(code)
    assert (period.precision, str(period.first_day), str(period.last_day), period.words) == (
        precision,
        first,
        last,
        code,
    )
    assert periods.observation_period_label(code) == da
    assert periods.observation_period_label(code, "en") == en


@pytest.mark.parametrize(
    ("code", "years", "shifted"),
    [
        ("2023", -1, "2022"), ("2023", -2, "2021"), ("2024M03", -1, "2023M03"), ("2021K4", 1, "2022K4"),
        ("2019:2023", -1, "2018:2022"), ("2019-2023", 2, "2021-2025"), ("2025H1", 0, "2025H1"),
    ],
)  # fmt: skip
def test_shifted_observation_periods(code, years, shifted):
    assert periods.shift_observation_period(code, years) == shifted


@pytest.mark.parametrize(
    "code", ["", "20", "2024M13", "2021K5", "2023:2019", "marts 2024", "2024m03", " 2023", "2023\n"]
)
def test_codes_refused(code):
    with pytest.raises(PeriodError):
        periods.observation_period(code)


def test_week_53_has_no_counterpart_in_a_shorter_year():
    with pytest.raises(PeriodError):
        periods.shift_observation_period("2020U53", 1)


@given(st.integers(1950, 2100), st.sampled_from(["", "M01", "M12", "K1", "Q4", "H2"]), st.integers(-40, 40))
def test_shifting_there_and_back(year, unit, by):
    code = f"{year}{unit}"
    assert periods.shift_observation_period(periods.shift_observation_period(code, by), -by) == code


def test_a_period_is_whole():
    with pytest.raises(ValueError, match="precision"):
        Period("decade", date(2020, 1, 1), date(2029, 12, 31))
    with pytest.raises(ValueError, match="first and a last"):
        Period("year", date(2020, 1, 1), None)
    with pytest.raises(PeriodError):
        Period("range", date(2020, 1, 2), date(2020, 1, 1))
