"""The first page and the living style page."""

from django.urls import path

from poverty_pension.portal.rooms import show_room
from poverty_pension.portal.style_page import show_style
from poverty_pension.portal.views import show_today
from poverty_pension.portal.worklist_export import download_work_list

urlpatterns = [
    path("", show_today, name="today"),
    path("rooms/<slug:name>/", show_room, name="room"),
    path("work/list.xlsx", download_work_list, name="work_list_xlsx"),
    path("style/", show_style, name="style"),
]
