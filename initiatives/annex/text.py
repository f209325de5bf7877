"""The text of the agenda item in plain Danish: what the plan says (Sagsfremstilling) and what is proposed (Indstilling)."""

from __future__ import annotations

from collections.abc import Iterable

from initiatives.annex import words
from initiatives.annex.content import AnnexContent, ItemRow


def agenda_text(content: AnnexContent) -> str:
    """Paragraphs with an empty line between them, ready to be pasted into a filing system. Made from the rows alone."""
    parts = [f"{content.kind}: {content.title}. Status til {_lower(content.meeting)}", "Sagsfremstilling"]
    parts.append(content.answer)
    if content.change_sentence:
        parts.append(content.change_sentence)
    late = [item for item in content.items if item.state in words.LATE]
    if late:
        parts.append("\n".join(["Ikke som lovet:", *(_line(item) for item in late)]))
    decided = [item for item in content.items if item.decision]
    if decided:
        parts.append(
            "\n".join(["Besluttet:", *(f"- {_name(item)} – {' '.join(item.decision.split())}" for item in decided)])
        )
    parts.append(_needs(content))
    proposals = _proposals(content)
    numbered = [
        f"{number}. {text}{';' if number < len(proposals) else '.'}" for number, text in enumerate(proposals, 1)
    ]
    parts += ["Indstilling", "\n".join([f"Det indstilles, at {content.body}", *numbered])]
    parts.append(f"Bilag: {content.kind}, version {content.version}, kontrolsum {content.content_hash[:16]}.")
    return "\n\n".join(parts) + "\n"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text.startswith("Møde ") else text


def _name(item: ItemRow) -> str:
    return f"{item.number}. {item.title}"


def _line(item: ItemRow) -> str:
    """ "- 2. Populationer – udsat. Lovet til 2. kvartal 2020, ny dato 2. kvartal 2021. Årsag: COVID-19." """
    dates = [f"lovet til {item.promised}"] if item.promised else []
    if item.undated:
        dates.append("ingen ny dato")
    elif item.new_date:
        dates.append(f"ny dato {item.new_date}")
    said = f"- {_name(item)} – {words.STATES_IN_TEXT[item.state]}."
    if dates:
        said += f" {words.sentence(', '.join(dates))}."
    return f"{said} Årsag: {item.cause}." if item.cause else said


def needs_decision(items: Iterable[ItemRow]) -> list[ItemRow]:
    """Those nobody can go on with unasked: stopped without a new date, or without any status."""
    return [item for item in items if item.undated or not item.state]


def _needs(content: AnnexContent) -> str:
    waiting = needs_decision(content.items)
    if not waiting:
        return f"Ingen {content.item_name_plural} mangler en ny dato eller en status."
    lines = [f"- {_name(item)} – {'ingen ny dato' if item.undated else 'ingen status'}." for item in waiting]
    return "\n".join(["Kræver en beslutning:", *lines])


def _proposals(content: AnnexContent) -> list[str]:
    items = content.items
    moved = [item for item in items if item.state in words.STOPPED and item.new_date and not item.undated]
    undated = [item for item in items if item.undated]
    late = [item for item in items if item.state == "delayed"]
    silent = [item for item in items if not item.state]
    rows = [f"tager status for planens {content.item_name_plural} til efterretning"]
    if moved:
        rows.append(f"godkender de nye datoer for {_numbers(content, moved)}")
    if undated:
        rows.append(f"fastsætter en ny dato for {_numbers(content, undated)}")
    if late:
        rows.append(f"drøfter forsinkelsen af {_numbers(content, late)}")
    if silent:
        rows.append(f"beder om en status på {_numbers(content, silent)}")
    return rows


def _numbers(content: AnnexContent, items: list[ItemRow]) -> str:
    return f"{content.item_name} {words.joined(str(item.number) for item in items)}"
