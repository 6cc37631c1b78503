"""Addresses of contributions and benefits."""

from django.urls import path

from payments.views import accounts, batch_acts, batch_people, batches, people, plan, target

urlpatterns = [
    path("", target.show_target, name="payments"),
    path("plan/", plan.show_plan, name="contribution_plan"),
    path("plan/compute/", plan.compute_now, name="contribution_compute"),
    path("plan/batch/", plan.begin_batch, name="contribution_draft"),
    path("plan/people/", people.show_people, name="contribution_people"),
    path("plan/people/print/", people.print_people, name="contribution_people_print"),
    path("plan/people/xlsx/", people.download_people, name="contribution_people_xlsx"),
    path("batches/", batches.show_batches, name="contribution_batches"),
    path("batches/<int:batch_id>/", batches.show_batch, name="contribution_batch"),
    path("batches/<int:batch_id>/act/", batch_acts.act_on_batch, name="contribution_act"),
    path("batches/<int:batch_id>/people/", batch_people.show_batch_people, name="contribution_batch_people"),
    path("batches/<int:batch_id>/print/", batch_people.print_batch, name="contribution_batch_print"),
    path("batches/<int:batch_id>/xlsx/", batch_people.download_batch, name="contribution_batch_xlsx"),
    path("persons/<int:person_id>/", accounts.show_account, name="person_account"),
]
