"""The annex as a tagged PDF. Only a worker or a command calls this: WeasyPrint is large, and pages must start fast."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from initiatives.annex import words
from initiatives.annex.content import AnnexContent

#: An address that is nowhere (RFC 2606): what the css names is looked up in FILES and never fetched.
BASE = "https://annex.invalid/"
STYLE = "css/annex.css"
LOGO = "icons/logo-print.svg"
_FONTS = "vendor/dkfds/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-"
FILES = {
    LOGO: "image/svg+xml",
    f"{_FONTS}Regular.ttf": "font/ttf",
    f"{_FONTS}SemiBold.ttf": "font/ttf",
}
VARIANT = "pdf/ua-1"


def render_pdf(content: AnnexContent, *, site_name: str) -> bytes:
    """The same content gives the same bytes: the moment of freezing stands where a clock would be asked."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    fetcher = only_our_files()
    style = CSS(string=_static(STYLE).decode(), base_url=BASE + STYLE, font_config=fonts, url_fetcher=fetcher)
    page = HTML(string=annex_html(content, site_name=site_name), base_url=BASE, url_fetcher=fetcher)
    with without_garbage_collection():
        pdf: bytes = page.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_variant=VARIANT,
            pdf_tags=True,
            pdf_identifier=content.content_hash[:32].encode(),
        )
    return pdf


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """A layout is a million small objects that all live to its end; searching them for garbage is a seventh of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def annex_html(content: AnnexContent, *, site_name: str) -> str:
    context = {
        "annex": content,
        "columns": words.COLUMNS,
        "light_columns": words.LIGHT_COLUMNS,
        "logo": BASE + LOGO,
        "site_name": site_name,
        "frozen_at": content.frozen_at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    with translation.override("da"):
        return render_to_string("annex/annex.html", context)


def only_our_files() -> Any:
    """A fetcher that knows the fonts and the logo by name, and refuses everything else without looking."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OnlyOurFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            for name, kind in FILES.items():
                if url == urljoin(BASE, name):
                    return URLFetcherResponse(url, _static(name), {"Content-Type": kind})
            raise FatalURLFetchingError(f"The annex may not fetch {url[:200]}")

    return OnlyOurFiles(allowed_protocols=())


@lru_cache(maxsize=8)
def _static(name: str) -> bytes:
    return (Path(settings.BASE_DIR) / "static" / name).read_bytes()
