"""`python -m poverty_pension.launcher`: what the script ./run calls."""

import sys

from poverty_pension.launcher.commands import main

sys.exit(main(sys.argv[1:]))
