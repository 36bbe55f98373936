"""What is shipped to run the product: containers, units, the wheel. Commands are run as written."""

import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from clerk.settings import PLACES
from tests.house import CLERK, free_port, until
from tests.postgres.roles import Roles, two_roles

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"
HEALTH = "127.0.0.1:9464"


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


OURS = {name: one for name, one in services().items() if one.get("image") == "ccer-clerk"}


class Place:
    """Folders that stand for the volumes of one service."""

    def __init__(self, base: Path, roles: Roles) -> None:
        self.base = base
        for name in ("data", "secrets", "owner-secrets", "backups", "demo"):
            (base / name).mkdir()
        for name, url in (("secrets", roles.serving), ("owner-secrets", roles.owner)):
            (base / name / "database_url").write_text(url, encoding="utf-8")
        self.health, self.smtp = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"

    def here(self, text: str) -> str:
        """A container's path or address, as it is here."""
        for name in ("data", "secrets", "backups"):
            text = text.replace(f"/{name}/", f"{self.base}/{name}/")
        text = text.replace("0.0.0.0:2525", self.smtp).replace(HEALTH, self.health)
        if text in ("/data", "/backups"):
            return str(self.base / text[1:])
        # As docker compose fills it in where nothing is set.
        return re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", text)

    def environment(self, service: Mapping[str, Any]) -> dict[str, str]:
        own = {key: self.here(value) for key, value in service["environment"].items()}
        if "owner-secrets:/secrets:ro" in service["volumes"]:
            url = own["CLERK_DATABASE__URL_FILE"]
            own["CLERK_DATABASE__URL_FILE"] = url.replace("/secrets/", "/owner-secrets/")
        bin_ = str(Path(CLERK[0]).resolve().parent) if "/" in CLERK[0] else ""
        path = f"{bin_}:{os.environ['PATH']}"
        return {**os.environ, "CLERK_SMTP__LISTEN": self.smtp, **own, "PATH": path}

    def command(self, service: Mapping[str, Any]) -> list[str]:
        entry = service.get("entrypoint", [str(Path(CLERK[0]).resolve())])
        return [*entry, *(self.here(one).replace("$$", "$") for one in service["command"])]

    @contextmanager
    def running(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.base / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(OURS[name]), env=self.environment(OURS[name]), cwd=self.base / "data",
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)

    def healthy(self, name: str) -> bool:
        """As the file's own health check says."""
        _, program, *rest = OURS[name]["healthcheck"]["test"]
        assert program == "python3"
        check = [sys.executable, *(self.here(one) for one in rest)]
        return subprocess.run(check, capture_output=True, timeout=20, check=False).returncode == 0


@pytest.fixture
def place(tmp_path: Path, cluster: Any) -> Iterator[Place]:
    with two_roles(cluster) as roles:
        yield Place(tmp_path, roles)


@pytest.mark.timeout(200)
def test_each_service_runs_its_command_against_a_real_database(place: Place) -> None:
    done = subprocess.run(
        place.command(OURS["init"]), env=place.environment(OURS["init"]), capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in ("clerk", "worker"):
        with place.running(name) as process:
            until(partial(place.healthy, name), 60)
            assert process.poll() is None
        assert not place.healthy(name)
    with place.running("backup"):
        until(lambda: list((place.base / "backups").glob("clerk-*.dump")) != [], 60)
    assert not list((place.base / "backups").glob("*.partial"))


@pytest.mark.skipif(os.geteuid() != 0, reason="the service sets owners, so it runs as root")
def test_secrets_are_made_once_and_read_by_their_users_alone(tmp_path: Path) -> None:
    for name in ("secrets", "owner-secrets", "db-secrets"):
        (tmp_path / name).mkdir()
    script = OURS["secrets"]["command"][0].replace("$$", "$")
    script = re.sub(r"(?<=[ >])/(?=(owner-|db-)?secrets\b)", f"{tmp_path}/", script)
    said = []
    for _ in range(2):
        subprocess.run(["/bin/sh", "-c", script], check=True, timeout=30)
        said.append((tmp_path / "secrets" / "database_url").read_text(encoding="utf-8"))
    assert said[0] == said[1]
    owner = (tmp_path / "owner-secrets" / "database_url").read_text(encoding="utf-8")
    users = [make_url(one).username for one in (said[0], owner)]
    passwords = {make_url(one).password for one in (said[0], owner)}
    assert users == ["clerk", "clerk_owner"]
    assert len(passwords) == 2
    assert min(len(str(one)) for one in passwords) >= 32
    modes = {
        str(path.relative_to(tmp_path)): (path.stat().st_mode & 0o777, path.stat().st_uid)
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    ours, database = (0o400, 10001), (0o400, 999)
    assert modes == {
        "secrets/database_url": ours, "owner-secrets/database_url": ours,
        "db-secrets/superuser_password": database, "db-secrets/owner_password": database,
        "db-secrets/serving_password": database,
    }  # fmt: skip


def test_who_serves_has_no_other_role_s_secret() -> None:
    for name, one in services().items():
        mounted = {volume.partition(":")[0] for volume in one.get("volumes", ())}
        allowed = {"init": {"owner-secrets"}, "db": {"db-secrets"}}.get(name, {"secrets"})
        assert name == "secrets" or {v for v in mounted if v.endswith("secrets")} <= allowed, name


def test_every_service_is_kept_small() -> None:
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER clerk\n" in docker
    assert {name for name, one in services().items() if "user" in one} == {"secrets"}
    assert all(one["read_only"] for one in services().values())
    for name in ("clerk", "worker", "init", "backup"):
        assert OURS[name]["cap_drop"] == ["ALL"], name
    profiles = {one for service in services().values() for one in service.get("profiles", ())}
    assert profiles == {"demo", "scale", "backup"}


def test_the_settings_file_that_it_names_reaches_every_service() -> None:
    assert Path("/etc/ccer-clerk/clerk.toml") in PLACES
    for name in ("init", "clerk", "worker", "backup"):
        assert "./settings:/etc/ccer-clerk:ro" in OURS[name]["volumes"], name


KEYS = {
    "build", "cap_drop", "command", "depends_on", "entrypoint", "env_file", "environment",
    "healthcheck", "image", "network_mode", "networks", "ports", "profiles", "read_only", "restart",
    "security_opt", "tmpfs", "user", "volumes", "working_dir",
}  # fmt: skip
"""Of the services of the Compose Specification: those that the file uses."""
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def test_every_name_in_the_file_is_declared_and_every_key_known() -> None:
    """As far as can be said without docker, which is asked below where it is there."""
    file = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    assert {key for key in file if not key.startswith("x-")} == {"services", "volumes", "networks"}
    used: dict[str, set[str]] = {"volumes": set(), "networks": set()}
    for name, one in file["services"].items():
        assert set(one) <= KEYS, name
        for other, how in one.get("depends_on", {}).items():
            assert set(how) == {"condition"}, name
            assert how["condition"] in CONDITIONS, name
            if how["condition"] == "service_healthy":
                assert "test" in file["services"][other]["healthcheck"], other
            # What waits for the end of another must not wait for ever.
            if how["condition"] == "service_completed_successfully":
                assert file["services"][other].get("restart", "no") == "no", other
        mounted = (volume.split(":") for volume in one.get("volumes", ()))
        for source, target, *mode in mounted:
            assert target.startswith("/"), name
            assert mode in ([], ["ro"]), name
            if source.startswith("."):
                assert source == "./settings" or (ROOT / source).exists(), source
            else:
                used["volumes"].add(source)
        assert ("networks" in one) is ("network_mode" not in one), name
        used["networks"] |= set(one.get("networks", ()))
        assert one.get("restart", "no") in ("no", "unless-stopped"), name
    assert used == {key: set(file[key]) for key in used}


def test_docker_compose_understands_the_file() -> None:
    known = shutil.which("docker") and subprocess.run(
        ["docker", "compose", "version"], capture_output=True, check=False
    )
    if not known or known.returncode:
        pytest.skip("no docker compose here")
    command = ["docker", "compose", "-f", str(COMPOSE), "config", "--quiet"]
    subprocess.run(command, check=True, timeout=60)


def test_units_are_sound() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    for unit in sorted((ROOT / "ops" / "systemd").iterdir()):
        done = subprocess.run(
            ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        # The program of an installation is not there; nothing else may be wrong.
        own = [line for line in done.stderr.splitlines() if "ccer-clerk" in line]
        assert [line for line in own if "is not executable" not in line] == []


def test_the_wheel_holds_every_module_and_all_data(tmp_path: Path) -> None:
    source = tmp_path / "source"
    kept = shutil.ignore_patterns(".git", ".venv", "tests", "build", "*.egg-info", ".*_cache")
    shutil.copytree(ROOT, source, ignore=kept)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-w", str(tmp_path), str(source)], check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    rooms = ("bot", "casework", "clerk", "cycles", "letters", "mailer", "ocr", "procedure", "store")
    files = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files - packed == set()
