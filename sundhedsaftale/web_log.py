"""The logs of the web server: as gunicorn writes them, without the addresses that are secrets in themselves."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from sundhedsaftale.log_secrets import MaskSecrets


class SecretsMasked(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.access_log, self.error_log):
            if not any(isinstance(known, MaskSecrets) for known in log.filters):
                log.addFilter(MaskSecrets())
