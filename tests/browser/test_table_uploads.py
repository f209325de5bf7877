"""A data steward hands over a table or pastes a report's, sees how it is read, and the figures wait for a decision."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Site, Watched

STEWARD = """
from django.contrib.auth.models import Permission
from sundhedsaftale.models import User
user, made = User.objects.get_or_create(email="talfolk@example.dk", defaults={"name": "Dataansvarlig (demo)"})
user.set_password("demo-demo-demo")
user.save()
user.user_permissions.add(Permission.objects.get(codename="steward_data"))
"""
TABLE = "Tabel 3\r\n\r\nOmråde;2023;2024\r\nHele landet;11,0;10,9\r\nNordjylland;10,7;10,2\r\n"


def test_a_table_is_looked_at_and_kept(watched: Watched, site: Site) -> None:
    site.manage("shell", "--no-imports", "-c", STEWARD)
    page = watched.sign_in("talfolk@example.dk")
    page.goto(f"{site.url}/data/")
    page.get_by_role("link", name="Indlæs en fil med tal").click()
    watched.check("hand over")
    size = page.viewport_size
    assert size is not None
    page.get_by_label("Navn på en ny kilde").fill(f"Afleveret tabel {size['width']}")
    page.locator("#id_file").set_input_files(
        {"name": "tal.csv", "mimeType": "text/csv", "buffer": TABLE.encode("windows-1252")}
    )
    page.get_by_role("button", name="Se på filen").click()
    expect(page.get_by_text("Windows-1252")).to_be_visible()
    expect(page.get_by_label("Kolonne A")).to_have_value("area")
    expect(page.get_by_label("Rækker over overskrifterne")).to_have_value("2")
    watched.check("preview")
    address = page.url
    page.get_by_role("button", name="Gem for kilden").click()
    expect(page.get_by_role("alert")).to_contain_text("indikator")
    watched.messages = [line for line in watched.messages if "422" not in line]
    watched.check("something is missing")
    page.goto(f"{site.url}/data/indlaes/")
    page.get_by_role("link", name=f"Afleveret tabel {size['width']}").click()
    expect(page).to_have_url(address)


REPORT = (
    "| MÅL | INDIKATORER | HELE LANDET | NORDJYLLAND |\n|--|--|--|--|\n"
    "| | Akutte somatiske genindlæggelser indenfor 30 dage, pct. ¹ | ● 11 ● | 10,9 |\n"
    "\n| REGION MIDTJYLLAND | DAGLIGE RYGERE, PCT. |\n| HORSSENS | 13,0 |\n| {} | 12,0 |\n"
)


def test_a_report_is_pasted_and_waits_for_a_decision(watched: Watched, site: Site) -> None:
    size = watched.page.viewport_size
    assert size is not None
    name = f"Indsat rapport {size['width']}"
    site.manage("shell", "--no-imports", "-c", STEWARD)
    page = watched.sign_in("talfolk@example.dk")
    page.goto(f"{site.url}/data/")
    page.get_by_role("link", name="Indsæt en rapports tabeller").click()
    page.get_by_label("Rapportens tabeller").fill(REPORT.format("VIBORRG"))
    page.get_by_label("Navn på en ny rapport").fill(name)
    page.get_by_label("Tallenes periode").fill("2025")
    page.get_by_label("Hvilke mål handler rapporten om?").select_option("nationale-maal")
    page.get_by_role("button", name="Læs tabellerne").click()
    expect(page.get_by_text("Nærmest: Viborg")).to_be_visible()
    watched.check("a row is refused")
    page.get_by_role("link", name="Indsæt teksten på ny").click()
    expect(page.locator("#id_source option:checked")).to_have_text(name)
    page.get_by_label("Rapportens tabeller").fill(REPORT.format("VIBORG"))
    page.get_by_role("button", name="Læs tabellerne").click()
    expect(page.get_by_text("Linje 6, celle 2")).to_be_visible()  # another period last time: it must be said
    page.get_by_label("Rækker med deres egen periode").fill("Daglige rygere, kommuner = 2025")
    page.get_by_role("button", name="Gem, og læs teksten igen").click()
    expect(page.get_by_text("4 tal er læst.")).to_be_visible()
    expect(page.get_by_text("læst som Horsens")).to_be_visible()
    watched.check("preview of a text")
    page.get_by_role("button", name="Sammenlign med de tal, vi har").click()
    expect(page.get_by_role("heading", name=f"Venter på godkendelse: {name}")).to_be_visible(timeout=30_000)


UNKNOWN = """
from django.utils import timezone
from indicators.actions.mappings import note_unknown_names
from indicators.models import DataSource
note_unknown_names(
    source=DataSource.objects.get(name="nationale_maal"), names={NAME: "A3"}, now=timezone.now(), by=None
)
"""


def test_an_unknown_name_is_explained_with_one_press(watched: Watched, site: Site) -> None:
    size = watched.page.viewport_size
    assert size is not None
    name = f"Nordjyland{'' if size['width'] > 800 else 'd'}"  # the widths share one site, and a name is mapped once
    site.manage("shell", "--no-imports", "-c", STEWARD)
    site.manage("shell", "--no-imports", "-c", f"NAME = {name!r}\n{UNKNOWN}")
    page = watched.sign_in("talfolk@example.dk")
    page.goto(f"{site.url}/data/ukendte-navne/")
    watched.check("unknown names")
    entry = page.locator(".sa-unknowns > li").filter(has=page.get_by_role("heading", name=name, exact=True))
    entry.get_by_role("button", name="Nordjylland").click()
    expect(page.get_by_text(f"»{name}« betyder fra nu af")).to_be_visible()
    watched.check("explained")
