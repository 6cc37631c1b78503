"""Addresses of the reports. Which table and which cell is in the query: nothing of it is personal."""

from django.urls import path

from portal.reports import board, counts_views, month, printing, views

urlpatterns = [
    path("", views.show_table, name="reports"),
    path("month/", month.show_month, name="report_month"),
    path("month/month.pdf", month.print_month, name="report_month_print"),
    path("people/", views.show_people, name="report_people"),
    path("zeroing/", board.show_board, name="report_zeroing"),
    path("counts/", counts_views.show_counts, name="report_counts"),
    path("counts/people/", counts_views.show_counted, name="report_counted"),
    path("counts/counts.xlsx", counts_views.download_counts, name="report_counts_xlsx"),
    path("table.xlsx", views.download_table, name="report_table_xlsx"),
    path("table.pdf", printing.print_table, name="report_table_print"),
    path("zeroing/zeroing.pdf", printing.print_board, name="report_zeroing_print"),
]
