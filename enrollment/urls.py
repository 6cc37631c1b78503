"""Addresses of enrolment's pages. Subjects by id or roll number; acts on a case carry the subject in the form."""

from django.urls import path

from enrollment.views import assigning, candidates, casework, closing, here, patterns, person, roll_line, worklist

urlpatterns = [
    path("work/", worklist.show_work_list, name="work_list"),
    path("work/name/", worklist.keep_name, name="work_name"),
    path("work/next/", worklist.show_next, name="work_next"),
    path("work/filters/", worklist.keep_filter, name="work_filter_keep"),
    path("work/filters/<int:filter_id>/delete/", worklist.drop_filter, name="work_filter_drop"),
    path("work/here/", here.say, name="work_here"),
    path("work/assign/", assigning.assign, name="case_assign"),
    path("work/assignments/", assigning.show_assignments, name="case_assignments"),
    path("work/assignments/<int:assignment_id>/undo/", assigning.undo, name="case_assignment_undo"),
    path("work/take/", casework.take, name="case_take"),
    path("work/take-many/", casework.take_many, name="case_take_many"),
    path("work/release/", casework.release, name="case_release"),
    path("work/note/", casework.note, name="case_note"),
    path("work/close/", closing.close, name="case_close"),
    path("work/closings/", closing.show_closings, name="case_closings"),
    path("work/closings/<int:closing_id>/undo/", closing.undo, name="case_closing_undo"),
    path("work/roll/<int:county_id>/<slug:scheme>/<path:roll_no>/", roll_line.show_roll_line, name="work_roll_line"),
    path("candidates/", candidates.show_candidates, name="candidates"),
    path("candidates/decide/", candidates.decide, name="candidate_decide"),
    path("candidates/decided/", candidates.show_decided, name="candidates_decided"),
    path("candidates/<int:decision_id>/undo/", candidates.undo, name="candidate_undo"),
    path("candidates/<int:link_id>/numbers/", candidates.show_numbers, name="candidate_numbers"),
    path("candidates/pattern/", patterns.show_pattern, name="candidate_pattern"),
    path("candidates/pattern/propose/", patterns.propose, name="candidate_pattern_propose"),
    path("candidates/patterns/<int:pattern_id>/", patterns.show_pattern_decision, name="candidate_pattern_decision"),
    path("candidates/patterns/<int:pattern_id>/sign/", patterns.sign, name="candidate_pattern_sign"),
    path("candidates/patterns/<int:pattern_id>/withdraw/", patterns.withdraw, name="candidate_pattern_withdraw"),
    path("candidates/patterns/<int:pattern_id>/undo/", patterns.undo, name="candidate_pattern_undo"),
    path("persons/<int:person_id>/", person.show_person, name="person"),
    path("persons/<int:person_id>/story/", person.show_story, name="person_story"),
]
