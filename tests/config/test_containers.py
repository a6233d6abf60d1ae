"""docker-compose.yml, Dockerfile and nginx.conf name only what there is."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from config import keys
from tests.conftest import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
OURS = {"prepare", "web", "worker", "scheduler"}
SECRETS = set(keys.for_containers("archive.example", "Office"))


def secrets_of(service: dict[str, Any]) -> set[str]:
    return {entry if isinstance(entry, str) else entry["source"] for entry in service.get("secrets", [])}


def dockerfile(instruction: str) -> list[str]:
    """The arguments of an instruction, continued lines joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{instruction} (.+)$", joined, re.MULTILINE)


def test_all_that_runs_is_there() -> None:
    assert set(SERVICES) == {"database", "queue", "proxy", *OURS}
    for name in OURS - {"prepare"}:
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert SERVICES["scheduler"]["deploy"]["replicas"] == 1


def test_every_secret_is_made_by_config_keys_and_read_by_somebody() -> None:
    assert set(COMPOSE["secrets"]) == SECRETS
    assert set().union(*(secrets_of(service) for service in SERVICES.values())) == SECRETS
    for name, where in COMPOSE["secrets"].items():
        assert where == {"file": f"./secrets/{name}"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_reads_no_secret_that_it_was_not_given(name: str) -> None:
    service = SERVICES[name]
    told = [value for value in (service.get("environment") or {}).values() if str(value).startswith("/run/secrets/")]
    if name == "proxy":
        told += re.findall(r"/run/secrets/\w+", NGINX)
    if name == "database":
        told += re.findall(r"/run/secrets/\w+", (ROOT / "deploy/application-role.sh").read_text(encoding="utf-8"))
    assert {value.removeprefix("/run/secrets/") for value in told} <= secrets_of(service)


def test_only_prepare_knows_the_owner_of_the_database() -> None:
    knowing = {name for name in OURS if "DATABASE_OWNER_URL" in secrets_of(SERVICES[name])}
    assert knowing == {"prepare"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - OURS))
def test_images_of_others_are_pinned(name: str) -> None:
    assert re.fullmatch(r"[a-z]+:\d+\.\d+[a-z0-9.-]*", SERVICES[name]["image"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare"}))
def test_a_service_that_stays_has_a_health_check_and_starts_again(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert not any(service.get("network_mode") or service.get("privileged") for service in SERVICES.values())


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_is_mounted_exists(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source = volume.split(":")[0]
        assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]


def commands(name: str) -> list[list[str]]:
    words = SERVICES[name].get("command") or json.loads(dockerfile("CMD")[0])
    if words[:2] == ["sh", "-c"]:
        return [shlex.split(part) for part in words[2].split("&&")]
    return [words]


@pytest.mark.parametrize(("name", "words"), [(name, words) for name in sorted(OURS) for words in commands(name)])
def test_every_command_exists_and_understands_its_options(name: str, words: list[str]) -> None:
    if words[:2] == ["python", "manage.py"]:
        application = get_commands()[words[2]]
        assert load_command_class(application, words[2]).create_parser("manage.py", words[2]).parse_args(words[3:])
        return
    program = ROOT / ".venv/bin" / words[0]
    assert program.is_file()
    if words[0] == "gunicorn":  # reads its configuration and loads the application
        subprocess.run([program, *words[1:], "--check-config"], cwd=ROOT, timeout=60, check=True)
        return
    asked = subprocess.run(
        [program, "-A", "config", *words[3:4], "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    known = asked.stdout
    for option in (word.partition("=")[0] for word in words if word.startswith("--")):
        assert option in known, (option, known, asked.stderr)


def test_the_scheduler_and_worker_are_those_of_make_run() -> None:
    from profiles.management.commands.up import processes

    here = {name: set(shlex.split(command)) for name, command in processes("127.0.0.1", 8000).items()}
    assert set(here) == OURS - {"prepare"}
    for name in ("worker", "scheduler"):
        flags = {word for word in commands(name)[0] if word.startswith("--") and word not in {"--concurrency"}}
        assert flags <= here[name]


# The image


def test_what_the_image_copies_exists() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for line in dockerfile("COPY"):
        words = line.split()
        if words[0].startswith("--from="):
            assert re.search(rf"^FROM \S+ AS {words[0].removeprefix('--from=')}$", DOCKERFILE, re.MULTILINE)
            continue
        for source in words[:-1]:
            assert (ROOT / source).exists()
            assert source not in ignored


def test_secrets_and_tests_stay_out_of_the_image() -> None:
    assert {".git", "var", "secrets", "tests", ".venv"} <= set(
        (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    )


def test_the_image_runs_as_somebody_without_rights_and_with_production_settings() -> None:
    assert dockerfile("USER") == ["archive"]
    assert DOCKERFILE.index("\nUSER archive") < DOCKERFILE.index("\nCMD")
    assert "DJANGO_SETTINGS_MODULE=config.settings.production" in dockerfile("ENV")[0]
    assert all(re.fullmatch(r"\S+:\d+[.\d]*-\S+( AS \S+)?", line) for line in dockerfile("FROM"))


def test_the_image_installs_what_a_fresh_machine_installs() -> None:
    script = (ROOT / "scripts/system-packages").read_text(encoding="utf-8")
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk"):
        assert package in DOCKERFILE
        assert package in script


# The proxy


def test_the_proxy_speaks_to_web_and_hands_over_who_asks() -> None:
    assert re.findall(r"proxy_pass http://(\w+):(\d+);", NGINX) == [("web", "8000")]
    assert "web" in SERVICES["proxy"]["depends_on"]
    assert "0.0.0.0:8000" in json.loads(dockerfile("CMD")[0])
    assert "X-Forwarded-For $remote_addr;" in NGINX  # one address, written by us: TRUSTED_PROXIES=1
    assert "X-Forwarded-Proto https;" in NGINX
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in NGINX
    assert "access_log off;" in NGINX


def test_the_proxy_lets_a_file_pass_that_the_product_takes(settings: Any) -> None:
    limit = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1]) * 1024 * 1024
    assert limit > 2 * settings.UPLOAD_LIMIT_BYTES  # a file too large is refused by the product, with a sentence
