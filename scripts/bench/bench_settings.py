"""The project's settings with one more address, /bare/<name>: the same bytes from a view that does nothing."""

from sundhedsaftale.settings import *  # noqa: F403

ROOT_URLCONF = "bench_urls"
