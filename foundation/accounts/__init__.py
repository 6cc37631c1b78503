"""Users, roles, memberships in units, department clients; permissions.py is the one table of permissions."""
