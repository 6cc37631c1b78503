"""Addresses of the work list."""

from django.urls import path

from portal.worklist import acts, export, one_stop, printing, views

urlpatterns = [
    path("work/", views.show_work_list, name="work_list"),
    path("work/name/", views.filter_by_name, name="work_name"),
    path("work/assign/", acts.assign, name="case_assign"),
    path("work/take-many/", acts.take_many, name="case_take_many"),
    path("work/one-stop/", one_stop.propose, name="work_one_stop"),
    path("work/next/", views.show_next, name="work_next"),
    path("work/filters/", views.save_work_filter, name="work_filter_keep"),
    path("work/filters/<int:filter_id>/delete/", views.delete_work_filter, name="work_filter_drop"),
    path("work/list.xlsx", export.download_work_list, name="work_list_xlsx"),
    path("work/list.pdf", printing.print_work_list, name="work_list_print"),
]
