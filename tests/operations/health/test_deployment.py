"""`check --deploy` reports nothing under production settings."""

import os
import subprocess
import sys

from launcher.installation import CHECKOUT


def test_production_settings_pass_the_deployment_check():
    quiet = {
        name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"
    }  # a browser test's
    environment = quiet | {
        "DJANGO_SETTINGS_MODULE": "poverty_pension.settings.production",
        "ALLOWED_HOSTS": "pension.example.gov.cn",
        "CSRF_TRUSTED_ORIGINS": "https://pension.example.gov.cn",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
