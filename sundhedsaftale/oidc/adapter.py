"""Who is let in when a workplace vouches for somebody.

Known by issuer and subject: that account. Invited and on the way: the invited account, from now on. A workplace whose
claims give roles: an account of its own. Anybody else is told whom to ask. An e-mail address opens nothing.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.sign_in_offers import invited_user_id, use_up_offer
from sundhedsaftale.actions.sign_in import bind_sign_in, follow_claims, open_account_by_claims
from sundhedsaftale.models import User
from sundhedsaftale.oidc.configuration import Workplace, roles_given
from sundhedsaftale.oidc.provider import WorkplaceProvider
from sundhedsaftale.oidc.refusals import refusal_sentence

log = logging.getLogger(__name__)


def whom_to_ask(place: Workplace) -> str:
    return place.contact or settings.CONTACT_EMAIL or _("the secretariat of your committee, council or cluster")


class WorkplaceAdapter(DefaultSocialAccountAdapter):
    # --- Which workplaces there are: the environment says it, never a table ---

    def list_providers(self, request: HttpRequest) -> list[WorkplaceProvider]:
        return [WorkplaceProvider(request, place) for place in settings.OIDC_WORKPLACES.values()]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> WorkplaceProvider:
        place = settings.OIDC_WORKPLACES.get(provider)
        if place is None:
            raise SocialApp.DoesNotExist
        return WorkplaceProvider(request, place)

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        return [one.app for one in self.list_providers(request) if provider in {None, one.app.provider_id}]

    # --- Who is let in ---

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False  # what may be opened has been opened in pre_social_login

    def authenticate_by_email(self, sociallogin: Any) -> None:
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        place = sociallogin.provider.place
        try:
            self._let_in(request, sociallogin, place)
        except ValidationError as error:
            log.warning("sign-in through %s refused: %s", place.id, getattr(error, "code", None) or "not let in")
            page = render(request, "oidc/refused.html", {"place": place, "reasons": error.messages}, status=403)
            raise ImmediateHttpResponse(page) from error

    def _let_in(self, request: HttpRequest, sociallogin: Any, place: Workplace) -> None:
        account, claims = sociallogin.account, sociallogin.claims
        if sociallogin.state.get("process") == "connect":
            return  # django-allauth binds it to the person signed in, or refuses when it is somebody else's
        today = timezone.localdate()
        wanted = roles_given(place, claims)
        if not sociallogin.is_existing:
            invited = invited_user_id(request.session, now=timezone.now())
            user = User.objects.filter(pk=invited, is_active=True).first() if invited else None
            if user:
                sociallogin.account = bind_sign_in(user=user, account=account, by=user)
                follow_claims(account=sociallogin.account, wanted=wanted, today=today)
                use_up_offer(request.session)
            elif wanted:
                sociallogin.account = open_account_by_claims(
                    account=account, wanted=wanted, today=today, ask=whom_to_ask(place), workplace=place.name
                )
            else:
                raise ValidationError(_unknown(place))
            sociallogin.user = sociallogin.account.user
        elif place.role_claim and sociallogin.user.is_active:
            follow_claims(account=account, wanted=wanted, today=today)

    # --- What is said afterwards ---

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("mfa_index")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        code = getattr(exception, "code", None) or type(exception).__name__ if exception else "no state"
        log.warning("sign-in through %s failed: %s", provider.place.id, code)
        extra_context["place"] = provider.place
        extra_context["sentence"] = refusal_sentence(exception, provider.place.name)


def _unknown(place: Workplace) -> str:
    return _(
        "%(workplace)s knows you, but no account here is connected with your sign-in. If you have an account, sign in "
        "as you use to and connect %(workplace)s under »Sign-in and security«. Otherwise ask %(whom)s."
    ) % {"workplace": place.name, "whom": whom_to_ask(place)}
