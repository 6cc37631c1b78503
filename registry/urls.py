"""Addresses of the register's pages. Persons and deliveries by id; a search text is never part of an address."""

from django.urls import path

from registry.views import (
    calendar,
    changes,
    column_mapping,
    deliveries,
    delivery_decisions,
    feed_templates,
    person_file,
    persons,
    possible_duplicates,
    uploads,
)

urlpatterns = [
    path("persons/find/", persons.find_person, name="find_person"),
    path("persons/<int:person_id>/number/", persons.show_number, name="person_number"),
    path("persons/<int:person_id>/number/card/", persons.compare_card, name="person_number_card"),
    path("persons/<int:person_id>/file/", person_file.show_file, name="person_file"),
    path("persons/<int:person_id>/note/", person_file.add_note, name="person_note"),
    path("persons/<int:person_id>/attach/", person_file.attach, name="person_attach"),
    path("persons/notes/<int:note_id>/pin/", person_file.pin_note, name="person_note_pin"),
    path("persons/attachments/<int:attachment_id>/", person_file.download, name="person_attachment"),
    path("persons/duplicates/", possible_duplicates.show_possible_duplicates, name="possible_duplicates"),
    path(
        "persons/duplicates/<int:proposal_id>/",
        possible_duplicates.decide_possible_duplicate,
        name="possible_duplicate_decide",
    ),
    path("persons/merges/<int:merge_id>/undo/", possible_duplicates.undo_decided_merge, name="person_merge_undo"),
    path("deliveries/", deliveries.show_deliveries, name="deliveries"),
    path("deliveries/calendar/", calendar.show_calendar, name="feed_calendar"),
    path("deliveries/calendar/<slug:feed>/contact/", calendar.change_contact, name="feed_contact"),
    path("deliveries/feeds/", feed_templates.show_feeds, name="feeds"),
    path("deliveries/feeds/<slug:feed>.xlsx", feed_templates.download_template, name="feed_template"),
    path("deliveries/receive/", deliveries.receive, name="deliveries_receive"),
    path("deliveries/uploads/", uploads.start, name="upload_start"),
    path("deliveries/uploads/<int:upload_id>/piece/", uploads.piece, name="upload_piece"),
    path("deliveries/uploads/<int:upload_id>/finish/", uploads.finish, name="upload_finish"),
    path("deliveries/uploads/<int:upload_id>/cancel/", uploads.cancel, name="upload_cancel"),
    path("deliveries/<int:delivery_id>/", deliveries.show_delivery, name="delivery"),
    path("deliveries/<int:delivery_id>/changes/", changes.show_changes, name="delivery_changes"),
    path("deliveries/<int:delivery_id>/columns/", column_mapping.map_delivery, name="delivery_columns"),
    path("deliveries/<int:delivery_id>/problems.xlsx", deliveries.download_problems, name="delivery_problems"),
    path("deliveries/apply/", delivery_decisions.approve_all, name="deliveries_approve"),
    path("deliveries/<int:delivery_id>/apply/", delivery_decisions.approve, name="delivery_approve"),
    path("deliveries/<int:delivery_id>/discard/", delivery_decisions.discard, name="delivery_discard"),
    path("deliveries/<int:delivery_id>/retry/", delivery_decisions.retry, name="delivery_retry"),
    path("deliveries/<int:delivery_id>/undo/", delivery_decisions.undo, name="delivery_undo"),
    path("deliveries/<int:delivery_id>/again/", delivery_decisions.apply_again, name="delivery_again"),
    path(
        "deliveries/<int:delivery_id>/corrections.xlsx",
        delivery_decisions.download_correction_file,
        name="delivery_correction_file",
    ),
]
