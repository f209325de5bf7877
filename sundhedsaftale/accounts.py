"""How people sign in: django-allauth, with accounts made by the secretariat and not by visitors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody can create an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
