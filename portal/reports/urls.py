"""Addresses of the reports. Which table and which cell is in the query: nothing of it is personal."""

from django.urls import path

from portal.reports import board, counts_views, views

urlpatterns = [
    path("", views.show_table, name="reports"),
    path("people/", views.show_people, name="report_people"),
    path("zeroing/", board.show_board, name="report_zeroing"),
    path("counts/", counts_views.show_counts, name="report_counts"),
    path("counts/people/", counts_views.show_counted, name="report_counted"),
    path("counts/counts.xlsx", counts_views.download_counts, name="report_counts_xlsx"),
    path("table.xlsx", views.download_table, name="report_table_xlsx"),
]
