"""The commands of ./run: reads the command line, calls the module that does it, prints an error as one sentence."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from launcher import checks, keys, manage
from launcher.dev import dev
from launcher.errors import LauncherError, explain
from launcher.installation import Installation, from_environment, make_folders
from launcher.lock import LauncherLock
from launcher.serve import serve
from launcher.stamps import demo_stamp, initialised_stamp

STOP_SECONDS = 30
USAGE = """\
./run                    start everything, load the demo county the first time, serve until Ctrl-C
./run stop               stop the ./run that serves
./run reset [--yes]      stop it and delete database, broker and data of this installation
./run manage ARGS        one of the product's commands, for example: ./run manage nightly --help
./run backup FOLDER      database and people's files into a new folder, never the keys
./run restore FOLDER     a backup into a new STATE_DIR that holds its key file
./run bench [NAME]       run one benchmark, or list them
./run torture NAME       damage an installation of its own on purpose, for example: ./run torture launcher --kills 60
./run test [ARGS]        all checks and tests; with ARGS only pytest with those arguments
./run check [NAME ...]   the checks that read the code alone: style, templates, escaping, import contract, migrations, types
./run dev                serve and reload what changes, templates and styles too
./run keys FILE          make the key file of an installation that is not started by ./run
./run keys add [FILE]    add a key to the ring and make it current; then ./run manage rotate_keys
./run help               this text

STATE_DIR  folder of the installation (default: var in the checkout); another folder is another installation
PORT       port on 127.0.0.1 (default: 8000)
DATABASE_URL, REDIS_URL  servers to use instead of starting PostgreSQL and Valkey
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    name, *rest = arguments or ["serve"]
    command = COMMANDS.get(name)
    if command is None:
        print(f"./run has no command {name!r}.\n\n{USAGE}", file=sys.stderr)
        return 2
    try:
        installation = from_environment()
    except LauncherError as error:
        return _fail(str(error))
    try:
        return command(installation, rest)
    except LauncherError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(explain(error, installation.state_dir))
    except KeyboardInterrupt:
        return 130


def stop(installation: Installation, arguments: Sequence[str]) -> int:
    """Ask the running launcher to stop and wait until it has."""
    if not installation.run_dir.exists():
        print("Nothing runs here.")
        return 0
    lock = LauncherLock(installation.run_dir)
    holder = lock.holder()
    if holder is None:
        print("Nothing runs here.")
        return 0
    if holder.command == "manage":
        raise LauncherError(f"./run manage is at work (process {holder.process_id}); it stops its servers itself.")
    if holder.process_id:
        os.kill(holder.process_id, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while lock.is_held():
        if time.monotonic() > deadline:
            raise LauncherError(f"./run (process {holder.process_id}) did not stop within {STOP_SECONDS} s.")
        time.sleep(0.05)
    print("Stopped.")
    return 0


def reset(installation: Installation, arguments: Sequence[str]) -> int:
    """Delete what this installation holds, after asking; keeps the environment and the keys."""
    if "--yes" not in arguments:
        print(f"This deletes the database, the broker and all data in {installation.state_dir}.")
        if input("Delete them? [y/N] ").strip().lower() not in {"y", "yes"}:
            print("Nothing was deleted.")
            return 1
    if installation.run_dir.exists():
        stop(installation, [])
    database = installation.state_dir / "postgres"
    for folder in (database.resolve(), *(installation.state_dir / name for name in ("valkey", "data"))):
        if folder.exists():
            shutil.rmtree(folder)
    if database.is_symlink():
        database.unlink()
    initialised_stamp(installation).forget()
    demo_stamp(installation).forget()
    print("Deleted. The next ./run starts from scratch.")
    return 0


def _serve(installation: Installation, arguments: Sequence[str]) -> int:
    make_folders(installation)
    return serve(installation)


def _manage(installation: Installation, arguments: Sequence[str]) -> int:
    make_folders(installation)
    return manage.manage(installation, arguments)


def _bench(installation: Installation, arguments: Sequence[str]) -> int:
    make_folders(installation)
    return manage.bench(installation, arguments)


def _torture(installation: Installation, arguments: Sequence[str]) -> int:
    make_folders(installation)
    return manage.torture(installation, arguments)


def _backup(installation: Installation, arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        raise LauncherError("Name the new folder of the backup: ./run backup FOLDER")
    make_folders(installation)
    return manage.manage(installation, ["backup", str(Path(arguments[0]).absolute())])


def _restore(installation: Installation, arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        raise LauncherError("Name the folder of the backup: ./run restore FOLDER")
    make_folders(installation)
    return manage.restore(installation, str(Path(arguments[0]).absolute()))


def _test(installation: Installation, arguments: Sequence[str]) -> int:
    make_folders(installation)
    return checks.test(installation, arguments)


def _check(installation: Installation, arguments: Sequence[str]) -> int:
    make_folders(installation)
    return checks.check(installation, arguments)


def _dev(installation: Installation, arguments: Sequence[str]) -> int:
    make_folders(installation)
    return dev(installation)


def _keys(installation: Installation, arguments: Sequence[str]) -> int:
    if arguments[:1] == ["add"]:
        return _add_key(installation, arguments[1:])
    if len(arguments) != 1:
        raise LauncherError("Name the key file to make: ./run keys FILE, or add a key to one: ./run keys add [FILE]")
    path = Path(arguments[0])
    if path.exists():
        raise LauncherError(f"{path} exists; a key file is never overwritten.")
    keys.ensure_key_file(path, database_exists=False)
    print(f"{path} was made, readable by you only. Keep a copy away from the backups: without it they cannot be read.")
    return 0


def _add_key(installation: Installation, arguments: Sequence[str]) -> int:
    """Add a key while no running process holds only the old ones."""
    path = Path(arguments[0]) if arguments else Path(os.environ.get("KEY_FILE") or installation.key_file)
    if installation.run_dir.exists() and LauncherLock(installation.run_dir).is_held():
        raise LauncherError("The running processes hold only the old keys; ./run stop first, then add the key.")
    key_id = keys.add_key(path)
    print(
        f"{path} has the new current key {key_id}. Keep a fresh copy of it away from the backups, restart what reads it,\n"
        "then re-encrypt everything with the new key: ./run manage rotate_keys, ./run manage verify_keys"
    )
    return 0


def _help(installation: Installation, arguments: Sequence[str]) -> int:
    print(USAGE, end="")
    return 0


def _fail(sentence: str) -> int:
    print(f"./run: {sentence}", file=sys.stderr, flush=True)
    return 1


COMMANDS: dict[str, Callable[[Installation, Sequence[str]], int]] = {
    "serve": _serve,
    "stop": stop,
    "reset": reset,
    "manage": _manage,
    "backup": _backup,
    "restore": _restore,
    "bench": _bench,
    "torture": _torture,
    "test": _test,
    "check": _check,
    "dev": _dev,
    "keys": _keys,
    "help": _help,
    "--help": _help,
    "-h": _help,
}
