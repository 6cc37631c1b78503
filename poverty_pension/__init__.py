"""The Django project: settings, URLs, timetable, entry points. Wiring only; the apps are the folders beside it."""
