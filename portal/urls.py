"""Addresses of the portal: the first page, persons, the work list, reports, administration, the guides, the style page."""

from django.urls import include, path

from portal.style_page import show_style
from portal.views import show_figures, show_today

urlpatterns = [
    path("", show_today, name="today"),
    path("today/figures/", show_figures, name="today_figures"),
    path("", include("portal.persons.urls")),
    path("", include("portal.worklist.urls")),
    path("pictures/", include("portal.pictures.urls")),
    path("reports/", include("portal.reports.urls")),
    path("administration/", include("portal.administration.urls")),
    path("administration/policy/", include("portal.policy_pages.urls")),
    path("help/", include("portal.guides.urls")),
    path("style/", show_style, name="style"),
]
