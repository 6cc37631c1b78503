"""What every command does before the product's own code may run: key file, servers, prepared ground."""

from collections.abc import Callable
from pathlib import Path

from poverty_pension.launcher import keys, processes, servers
from poverty_pension.launcher.errors import LauncherError
from poverty_pension.launcher.ground import demo_stamp, ground_stamp
from poverty_pension.launcher.installation import Installation
from poverty_pension.launcher.servers import Servers


def start_servers(installation: Installation) -> Servers:
    """Make the key file and start the servers. A new database has no ground and no demo yet."""
    keys.ensure_key_file(installation.key_file, database_exists=installation.has_database)
    if not installation.has_database and not installation.database_url:
        ground_stamp(installation).forget()
        demo_stamp(installation).forget()
    return servers.start(installation)


def prepare_ground(
    installation: Installation, told: dict[str, str], *, tell: Callable[[str], None], output: int | None
) -> None:
    """Run `manage.py prepare_ground` unless nothing it reads has changed. Errors: LauncherError when it fails."""
    stamp = ground_stamp(installation)
    if stamp.is_current():
        return
    tell("Preparing the database, regions, parameters and translations ...")
    command: list[str | Path] = [installation.python, installation.checkout / "manage.py", "prepare_ground"]
    code = processes.begin(command, told, output=output).wait()
    if code:
        raise LauncherError(f"manage.py prepare_ground failed with exit code {code}; what it said stands above.")
    stamp.write()
