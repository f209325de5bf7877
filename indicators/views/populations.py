"""How many live where: what is held, and a file handed over by a steward."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indicators.actions.populations import store_populations
from indicators.forms.populations import PopulationForm
from indicators.permissions import check_user_can_hand_over_tables
from indicators.presenters.populations import populations_page, problem_sentences, stored_sentence
from indicators.presenters.table_upload import form_errors
from indicators.refresh.population_files import FileNotTaken, read_population_file

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "POST"])
def populations(request: HttpRequest) -> HttpResponse:
    """A file is stored whole or not at all; each wrong line is named."""
    check_user_can_hand_over_tables(request.user)
    sent = request.method == "POST"
    form = PopulationForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table = read_population_file(file.read(), file.name, source=form.cleaned_data["source"])
            wrong = problem_sentences(table.problems)
        except FileNotTaken as error:
            wrong = [str(error)]
        if not wrong:
            messages.success(request, stored_sentence(store_populations(rows=table.rows, by=request.user)))
            return redirect("populations")
        form.add_error("file", wrong)
    shown = {"form": form, "errors": form_errors(form), "page": populations_page()}
    return render(request, "indicators/populations.html", shown, status=UNPROCESSABLE if form.errors else 200)
