"""The rooms of the three administrators: users and rights, departments' access, and the audit books."""
