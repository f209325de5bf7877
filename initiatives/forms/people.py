"""Roles, invitations and absences. The forms parse; the actions decide and their errors come back to the fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from initiatives.actions.memberships import stamp_of
from initiatives.forms.base import checkbox, day_input, select, text_input
from initiatives.models import Body, Membership, Role


class PersonChoice(forms.ModelChoiceField):
    """Two people may have one name: then the address tells them apart. Only for those who may see it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.email})" if obj.name else str(obj.email)


class NameChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class RoleForm(forms.Form):
    """What adding and inviting have in common."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER, widget=select())
    valid_from = forms.DateField(label=_("First day"), widget=day_input())
    valid_to = forms.DateField(
        label=_("Last day"),
        help_text=_("May be left empty. The role counts through its last day."),
        required=False,
        widget=day_input(),
    )


class AddMemberForm(RoleForm):
    user = PersonChoice(
        label=_("Who"),
        help_text=_("People from your bodies. Invite others by mail."),
        queryset=get_user_model().objects.none(),
        empty_label=_("Choose a person"),
        widget=select("sa-w-l"),
    )
    field_order = ("user", "role")

    def __init__(self, *args: Any, people: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people.order_by("name", "email")  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-input sa-w-l", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("How the mail greets them. They can change it when they accept. May be left empty."),
        max_length=120,
        required=False,
        widget=text_input(),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES, widget=select())
    field_order = ("email", "name", "role", "valid_from", "valid_to", "language")


class Confirmed(forms.Form):
    """A change that may leave the body without a secretary: the question is only put when it does.

    seen: what the form was opened on, so that two who change the same role are told.
    """

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "confirmed" in self.data:
            self.ask()

    def ask(self) -> None:
        self.fields["confirmed"] = forms.BooleanField(
            label=_("Yes, the body is to be without a secretary"), required=False, widget=checkbox()
        )

    def reopen_on(self, membership: Membership) -> None:
        """After a conflict: saving once more is a decision made with the other's dates in view."""
        self.data = {**self.data.dict(), "seen": stamp_of(membership)}  # type: ignore[attr-defined]


class RoleDatesForm(Confirmed):
    valid_from = forms.DateField(
        label=_("First day"), help_text=_("Empty: it is not known when it began."), required=False, widget=day_input()
    )
    valid_to = forms.DateField(
        label=_("Last day"),
        help_text=_("May be left empty. The role counts through its last day."),
        required=False,
        widget=day_input(),
    )


class EndRoleForm(Confirmed):
    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("The role counts through this day. Choose yesterday, and it ends at once."),
        widget=day_input(),
    )


class AbsenceForm(forms.Form):
    """bodies: those the absence can be limited to; none when it is about one alone."""

    first_day = forms.DateField(label=_("First day of absence"), widget=day_input())
    last_day = forms.DateField(
        label=_("Last day of absence"),
        help_text=_("The deputy has the role through this day. An absence can be ended before that."),
        widget=day_input(),
    )
    deputy = NameChoice(
        label=_("Deputy"),
        queryset=get_user_model().objects.none(),
        empty_label=_("Choose a person"),
        widget=select("sa-w-l"),
    )
    body = forms.ModelChoiceField(
        label=_("In which body"),
        help_text=_("In all of them, the deputy has your roles also where they have none of their own."),
        queryset=Body.objects.none(),
        empty_label=_("In all my bodies"),
        required=False,
        widget=select("sa-w-l"),
    )

    def __init__(
        self, *args: Any, people: QuerySet[Any], bodies: QuerySet[Body] | None = None, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = people.order_by("name", "email")  # type: ignore[attr-defined]
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
        if bodies is None:
            del self.fields["body"]
        else:
            self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
