"""What is shipped, on every goal, indicator and area page."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from indicators.models import Area, Goal, Indicator

PLACES = ("", "?omraade=791", "?omraade=klynge-midtklyngen", "?omraade=oestdanmark")


def words(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_real_content_on_every_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 everywhere, no blank without its word, no full stop twice, and both figures of the one that was corrected."""
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    monkeypatch.setattr("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs))
    call_command("load_demo", "--without-users", stdout=StringIO())
    addresses = [f"/maal/{slug}/" for slug in Goal.objects.values_list("slug", flat=True)]
    addresses += [f"/indikatorer/{code}/" for code in Indicator.objects.values_list("code", flat=True)]
    larger = Area.objects.exclude(kind="municipality").values_list("code", flat=True)
    areas = [f"/omraader/{code}/" for code in (*larger, "791", "825")]
    assert len(addresses) + len(areas) > 100
    for address in [*addresses, "/", "/maal/", *areas]:
        for place in PLACES if address not in areas else PLACES[:1]:  # an area's page is about that area
            response = client.get(address + place)
            body = response.content.decode()
            assert response.status_code == 200, address + place
            assert '<span class="sa-blank"></span>' not in body, address + place
            assert "pct.." not in words(body), address + place
            assert "None" not in words(body), address + place
    physical = words(client.get("/indikatorer/fysisk-aktivitet-skoleboern/").content.decode())
    assert "27,1" in physical
    assert "37,1" in physical
