#!/usr/bin/env python
"""Django's command line for this project; `./run manage ...` starts what it needs first."""

import os
import sys

AS_OWNER = {"migrate", "initialise", "restore"}  # they change the schema; everything else is the app role's


def main() -> None:
    if AS_OWNER.intersection(sys.argv[1:2]):
        os.environ["DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poverty_pension.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
