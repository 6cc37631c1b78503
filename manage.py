#!/usr/bin/env python
"""Django's command line for this project; `./run manage ...` starts what it needs first."""

import os
import sys

AS_OWNER = {"migrate", "initialise", "restore"}  # they change the schema; everything else is the app role's


def main() -> None:
    if AS_OWNER.intersection(sys.argv[1:2]):
        os.environ["DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poverty_pension.settings.dev")
    from operations.command_line import execute

    if sentence := execute(sys.argv):
        sys.exit(sentence)


if __name__ == "__main__":
    main()
