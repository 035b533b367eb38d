"""The files with which the bot is run elsewhere: what they name exists, and they keep the bot in its cage."""

from __future__ import annotations

import json
import os
import re
import tomllib
from fnmatch import fnmatch

import pytest
import typer.main
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.load.program import AS_DEPLOYED
from bot import metrics
from bot.cli import commands
from bot.settings import Settings
from tests.conftest import ROOT

FILES = ["Dockerfile", "compose.yaml", "deploy/minidorp.service", "deploy/Caddyfile", "README.md"]
SETTINGS = {f"MINIDORP_{name.upper()}" for name in Settings.model_fields}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture
def compose():
    return yaml.safe_load(text("compose.yaml"))


@pytest.fixture
def dockerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, with their continued lines."""
    lines = [line for line in text("Dockerfile").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in joined.splitlines() if line]


@pytest.mark.parametrize("name", FILES)
def test_every_setting_that_a_file_names_is_one(name):
    assert set(re.findall(r"MINIDORP_[A-Z_]*[A-Z]", text(name))) <= SETTINGS


def test_the_bench_runs_the_bot_with_the_environment_that_the_image_and_the_service_set(dockerfile):
    in_image = " ".join(value for name, value in dockerfile if name == "ENV").split()
    in_service = re.findall(r"^Environment=(.+)$", text("deploy/minidorp.service"), re.MULTILINE)
    named = [f"{name}={value}" for name, value in AS_DEPLOYED.items()]

    assert set(named) <= set(in_image)
    assert set(named) <= set(in_service)


def test_every_setting_is_explained_in_the_readme():
    assert set(re.findall(r"^\| `(MINIDORP_[A-Z_]+)`", text("README.md"), re.MULTILINE)) == SETTINGS


@pytest.mark.parametrize("name", FILES)
def test_every_command_that_a_file_names_is_one(name):
    known = set(typer.main.get_command(commands).commands)
    named = set(re.findall(r"\bbin/minidorp ([a-z]+)", text(name)))
    named |= set(re.findall(r"`(?:docker compose [a-z]+ (?:-\S+ )*bot )?minidorp ([a-z]+)", text(name)))

    assert named <= known
    if name == "Dockerfile":
        assert {"check", "match"} <= named


def test_what_the_image_is_built_from_is_there_and_let_in(dockerfile):
    let_in = [line[1:].rstrip("/") for line in text(".dockerignore").splitlines() if line.startswith("!")]
    copied = [
        source.rstrip("/")
        for instruction, words in dockerfile
        if instruction == "COPY" and "--from" not in words
        for source in words.split()[:-1]
    ]

    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert source in let_in
    for secret in (".env", "secrets", "minidorp.sqlite3", ".git"):
        assert not any(fnmatch(secret, pattern) for pattern in let_in)


def test_the_image_runs_as_nobody_in_particular_and_hears_the_signal_to_stop(dockerfile):
    final = dockerfile[max(n for n, (instruction, _) in enumerate(dockerfile) if instruction == "FROM") :]
    told = dict(final)

    assert told["USER"] == "10001:10001"
    assert json.loads(told["ENTRYPOINT"]) == ["minidorp"]
    assert json.loads(told["CMD"]) == ["run"]
    assert json.loads(told["HEALTHCHECK"].partition("CMD ")[2])[0] == "python"
    assert f":{port(told)}/healthz" in told["HEALTHCHECK"]
    run = next(words for instruction, words in final if instruction == "RUN")
    assert "groupadd --system --gid 10001 minidorp" in run
    assert "--uid 10001 --gid minidorp" in run


def test_everything_that_is_installed_in_the_image_has_a_hash(dockerfile):
    installs = [words for instruction, words in dockerfile if instruction == "RUN" and "pip" in words]
    commands_ = [command for words in installs for command in words.split(" && ") if "install" in command]

    assert len(commands_) == 3
    for command in commands_:
        assert "--require-hashes" in command or "--no-index" in command


def test_the_fitted_matcher_may_be_read_by_who_runs_it(dockerfile):
    words = [words for instruction, words in dockerfile if instruction == "RUN" and "minidorp match" in words]

    assert words[0].endswith("chmod -R a=rX /srv/minidorp")


def port(told: dict[str, str]) -> str:
    return re.search(r"MINIDORP_WEB_PORT=(\d+)", told["ENV"]).group(1)


def test_every_container_is_in_its_cage(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["tmpfs"], name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else []), name
        assert not service.get("privileged"), name


def started(compose: dict, profile: str | None) -> dict:
    """Return the services that start with this profile and no name."""
    named = {name: service.get("profiles") for name, service in compose["services"].items()}
    return {name: compose["services"][name] for name, profiles in named.items() if not profiles or profile in profiles}


def test_one_token_starts_one_bot_whichever_way_it_is_chosen_and_none_by_itself(compose):
    with_token = {
        profile: [name for name, service in started(compose, profile).items() if "token" in service.get("secrets", [])]
        for profile in (None, "polling", "webhook")
    }

    assert with_token == {None: [], "polling": ["bot"], "webhook": ["webhook"]}


def test_what_asks_telegram_for_messages_opens_no_door_and_needs_nothing_else(compose):
    assert set(started(compose, "polling")) == {"bot"}
    assert "ports" not in compose["services"]["bot"]
    assert "MINIDORP_WEBHOOK_URL" not in compose["services"]["bot"]["environment"]


def test_what_waits_behind_a_webhook_has_all_that_it_needs(compose):
    there = started(compose, "webhook")

    assert all(set(service.get("depends_on", [])) <= set(there) for service in there.values())
    assert [name for name, service in there.items() if service.get("ports")] == ["caddy"]


def test_every_command_of_compose_that_is_told_starts_what_it_means(compose):
    told = re.findall(r"docker compose ((?:--profile \S+ )?up [^`\n]*)", text("README.md") + text("compose.yaml"))

    assert told
    for command in told:
        chosen = re.search(r"--profile (\S+)", command)
        named = [word for word in command.split("up", 1)[1].split() if not word.startswith("-")]
        assert (chosen and started(compose, chosen.group(1))) or named, command
        assert set(named) <= set(compose["services"]), command


def test_what_compose_names_is_declared_and_there(compose):
    for service in compose["services"].values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert set(service.get("networks", [])) <= set(compose["networks"])
        assert set(service.get("depends_on", [])) <= set(compose["services"])
        for value in service.get("environment", {}).values():
            found = re.fullmatch(r"/run/secrets/(\w+)", str(value))
            assert not found or found.group(1) in service["secrets"]
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in compose["volumes"]
    for secret in compose["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert "secrets/" in text(".gitignore").splitlines()


def test_nothing_secret_stands_in_the_environment_of_a_container(compose):
    for service in compose["services"].values():
        assert not {"MINIDORP_TOKEN", "MINIDORP_WEBHOOK_SECRET", "MINIDORP_DATABASE_URL", "POSTGRES_PASSWORD"} & set(
            service.get("environment", {})
        )


def test_the_proxy_passes_on_what_people_and_telegram_need_and_no_more(compose):
    passed = re.findall(r"^\t\tpath (.+)$", text("deploy/Caddyfile"), re.MULTILINE)
    paths = {path for line in passed for path in line.split()}
    webhook = compose["services"]["webhook"]["environment"]["MINIDORP_WEBHOOK_URL"]

    assert paths == {"/" + webhook.partition("}/")[2], "/agenda", "/agenda/*", "/privacy"}
    assert set(re.findall(r"\{\$(\w+)", text("deploy/Caddyfile"))) == set(compose["services"]["caddy"]["environment"])


def test_the_service_may_do_little_and_is_not_started_again_with_wrong_settings():
    unit = text("deploy/minidorp.service")
    told = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and not line.startswith("#"))

    for directive in (
        "DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "ProtectClock",
        "ProtectKernelTunables", "ProtectKernelModules", "ProtectControlGroups", "RestrictNamespaces",
        "RestrictSUIDSGID", "LockPersonality", "MemoryDenyWriteExecute",
    ):  # fmt: skip
        assert told[directive] == "yes", directive
    assert told["ProtectSystem"] == "strict"
    assert told["CapabilityBoundingSet"] == ""
    assert told["RestartPreventExitStatus"] == "2"
    assert told["LoadCredential"].split(":")[0] == re.search(r"TOKEN_FILE=%d/(\w+)", unit).group(1)
    assert told["ExecStart"].endswith("/bin/minidorp run")
    assert told["RestartSec"] == "1s"
    # Without /proc/stat nothing is counted of the memory and time of a process, and two panels stay empty.
    assert told.get("ProcSubset", "all") == "all"


def test_whoever_runs_it_gives_it_the_memory_that_the_readme_asks_for(compose):
    asked = re.search(r"two cores, (\d+) GB of memory", text("README.md")).group(1)

    assert compose["services"]["bot"]["mem_limit"] == compose["services"]["webhook"]["mem_limit"] == f"{asked}g"
    assert f"\nMemoryMax={asked}G\n" in text("deploy/minidorp.service")


def test_the_other_commands_get_every_setting_of_the_service_and_a_token_that_root_may_read():
    unit = text("deploy/minidorp.service")
    [told] = re.findall(r"^#   systemd-run (.*minidorp doctor)$", re.sub(r" \\\n#\s+", " ", unit), re.MULTILINE)
    settings = re.search(r"^EnvironmentFile=(\S+)$", unit, re.MULTILINE).group(1)
    token = re.search(r"^LoadCredential=token:(\S+)$", unit, re.MULTILINE).group(1)

    assert f"--property=EnvironmentFile={settings} " in told
    assert '--property="Environment=$(systemctl show --property=Environment --value minidorp)"' in told
    # systemd takes no name twice, and the file it keeps for the service shows as open to a group since version 254.
    assert f" env MINIDORP_TOKEN_FILE={token} /opt/minidorp/venv/bin/minidorp " in told


def test_the_copies_of_the_containers_database_name_what_compose_does(compose):
    commands_ = re.findall(r"^docker compose exec -T (\S+) pg_(?:dump|restore) (.+)$", text("README.md"), re.MULTILINE)
    made = compose["services"]["postgres"]["environment"]

    assert [service for service, _ in commands_] == ["postgres", "postgres"]
    for _, options in commands_:
        assert f"--username={made['POSTGRES_USER']}" in options
        assert re.search(rf"(?:--dbname=| ){made['POSTGRES_DB']} ", options)


def test_everything_that_is_installed_for_the_service_has_a_hash():
    installs = [line for line in text("deploy/minidorp.service").splitlines() if "pip install" in line]

    assert [line.rpartition(" -r ")[2] for line in installs[:-1]] == ["requirements.lock", "requirements-build.lock"]
    for line in installs[:-1]:
        assert "--require-hashes" in line
    # Else pip fetches the newest of what builds the package, whatever is locked.
    assert installs[-1].endswith("pip install --no-deps --no-build-isolation .")


def test_the_dashboard_asks_only_for_what_is_counted():
    board = json.loads(text("deploy/grafana-dashboard.json"))
    metrics.UPDATES.labels("message")
    metrics.DELIVERIES.labels("sent")
    metrics.DECISIONS.labels("answer")
    metrics.FLOODS.labels("dropped")
    metrics.VERSION.info({"knowledge": "a", "matcher": "b"})
    metrics.watch_reader(os.getpid())
    samples = {
        sample.name
        for family in text_string_to_metric_families(metrics.exposition().decode())
        for sample in family.samples
    }

    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    named = set(re.findall(r"\b(?:minidorp|process)_[a-z_]+", asked))

    assert named <= samples
    # What the system counts of a process is more than anybody looks at.
    counted_here = {name for name in samples if name.startswith("minidorp_") and "_process_" not in name}
    own = {name for name in counted_here if not name.endswith(("_created", "_count", "_sum"))}
    assert own - named == set()
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def locked(name: str) -> dict[str, str]:
    """Return version by package; every entry must have hashes."""
    found = {}
    for entry in re.split(r"\n(?=[a-z0-9])", text(name)):
        if match := re.match(r"([a-z0-9_.\[\]-]+)==(\S+)", entry):
            assert "--hash=sha256:" in entry, entry
            found[canonicalize_name(match.group(1))] = match.group(2)
    return found


def test_every_dependency_is_locked_to_a_version_that_fits():
    project = tomllib.loads(text("pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["postgres"]]
    versions = locked("requirements.lock")

    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        assert name in versions, f"{name} is not locked; run make lock"
        assert requirement.specifier.contains(versions[name]), f"{name} does not fit; run make lock"


def test_what_builds_the_package_is_locked_too():
    versions = locked("requirements-build.lock")

    for requirement in map(Requirement, tomllib.loads(text("pyproject.toml"))["build-system"]["requires"]):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])
