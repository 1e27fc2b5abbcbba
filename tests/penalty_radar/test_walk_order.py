"""What is left when messages fail: the night is published, and a broken check is told as such."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from penalty_radar import walk
from transforms.errors import GateBrokenError, WarehouseError
from transforms.settings import Settings

NIGHT = datetime.date(2026, 11, 16)


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Steps of a walk without work in it, in the order they were done; sending fails."""
    made: list[str] = []

    def note(name: str, value: Any) -> Any:
        def do(*arguments: Any, **options: Any) -> Any:
            made.append(name)
            return value

        return do

    def fail(settings: Settings) -> list[str]:
        made.append("send")
        raise WarehouseError("warehouse", "another writer", "one at a time", "wait")

    results: dict[str, Any] = {
        "ingest_paths": [],
        "choose_as_of": NIGHT.isoformat(),
        "list_sites": {"standings": {}, "stale_count": 0},
        "_walk_stages": ([], {}),
        "raise_alerts": [],
        "build_report": "index.html",
        "publish": "snapshot",
    }
    for name, value in results.items():
        monkeypatch.setattr(walk, name, note(name, value))
    monkeypatch.setattr(walk, "send_messages", fail)
    return made


def settings(tmp_path: Path) -> Settings:
    return Settings(sites=tmp_path / "sites.toml", rules=tmp_path / "rules.toml")


def test_night_is_published_before_people_are_told(tmp_path: Path, done: list[str]) -> None:
    with pytest.raises(WarehouseError):
        walk.run_walk(settings(tmp_path))
    assert done[-3:] == ["build_report", "publish", "send"]


def test_messages_that_fail_hide_no_broken_check(
    tmp_path: Path, done: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_gate(*arguments: Any, **options: Any) -> Any:
        raise GateBrokenError("stage staging", "broken: rows", "every minimum to hold", "look")

    monkeypatch.setattr(walk, "_walk_stages", break_gate)
    with pytest.raises(GateBrokenError):
        walk.run_walk(settings(tmp_path))
    assert done[-2:] == ["raise_alerts", "send"]
    assert "publish" not in done
    assert "another writer" in capsys.readouterr().out
