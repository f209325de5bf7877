"""django-allauth's OpenID Connect, made stricter.

What differs: the token's signature and nonce are checked, PKCE is always used, an account is known by issuer and
subject, addresses and scopes come from the configuration alone, and no more is kept of a person than the page shows.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sundhedsaftale.lib.cpr import find_cpr
from sundhedsaftale.oidc.configuration import Workplace
from sundhedsaftale.oidc.tokens import TokenRefused, believed_claims

KEPT = ("iss", "sub", "email", "name")
LONGEST_UID = 191
CPR_NUMBER = "a CPR number among the claims"


class SignInRefused(OAuth2Error):
    """What the other side sent cannot be used. `code` goes to the log, never the token."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def account_uid(issuer: str, subject: str) -> str:
    """How an account is known: issuer and subject together. A fragment cannot stand in an issuer, so they never run together."""
    uid = f"{issuer}#{subject}"
    return uid if len(uid) <= LONGEST_UID else "sha256:" + hashlib.sha256(uid.encode()).hexdigest()


def app_of(place: Workplace) -> SocialApp:
    """The workplace in allauth's words; never stored."""
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=place.id,
        name=place.name,
        client_id=place.client_id,
        secret=place.secret,
        settings={
            "server_url": place.server_url,
            "scope": list(place.scope),
            "oauth_pkce_enabled": True,
            "fetch_userinfo": place.userinfo,
        },
    )


class WorkplaceOAuth2(OpenIDConnectOAuth2Adapter):
    """The conversation with one workplace's server. `nonce` is what this browser asked with."""

    nonce = ""

    @property
    def place(self) -> Workplace:
        place: Workplace = self.get_provider().place
        return place

    @property
    def openid_config(self) -> dict[str, Any]:
        try:
            config: dict[str, Any] = super().openid_config
        except (AttributeError, TypeError, ValueError) as error:  # an answer, but no object
            raise SignInRefused("discovery cannot be read") from error
        if config.get("issuer") != self.place.issuer:
            raise SignInRefused("discovery names another issuer")
        if not all(isinstance(config.get(k), str) for k in ("authorization_endpoint", "token_endpoint", "jwks_uri")):
            raise SignInRefused("discovery is not complete")
        return config

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().get_access_token_data(*args, **kwargs)
        except (
            KeyError,
            AttributeError,
            TypeError,
        ) as error:  # an answer without the headers or the shape it must have
            raise SignInRefused("answer from the token address") from error
        return data

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        answer = kwargs["response"].get("id_token")
        if not isinstance(answer, str):
            raise SignInRefused("no identity token")
        try:
            claims = believed_claims(
                answer,
                keys=self._keys(),
                issuer=self.place.issuer,
                client_id=app.client_id,
                nonce=self.nonce,
            )
        except TokenRefused as refused:
            raise SignInRefused(refused.code) from refused
        if self.place.userinfo:
            more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise SignInRefused("userinfo is about somebody else")
            claims = {**more, **claims}
        if any(hit.kind == "refuse" for key in KEPT for hit in find_cpr(str(claims.get(key, "")))):
            raise SignInRefused(CPR_NUMBER)
        return self.get_provider().sociallogin_from_response(request, claims)

    def _keys(self) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        if not isinstance(keys, dict):
            raise SignInRefused("key")
        return keys


class WorkplaceProvider(OpenIDConnectProvider):
    oauth2_adapter_class = WorkplaceOAuth2

    def __init__(self, request: HttpRequest | None, place: Workplace) -> None:
        self.place = place
        super().__init__(request, app=app_of(place))

    def redirect(self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **more: Any) -> Any:
        """Off to the workplace. Whatever the browser asked for beyond where to go afterwards is left out."""
        nonce = secrets.token_urlsafe(24)
        return super().redirect(
            request,
            process,
            next_url,
            data,
            auth_params={"nonce": nonce},
            scope=list(self.place.scope),
            nonce=nonce,
        )

    def extract_uid(self, data: dict[str, Any]) -> str:
        return account_uid(data["iss"], data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {key: data[key] for key in KEPT if isinstance(data.get(key), str)}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []  # an address from elsewhere is never a proof of anything here

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        login = super().sociallogin_from_response(request, response)
        login.claims = response  # the roles stand in them; asked for once and not kept
        return login

    def serialize(self) -> dict[str, Any]:
        return {"id": self.place.id}


class WorkplaceReturn(OAuth2CallbackView):
    """Back from the workplace, with a code and the state we sent."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponseBase | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce") or ""
        return state, response
