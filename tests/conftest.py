"""What every test may use. The database comes from tests/plugins/database.py, the browser from tests/plugins/chromium.py."""

pytest_plugins = ["tests.plugins.chromium"]
