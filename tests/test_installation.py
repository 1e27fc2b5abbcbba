"""The environment is made from locks that hold everywhere: versions and hashes, no addresses."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-spark.lock")

REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[^]]*])?==(?P<version>[^ ;\\]+)(?P<rest>.*)$")


def entries(name: str) -> dict[str, list[str]]:
    """By package the lines of its entry in a lock."""
    found: dict[str, list[str]] = {}
    package = ""
    for line in (CHECKOUT / name).read_text(encoding="utf-8").splitlines():
        if match := REQUIREMENT.match(line):
            package = match["name"]
        if package and not line.lstrip().startswith("#"):
            found.setdefault(package, []).append(line)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_a_version_and_hashes(name: str) -> None:
    packages = entries(name)
    assert packages
    assert [package for package, lines in packages.items() if not any("--hash=sha256:" in line for line in lines)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address_and_no_folder(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|file://|--(extra-)?index-url|--find-links|^\s*/", text, flags=re.MULTILINE)


def test_everything_that_is_asked_for_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[^A-Za-z0-9._-]", one)[0].lower().replace("_", "-") for one in asked}
    assert names - set(entries("requirements.lock")) == set()


def test_make_alone_says_what_there_is() -> None:
    told = subprocess.run(["make"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for target in ("setup", "demo", "test", "check", "airflow", "lock", "spark", "benchmark", "clean"):
        assert f"make {target} " in told


def test_ci_can_be_started() -> None:
    assert os.access(CHECKOUT / ".ci" / "run", os.X_OK)
