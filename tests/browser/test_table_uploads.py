"""A data steward hands over a table, says what its columns hold, and the file waits for them meanwhile."""

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
