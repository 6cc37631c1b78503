"""The living style page: every component with sample words, to compare by eye and by test. Needs no data and no sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def show_style(request: HttpRequest) -> HttpResponse:
    """Show the components."""
    return render(request, "components/style_page.html")
