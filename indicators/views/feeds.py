"""Feeds (Atom) of new and corrected figures. Made once for each version of the data; a reader with a copy is told so."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET

from indicators.actions.versions import current_version
from indicators.models import Edition, Indicator
from indicators.presenters.news import NewsEntry, entry_id, figure_news

#: Goes up when the way entries are written changes, so that no reader keeps the old words.
FORM = "3"
KEPT_SECONDS = 24 * 3600
NOTHING_YET = datetime(2024, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Of the entries; a feed without any was not changed just now either."""
        return max((item["updateddate"] for item in self.items), default=NOTHING_YET)


def _etag(request: HttpRequest, code: str = "") -> str:
    parts = f"{FORM} {current_version()} {get_language()} {code} {settings.SITE_URL}"
    return f'"{hashlib.sha256(parts.encode()).hexdigest()[:32]}"'


def _changed(request: HttpRequest, code: str = "") -> datetime | None:
    """When figures were last received or withdrawn."""
    times = Edition.objects.aggregate(received=Max("received_at"), withdrawn=Max("withdrawn_at"))
    return max((moment for moment in times.values() if moment is not None), default=None)


@require_GET
@condition(etag_func=_etag, last_modified_func=_changed)
def news(request: HttpRequest) -> HttpResponse:
    return _feed(request, None)


@require_GET
@condition(etag_func=_etag, last_modified_func=_changed)
def indicator_news(request: HttpRequest, code: str) -> HttpResponse:
    return _feed(request, get_object_or_404(Indicator, code=code))


def _feed(request: HttpRequest, indicator: Indicator | None) -> HttpResponse:
    key = f"feed:{_etag(request, indicator.code if indicator else '')}"
    text = cache.get(key)
    if text is None:
        text = feed_text(figure_news(indicator), indicator)
        cache.set(key, text, KEPT_SECONDS)
    response = HttpResponse(text, content_type=Feed.content_type)
    patch_vary_headers(response, ["Cookie"])  # the language
    return response


def feed_text(entries: tuple[NewsEntry, ...], indicator: Indicator | None) -> str:
    code = indicator.code if indicator else ""
    page = reverse("indicator", args=[code]) if indicator else reverse("data")
    words = {"name": indicator.name if indicator else "", "site": settings.SITE_NAME}
    feed = Feed(
        title=_("New and corrected figures: %(name)s") % words if indicator else _("New and corrected figures"),
        subtitle=_("Editions that have arrived, and figures that were corrected, with the figure before and now."),
        link=settings.SITE_URL + page,
        feed_url=settings.SITE_URL + (reverse("indicator_feed", args=[code]) if indicator else reverse("figure_feed")),
        language=get_language() or "da",
        description="",
        author_name=settings.SITE_NAME,
        feed_guid=entry_id("feed", code),
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=settings.SITE_URL + entry.url,
            description=as_html(entry.text),
            unique_id=entry.id,
            updateddate=entry.updated,
            categories=[entry.category],
        )
    return str(feed.writeString("utf-8"))


def as_html(text: str) -> str:
    """Summaries are read as HTML; control characters no XML may hold are left out."""
    printable = "".join(letter for letter in text if letter == "\n" or letter.isprintable() or letter == "\u00a0")
    return "<br>".join(escape(line) for line in printable.split("\n"))
