"""What a person reads when the sign-in at the workplace did not end well. The log has the reason; they need the next step."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from requests import RequestException

from sundhedsaftale.oidc.provider import CPR_NUMBER, SignInRefused


def refusal_sentence(exception: Any, workplace: str) -> str:
    if exception is None:
        return _("The sign-in took too long, was begun in another window, or has been used already. Begin again.")
    if isinstance(exception, RequestException):
        return _("%(workplace)s does not answer just now. Try again in a little while.") % {"workplace": workplace}
    if isinstance(exception, SignInRefused) and exception.code == CPR_NUMBER:
        return _(
            "%(workplace)s sends a CPR number with the sign-in, and none may enter here. "
            "Ask the people behind its sign-in to send something else."
        ) % {"workplace": workplace}
    if isinstance(exception, SignInRefused):
        return _("The answer from %(workplace)s could not be trusted, so nobody was signed in. Begin again.") % {
            "workplace": workplace
        }
    return _("%(workplace)s did not let you in. Begin again, or ask the people behind its sign-in.") % {
        "workplace": workplace
    }
