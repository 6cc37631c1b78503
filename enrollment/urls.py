"""Addresses of enrolment's pages. Subjects by id or roll number; acts on a case carry the subject in the form."""

from django.urls import path

from enrollment.views import casework, person, roll_line, worklist

urlpatterns = [
    path("work/", worklist.show_work_list, name="work_list"),
    path("work/name/", worklist.keep_name, name="work_name"),
    path("work/next/", worklist.show_next, name="work_next"),
    path("work/take/", casework.take, name="case_take"),
    path("work/take-many/", casework.take_many, name="case_take_many"),
    path("work/release/", casework.release, name="case_release"),
    path("work/note/", casework.note, name="case_note"),
    path("work/close/", casework.close, name="case_close"),
    path("work/roll/<int:county_id>/<slug:scheme>/<path:roll_no>/", roll_line.show_roll_line, name="work_roll_line"),
    path("persons/<int:person_id>/", person.show_person, name="person"),
    path("persons/<int:person_id>/story/", person.show_story, name="person_story"),
]
