"""The plan of 5 November 2020 comes out the same, however its Word table is laid out."""

from __future__ import annotations

import pytest

from initiatives.calculations.plan_draft import ERROR, PlanDraft, draft_from_json
from initiatives.plan_files.reading import read_plan_file
from tests.initiatives.plan_files import layouts as l


def read(content: bytes, filename: str = "plan.docx") -> PlanDraft:
    return read_plan_file(content, filename, as_of=l.AS_OF, bodies=l.catalogue_bodies())


def assert_is_the_plan(draft: PlanDraft) -> None:
    items = [row for row in l.seed_rows() if isinstance(row, l.Item)]
    assert [item.title for item in draft.items] == [item.title for item in items]
    assert [item.number for item in draft.items] == [1, 2, 3, 4, 5, 6, 7]
    assert [item.section_number for item in draft.items] == ["1", "1", "1", "2", "2", "2", "3"]
    assert draft.items[0].section == "Brug af data til at forebygge (gen)indlæggelser"
    sub = "Effektiv spredning af viden og indsatser"
    assert [item.sub_section for item in draft.items] == ["", "", sub, "", "", "", ""]
    for found, item, expected in zip(draft.items, items, l.EXPECTED, strict=True):
        assert found.content == item.content
        assert tuple(guess.value for guess in found.owner_guesses) == item.slugs
        assert "\n" not in " ".join(found.owners)
        assert [line for line in found.status_text.split("\n") if line] == [
            line for line in item.status.split("\n") if line
        ]
        guesses = {key: guess.value for key, guess in found.guesses.items()}
        assert guesses == {key: value for key, value in expected.items() if key not in ("steps", "flags")}
        assert [step.when.value for step in found.milestones] == expected.get("steps", [])
        assert list(found.flags) == expected.get("flags", [])


@pytest.mark.parametrize("layout", l.LAYOUTS)
def test_the_plan_of_2020_in_every_layout(layout: str) -> None:
    draft = read(l.LAYOUTS[layout]())
    assert_is_the_plan(draft)
    assert not [issue for issue in draft.issues if issue.severity == ERROR]
    assert draft.as_of == "2020-11-05"
    assert draft.title == l.TITLE
    assert draft.source_format == "docx"
    assert draft_from_json(draft.as_json()) == draft
