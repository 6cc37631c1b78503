"""Addresses of the pages of a person and of a roll line of nobody registered."""

from django.urls import path

from portal.persons import find, printing, roll_line, views

urlpatterns = [
    path("persons/find/", find.find_person, name="find_person"),
    path("persons/<int:person_id>/", views.show_person, name="person"),
    path("persons/<int:person_id>/next/", views.show_next_facts, name="person_next"),
    path("persons/<int:person_id>/sides/", views.show_sides, name="person_sides"),
    path("persons/<int:person_id>/timeline/", views.show_timeline, name="person_timeline"),
    path("persons/<int:person_id>/person.pdf", printing.print_person, name="person_print"),
    path(
        "work/roll-next/<int:county_id>/<slug:scheme>/<path:roll_no>/",
        roll_line.show_line_facts,
        name="work_roll_line_next",
    ),
    path("work/roll/<int:county_id>/<slug:scheme>/<path:roll_no>/", roll_line.show_roll_line, name="work_roll_line"),
]
