"""Drawing for real: the engine is part of what is shipped, and so is what it may not send to a page."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from indicators.charts import rendering, specs


def strip(values=(1.0, 2.0, 3.5), own=0):
    dots = [specs.Mark(f"A{index}", value, f"A{index} {value}", index == own) for index, value in enumerate(values)]
    return specs.dot_strip(dots, size="wide", axis_title="pct., ældre", country=2.2, country_label="Hele landet 2,2")


def narrow():
    return specs.bars([specs.Mark("Sjælland", 1234.5, "1.234,5")], size="narrow", axis_title="kr.")


@pytest.fixture
def empty_cache():
    cache.clear()


@pytest.fixture
def drawn(empty_cache):
    return rendering.figure(strip(), narrow(), chart_id="k1", title="Tre <områder>", description="Lavest & højest")


def test_the_picture_passes_a_strict_content_policy(drawn):
    assert drawn.svg
    for forbidden in ("style=", "<style", "<script", " on", "<image", "xlink", "http://www.w3.org/1999"):
        assert forbidden not in drawn.svg.replace("http://www.w3.org/2000/svg", ""), forbidden


def test_the_picture_is_well_formed_and_named(drawn):
    trees = [ElementTree.fromstring(part) for part in re.findall(r"<svg.*?</svg>", drawn.svg)]
    assert [tree.get("class") for tree in trees] == ["sa-chart sa-chart--wide", "sa-chart sa-chart--narrow"]
    for tree in trees:
        assert tree.get("role") == "img"
        assert tree.get("viewBox")
        assert tree.get("width") is None
        title, description = tree[0], tree[1]
        assert tree.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert (title.text, description.text) == ("Tre <områder>", "Lavest & højest")


def test_no_id_stands_twice(empty_cache):
    pictures = rendering.figures(
        [(strip(), narrow(), "k1", "Én", "a"), (strip(), narrow(), "k2", "To", "b")],
    )
    ids = re.findall(r'\bid="([^"]+)"', "".join(picture.svg for picture in pictures))
    assert len(ids) == len(set(ids)) > 0


def test_danish_numbers_in_the_letters_of_the_site(empty_cache):
    svg = rendering.svg_for(narrow())
    assert ">1.234,5<" in svg
    assert "IBM Plex Sans" in svg
    assert ">Sjælland<" in svg


def test_the_same_spec_is_drawn_once(empty_cache, monkeypatch):
    first = rendering.svg_for(strip())
    monkeypatch.setattr(rendering, "_draw", lambda specs: pytest.fail("drawn again"))
    assert rendering.svg_for(strip()) == first


def test_another_spec_is_another_picture(empty_cache):
    assert rendering.svg_for(strip(own=0)) != rendering.svg_for(strip(own=2))


def test_a_spec_that_cannot_be_drawn_is_no_picture_and_is_not_remembered(empty_cache, caplog):
    assert rendering.svg_for({"layer": "nonsense"}) == ""
    assert "could not be drawn" in caplog.text
    assert cache.get(f"chart:{rendering.CACHE_VERSION}:{rendering.spec_hash({'layer': 'nonsense'})}") is None


def test_styles_become_attributes():
    svg = '<svg width="9" height="9" viewBox="0 0 9 9"><path style="fill: red; stroke-width: 2px;" d="M0 0"/></svg>'
    assert rendering.clean(svg) == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="red" stroke-width="2px" d="M0 0"/></svg>'
    )


def test_the_web_process_never_loads_the_drawing_engine():
    code = (
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE']='sundhedsaftale.settings'; django.setup();"
        "import sys, sundhedsaftale.urls; from indicators.charts import rendering;"
        "from indicators.charts.specs import Mark, bars;"
        "assert rendering.svg_for(bars([Mark('a', 1.0, '1')], size='wide', axis_title='x'));"
        "assert 'vl_convert' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=rendering.settings.BASE_DIR)
