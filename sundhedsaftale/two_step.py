"""The second step of signing in: django-allauth's, with its secrets encrypted where they are kept."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


class TwoStepAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        token: bytes = _box().encrypt(text.encode())
        return token.decode()

    def decrypt(self, encrypted_text: str) -> str:
        from cryptography.fernet import InvalidToken

        try:
            text: bytes = _box().decrypt(encrypted_text.encode())
        except InvalidToken:
            log.error("a two-step secret was kept under another SECRET_KEY: put the old one in SECRET_KEY_FALLBACKS")
            return base64.b32encode(secrets.token_bytes(20)).decode()  # nobody's: no code fits it
        return text.decode()

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  # django-allauth's own name
        return _("My passkey")


def _box() -> Any:
    """The key follows from SECRET_KEY: a copy of the database alone opens no second step. A changed key ends old ones."""
    from cryptography.fernet import Fernet, MultiFernet

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"two-step secrets:" + key.encode()).digest())) for key in keys]
    )
