"""Addresses of the acts on cases, whose subject travels in the form; of the village helper's pages; of reports and questions."""

from django.urls import path

from casework.views import assigning, cases, closing, presence, questions, village, village_reports

urlpatterns = [
    path("work/here/", presence.show_presence, name="work_here"),
    path("work/assignments/", assigning.show_assignments, name="case_assignments"),
    path("work/taken/<int:case_id>/undo/", cases.undo_take, name="case_take_undo"),
    path("work/assignments/<int:assignment_id>/undo/", assigning.undo, name="case_assignment_undo"),
    path("work/take/", cases.take, name="case_take"),
    path("work/release/", cases.release, name="case_release"),
    path("work/note/", cases.note, name="case_note"),
    path("work/close/", closing.close, name="case_close"),
    path("work/closings/", closing.show_closings, name="case_closings"),
    path("work/closings/<int:closing_id>/document/", closing.download_document, name="case_closing_document"),
    path("work/closings/<int:closing_id>/undo/", closing.undo, name="case_closing_undo"),
    path("work/ask/", questions.ask, name="case_ask"),
    path("work/contact/", questions.log, name="case_contact"),
    path("work/questions/", questions.show_questions, name="work_questions"),
    path("work/questions/seen/", questions.mark_seen, name="work_questions_seen"),
    path("work/questions/<int:question_id>/withdraw/", questions.withdraw, name="work_question_withdraw"),
    path("work/reports/", village_reports.show_reports, name="work_reports"),
    path("work/reports/<int:report_id>/", village_reports.show_report, name="work_report"),
    path("work/reports/<int:report_id>/handle/", village_reports.handle, name="work_report_handle"),
    path("work/reports/<int:report_id>/ask/", village_reports.ask, name="work_report_ask"),
    path("work/reports/<int:report_id>/numbers/", village_reports.show_details, name="work_report_numbers"),
    path("work/reports/<int:report_id>/photo/", village_reports.download_photo, name="work_report_photo"),
    path("persons/<int:person_id>/village/", questions.show_person_village, name="person_village"),
    path("village/", village.show_village, name="village"),
    path("village/unlisted/", village.report_unlisted, name="village_unlisted"),
    path("village/persons/<int:person_id>/", village.show_village_person, name="village_person"),
    path("village/persons/<int:person_id>/report/", village.report, name="village_report"),
    path("village/questions/<int:question_id>/answer/", village.answer, name="village_answer"),
]
