"""`python -m launcher`: what the script ./run calls."""

import sys

from launcher.commands import main

sys.exit(main(sys.argv[1:]))
