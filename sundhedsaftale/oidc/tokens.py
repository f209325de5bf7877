"""What must hold before a word of an identity token is believed (OpenID Connect Core 1.0, 3.1.3.7).

django-allauth trusts the connection the token came over. We check the signature as well, and that the token answers our
own question (nonce), so that a token made for another site or another person's browser is worth nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Signed with a key pair. Never "none", and never HS256: its key would be our own secret, or their public key read as one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY_SECONDS = 60  # two clocks are never quite alike


class TokenRefused(Exception):
    """`code` says which check failed; the log prints it, and nothing of the token."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def believed_claims(token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """The claims of an identity token. Raises TokenRefused."""
    import jwt  # with cryptography ten megabytes, and only somebody who signs in needs them

    key, algorithm = _key_of(token, keys)
    try:
        claims = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"], "verify_signature": True},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenRefused("expired") from error
    except jwt.InvalidAudienceError as error:
        raise TokenRefused("audience") from error
    except jwt.InvalidIssuerError as error:
        raise TokenRefused("issuer") from error
    except jwt.InvalidSignatureError as error:
        raise TokenRefused("signature") from error
    except jwt.PyJWTError as error:
        raise TokenRefused("malformed") from error
    if not nonce or claims.get("nonce") != nonce:
        raise TokenRefused("nonce")
    # Made for several: then it must say that it was us who asked.
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise TokenRefused("audience")
    if not isinstance(claims["sub"], str) or not claims["sub"].strip():
        raise TokenRefused("subject")
    return dict(claims)


def _key_of(token: str, keys: Mapping[str, Any]) -> tuple[Any, str]:
    """The server's public key for this token, and the algorithm it was signed with."""
    import jwt

    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise TokenRefused("malformed") from error
    algorithm, wanted = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise TokenRefused("algorithm")
    listed = keys.get("keys")
    usable = [one for one in listed if isinstance(one, dict) and one.get("use", "sig") == "sig"] if listed else []
    found = [one for one in usable if one.get("kid") == wanted] if wanted else usable
    if len(found) != 1:
        raise TokenRefused("key")
    try:
        return jwt.PyJWK(found[0], algorithm=algorithm).key, algorithm
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise TokenRefused("key") from error
