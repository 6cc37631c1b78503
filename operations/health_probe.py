"""`python -m operations.health_probe`: exit code 0 when the web process of the same container is ready."""

import os
import sys
import urllib.error
import urllib.request

ADDRESS = "http://127.0.0.1:8000/health/ready"
TIMEOUT_SECONDS = 8


def is_ready(address: str, host: str) -> bool:
    """Send a host name the process answers to."""
    asked = urllib.request.Request(address, headers={"Host": host})
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(not is_ready(ADDRESS, os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()))
