"""The edition that a steward described with a source's layout, beside those the catalogue describes."""

from __future__ import annotations

from indicators.actions.catalogue.content import EditionFacts
from indicators.models import DataSource, TableMapping


def declared_editions(source: DataSource) -> dict[str, EditionFacts]:
    """At most one; 1 query."""
    mapping = TableMapping.objects.filter(source=source).first()
    if mapping is None or not mapping.edition_title or not source.edition_slug:
        return {}
    facts = EditionFacts(
        slug=source.edition_slug,
        source=source.name,
        title=mapping.edition_title,
        published_on=mapping.published_on,
        source_url=source.url,
        terms=source.licence,
        note="",
    )
    return {facts.slug: facts}
