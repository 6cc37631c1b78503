"""Addresses of enrolment: the queue, one-stop batches, an application and its steps, notices, a person's enrolment, certification."""

from django.urls import path

from enrollment.views import (
    applications,
    certification,
    certification_list,
    notices,
    one_stop,
    one_stop_files,
    papers,
    persons,
    queue,
    wizard,
)

urlpatterns = [
    path("enrolment/", queue.show_queue, name="enrolment"),
    path("enrolment/invitations/", notices.show_invitations, name="enrolment_invitations"),
    path("enrolment/invitations/invitations.pdf", notices.print_invitations, name="enrolment_invitations_print"),
    path("enrolment/certification/", certification_list.show_due, name="certification_due"),
    path(
        "enrolment/certification/reminders.pdf",
        certification_list.print_reminders,
        name="certification_reminders_print",
    ),
    path("enrolment/certification/list.xlsx", certification_list.download_due, name="certification_due_xlsx"),
    path("enrolment/batches/", one_stop.show_batches, name="one_stop_batches"),
    path("enrolment/batches/<int:batch_id>/", one_stop.show_batch, name="one_stop_batch"),
    path("enrolment/batches/<int:batch_id>/act/", one_stop.act_on_batch, name="one_stop_act"),
    path("enrolment/batches/<int:batch_id>/people.xlsx", one_stop_files.download_batch, name="one_stop_xlsx"),
    path("enrolment/batches/<int:batch_id>/people.pdf", one_stop_files.print_batch, name="one_stop_print"),
    path("enrolment/<int:application_id>/", applications.show_application, name="application"),
    path("enrolment/<int:application_id>/step/", applications.take, name="application_step"),
    path("enrolment/<int:application_id>/next/", queue.show_next, name="application_next"),
    path("enrolment/<int:application_id>/correct/", wizard.correct, name="application_correct"),
    path("enrolment/<int:application_id>/notices/", notices.show_notices, name="application_notices"),
    path("enrolment/<int:application_id>/notices/notice.pdf", notices.print_notice, name="application_notice_print"),
    path("enrolment/<int:application_id>/papers/<int:paper_id>/", papers.show_picture, name="application_picture"),
    path("persons/<int:person_id>/applications/begin/", wizard.begin, name="application_begin"),
    path("persons/<int:person_id>/certification/", certification.show_certification, name="person_certification"),
    path("persons/<int:person_id>/enrolment/", persons.show_enrolment, name="person_enrolment"),
    path("persons/<int:person_id>/enrolment/years/", persons.record_years, name="person_years"),
    path("persons/<int:person_id>/enrolment/informed/", notices.log_informed, name="person_informed"),
    path("persons/<int:person_id>/enrolment/notice.pdf", notices.print_person_notice, name="person_notice_print"),
]
