"""What every command does before the product's own code can run: key file, servers, an initialised database."""

from collections.abc import Callable
from pathlib import Path

from launcher import keys, processes, servers
from launcher.errors import LauncherError
from launcher.installation import Installation
from launcher.servers import Servers
from launcher.stamps import demo_stamp, initialised_stamp


def start_servers(installation: Installation) -> Servers:
    """Create the key file and start the servers. A new database is not initialised and has no demo yet."""
    keys.ensure_key_file(installation.key_file, database_exists=installation.has_database)
    if not installation.has_database and not installation.database_url:
        initialised_stamp(installation).forget()
        demo_stamp(installation).forget()
    return servers.start(installation)


def initialise(
    installation: Installation, child_environment: dict[str, str], *, report: Callable[[str], None], output: int | None
) -> None:
    """Run `manage.py initialise` unless nothing it reads has changed. Errors: LauncherError when it fails."""
    stamp = initialised_stamp(installation)
    if stamp.is_current():
        return
    report("Preparing the database, regions, parameters and translations ...")
    command: list[str | Path] = [installation.python, installation.checkout / "manage.py", "initialise"]
    code = processes.begin(command, child_environment, output=output).wait()
    if code:
        raise LauncherError(f"manage.py initialise failed with exit code {code}; see its output above.")
    stamp.write()
