"""The Django project: settings, addresses, timetable, entry points. Wiring only; whatever it wires stands beside it."""
