"""`check --deploy` reports nothing under production settings, and fails while the data volume is not declared encrypted."""

import os
import subprocess
import sys

import pytest

from launcher.installation import CHECKOUT


@pytest.mark.parametrize("declared", ["1", "", "0"])
def test_production_settings_pass_the_deployment_check_once_the_data_volume_is_declared_encrypted(declared):
    quiet = {
        name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"
    }  # a browser test's
    environment = quiet | {
        "DJANGO_SETTINGS_MODULE": "poverty_pension.settings.production",
        "ALLOWED_HOSTS": "pension.example.gov.cn",
        "CSRF_TRUSTED_ORIGINS": "https://pension.example.gov.cn",
        "DATA_VOLUME_ENCRYPTED": declared,
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    if declared == "1":
        assert done.returncode == 0, done.stderr
        assert "no issues" in done.stdout
    else:
        assert done.returncode == 1
        assert "operations.E001" in done.stderr
        assert done.stderr.count("operations.E") == 1
