"""The production shape: docker-compose.yml and Dockerfile read as data, without a container engine."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from launcher.installation import CHECKOUT

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PRODUCT = ("initialise", "web", "worker", "beat")
TOP_KEYS = {"services", "volumes", "secrets", "networks", "configs", "name"}
SERVICE_KEYS = {
    "build", "command", "depends_on", "environment", "healthcheck", "image", "ports", "restart", "secrets", "shm_size",
    "stop_grace_period", "volumes",
}  # fmt: skip
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period", "disable"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
RESTARTS = {"no", "always", "on-failure", "unless-stopped"}
DURATION = re.compile(r"\d+(ms|s|m|h)")
SECRET = re.compile(r"(password|secret|token|key)", re.IGNORECASE)


def lines_of(path: Path) -> list[str]:
    """Return a Dockerfile's instructions, continued lines joined, comments left out."""
    text = re.sub(r"\\\n\s*", " ", path.read_text("utf-8"))
    return [line for line in text.splitlines() if line and not line.startswith("#")]


DOCKERFILE = lines_of(CHECKOUT / "Dockerfile")


def test_compose_has_the_services_of_a_real_installation():
    assert set(SERVICES) == {"initialise", "web", "proxy", "worker", "beat", "postgres", "redis"}
    assert {key for key in COMPOSE if not key.startswith("x-")} <= TOP_KEYS


@pytest.mark.parametrize("name", SERVICES)
def test_service_has_the_shape_compose_reads(name):
    service = SERVICES[name]
    assert set(service) <= SERVICE_KEYS
    assert service["restart"] in RESTARTS
    assert "image" in service or "build" in service
    assert all(isinstance(word, str) for word in service.get("command", []))
    assert all(isinstance(value, str) for value in service.get("environment", {}).values())
    for other, how in service.get("depends_on", {}).items():
        assert other in SERVICES
        assert how["condition"] in CONDITIONS
        assert how["condition"] != "service_healthy" or "test" in SERVICES[other]["healthcheck"]
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        assert source in COMPOSE["volumes"] or (CHECKOUT / source).exists()
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "initialise"])
def test_service_says_when_it_is_healthy(name):
    check = SERVICES[name].get("healthcheck")
    if name == "web":
        assert check is None
        assert any(line.startswith("HEALTHCHECK") and "health_probe" in line for line in DOCKERFILE)
        return
    assert check
    assert set(check) <= HEALTH_KEYS
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert all(DURATION.fullmatch(check[key]) for key in ("interval", "timeout", "start_period") if key in check)


def test_the_file_holds_no_secret():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name) and name != "KEY_FILE":
                assert re.fullmatch(r"\$\{[A-Z_]+:\?\}", value), name
            assert not re.search(r"://[^:/]+:(?!\$\{)[^@]+@", value), name
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())


def test_only_the_proxy_is_reachable():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"proxy": ["443:443"]}


def test_the_proxy_reads_a_request_before_it_passes_it_on_and_web_trusts_exactly_one():
    text = (CHECKOUT / "deploy" / "nginx.conf").read_text("utf-8")
    settings = dict(line.strip().rstrip(";").split(" ", 1) for line in text.splitlines() if line.strip().endswith(";"))
    assert settings["proxy_request_buffering"] == "on"
    assert {"client_header_timeout", "client_body_timeout", "limit_conn", "limit_req_zone"} <= set(settings)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text, "what a client writes there is not passed on"
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == "1"
    assert {part.split()[1] for part in re.findall(r"proxy_pass http://\S+", text)} == {"http://web:8000;"}


def test_the_broker_asks_for_a_password_no_process_list_shows():
    broker = SERVICES["redis"]
    assert "requirepass %s" in broker["command"][-1]
    assert "--requirepass" not in " ".join(broker["command"])
    assert all("default:${BROKER_PASSWORD:?}@redis" in SERVICES[name]["environment"]["REDIS_URL"] for name in PRODUCT)


def test_only_initialise_knows_the_owner_of_the_database():
    for name in PRODUCT:
        environment = SERVICES[name]["environment"]
        assert "//pension_app:" in environment["DATABASE_URL"]
        assert ("DATABASE_OWNER_URL" in environment) == (name == "initialise")
        assert "OWNER_PASSWORD" not in environment


def test_roles_script_is_shell_and_makes_what_the_addresses_name():
    script = CHECKOUT / "deploy" / "make_database_roles.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    made = set(re.findall(r"CREATE ROLE (\w+) LOGIN", script.read_text()))
    named = {
        re.match(r"postgresql://(\w+):", value)[1]  # type: ignore[index]
        for service in SERVICES.values()
        for value in service.get("environment", {}).values()
        if value.startswith("postgresql://")
    }
    assert made == named


def test_every_image_is_pinned_to_a_version():
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += [line.split()[1] for line in DOCKERFILE if line.startswith("FROM")]
    for image in images:
        tag = image.rpartition(":")[2]
        assert "@sha256:" in image or re.match(r"\d+\.\d+", tag), image


def test_image_runs_as_nobody_special_and_installs_only_what_is_hashed():
    users = [line.split()[1] for line in DOCKERFILE if line.startswith("USER")]
    assert users
    assert users[-1] not in {"root", "0"}
    last = max(index for index, line in enumerate(DOCKERFILE) if line.startswith("USER"))
    assert not any(line.startswith(("RUN", "COPY", "ADD")) for line in DOCKERFILE[last:])
    installs = [part for line in DOCKERFILE for part in line.split("&&") if "pip install" in part]
    assert installs
    assert all("--require-hashes" in part for part in installs)
    assert not any(line.startswith("ADD") or "curl " in line or "sudo" in line for line in DOCKERFILE)


def test_image_gets_no_secret_and_no_state():
    patterns = [line for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert patterns[0] == "*"
    allowed = {line.removeprefix("!") for line in patterns if line.startswith("!")}
    assert not allowed & {"var", "secrets", ".env", ".git", "tests"}
    assert not any(line.startswith("ENV") and SECRET.search(line.replace("KEY_FILE", "")) for line in DOCKERFILE)


def test_commands_are_given_as_lists():
    for line in DOCKERFILE:
        if line.startswith(("CMD", "ENTRYPOINT")):
            assert line.partition(" ")[2].startswith("["), line
