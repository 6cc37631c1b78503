"""One machine, started by `./run`: bound to 127.0.0.1, demo sign-ins allowed in a database marked as demo."""

from poverty_pension.settings import env
from poverty_pension.settings.base import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
DEMO_SIGN_INS = True
FOLLOWS_DEMO_TIME = True
SECOND_FACTOR_REQUIRED = False  # lifted in a database marked as demo, required in any other
