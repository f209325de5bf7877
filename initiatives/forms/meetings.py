"""Meetings by hand and a year at a time. The forms parse; the actions decide and their errors come back to the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.base import checkbox, day_input, select, text_area, text_input
from initiatives.models import Body, Meeting

MOST_BYTES = 64 * 1024  # a year of dates is one or two kilobytes


class MeetingForm(forms.Form):
    """`day` is required by the form: everything else is computed from it."""

    day = forms.DateField(label=_("Day of the meeting"), widget=day_input())
    title = forms.CharField(
        label=_("Title"),
        help_text=_("May be left empty: then it is called »Meeting« and the date."),
        max_length=200,
        required=False,
        widget=text_input(),
    )
    hand_in = forms.DateField(
        label=_("Deadline for texts"),
        help_text=_("Leave it empty, and it is counted backwards by the body's own rule."),
        required=False,
        widget=day_input(),
    )
    dispatch = forms.DateField(
        label=_("Papers go out"),
        help_text=_("Leave it empty, and it is counted backwards by the body's own rule."),
        required=False,
        widget=day_input(),
    )
    case_number = forms.CharField(
        label=_("Case number"),
        help_text=_("From your filing system. It is printed on the annex. May be left empty."),
        max_length=60,
        required=False,
        widget=text_input("sa-w-m"),
    )

    @staticmethod
    def opening_values(meeting: Meeting) -> dict[str, Any]:
        return {name: getattr(meeting, name) for name in ("day", "title", "hand_in", "dispatch", "case_number")}


class MeetingEditForm(MeetingForm):
    """A deadline that is left as it stands follows the meeting to its new day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("hand_in", "dispatch"):
            self.fields[name].help_text = _("Leave it as it is, and it follows the meeting to another day.")


class NewMeetingForm(MeetingForm):
    body = forms.ModelChoiceField(
        label=_("Who meets"), queryset=Body.objects.none(), empty_label=None, widget=select("sa-w-l")
    )
    field_order = ("body", "day")

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])  # type: ignore[attr-defined]


class CancelMeetingForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is cancelled"),
        help_text=_("It stays readable with its date and reason. Another meeting can be registered on the same day."),
        max_length=1000,
        required=False,
        widget=text_area(3),
    )


class MeetingRulesForm(forms.Form):
    hand_in_days = forms.IntegerField(
        label=_("Texts are handed in, days before the meeting"),
        help_text=_("Calendar days. A deadline on a weekend or a public holiday is moved back to a working day."),
        widget=forms.NumberInput(attrs={"class": "form-input sa-w-s", "min": 0, "max": 365}),
    )
    dispatch_days = forms.IntegerField(
        label=_("Papers go out, days before the meeting"),
        widget=forms.NumberInput(attrs={"class": "form-input sa-w-s", "min": 0, "max": 365}),
    )
    needs_approval = forms.BooleanField(
        label=_("The chair approves before the plan is frozen for a meeting"), required=False, widget=checkbox()
    )


class YearPlanForm(forms.Form):
    """The year's meetings, pasted or as a file. `text` comes back in the preview, so that nothing has to be kept."""

    body = forms.ModelChoiceField(
        label=_("Who meets"), queryset=Body.objects.none(), empty_label=None, widget=select("sa-w-l")
    )
    text = forms.CharField(
        label=_("The dates"),
        help_text=_(
            "One meeting on each line, for example »4. februar 2027«. "
            "Title and case number may follow: »4. februar 2027; Temamøde; 1-30-72-27«."
        ),
        required=False,
        strip=False,
        widget=text_area(10),
    )
    file = forms.FileField(
        label=_("Or a file"),
        help_text=_("Text or CSV with the columns date, title and case number. At most 64 kB."),
        required=False,
        widget=forms.FileInput(attrs={"class": "form-input sa-w-l", "accept": ".txt,.csv,text/plain,text/csv"}),
    )

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file = values.get("file")
        if file is not None:
            values["text"] = self._read(file)
        if not (values.get("text") or "").strip() and not self.errors:
            self.add_error("text", _("Paste the dates, or choose a file."))
        return values

    def _read(self, file: Any) -> str:
        """The text of the file: UTF-8 with or without a mark, or Windows-1252 as old spreadsheets write it."""
        if file.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 64 kB. A year's dates are much smaller."))
            return ""
        raw = file.read(MOST_BYTES + 1)
        if b"\0" in raw:
            self.add_error("file", _("This is not a text file. Save the sheet as CSV, or paste the dates."))
            return ""
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return str(raw.decode(encoding))
            except UnicodeDecodeError:
                continue
        self.add_error("file", _("The letters of the file cannot be read. Save it as UTF-8, or paste the dates."))
        return ""
