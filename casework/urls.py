"""Addresses of the acts on cases; the subject travels in the form."""

from django.urls import path

from casework.views import assigning, cases, closing, presence

urlpatterns = [
    path("work/here/", presence.show_presence, name="work_here"),
    path("work/assignments/", assigning.show_assignments, name="case_assignments"),
    path("work/assignments/<int:assignment_id>/undo/", assigning.undo, name="case_assignment_undo"),
    path("work/take/", cases.take, name="case_take"),
    path("work/release/", cases.release, name="case_release"),
    path("work/note/", cases.note, name="case_note"),
    path("work/close/", closing.close, name="case_close"),
    path("work/closings/", closing.show_closings, name="case_closings"),
    path("work/closings/<int:closing_id>/document/", closing.download_document, name="case_closing_document"),
    path("work/closings/<int:closing_id>/undo/", closing.undo, name="case_closing_undo"),
]
