"""The sign-in page, with the demo's sign-ins on it while this is a demo."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from initiatives.actions.content.demo import DEMO_PASSWORD
from sundhedsaftale.models import User

DEMO_ADDRESSES = "@example.dk"


class SignInView(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # django-allauth calls the host name `site`; in our templates that word is the frame of every page.
        context.pop("site", None)
        if settings.DEMO:
            context["demo_users"] = list(
                User.objects.filter(email__endswith=DEMO_ADDRESSES, is_active=True).values("email", "name")
            )
            context["demo_password"] = DEMO_PASSWORD
        return context
