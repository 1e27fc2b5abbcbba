"""``penalty-radar explain``: what it says of a surge, in both languages."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from penalty_radar import explanation
from penalty_radar.explanation import print_explanation
from reports.messages import LANGUAGES, say
from tests.reports.invented_rows import LINKS_ONLY, day, insert
from transforms.errors import UsageError
from transforms.settings import load_settings


@pytest.fixture
def published(warehouse_file: Path, tmp_path: Path) -> Path:
    """The invented warehouse as a run has published it."""
    return Path(shutil.copyfile(warehouse_file, tmp_path / "w.published.duckdb"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_surge_is_explained_by_its_composition(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    with duckdb.connect(published) as connection:
        found = connection.execute(
            "SELECT surge_id FROM surges.link_surges WHERE site_domain = ?", [LINKS_ONLY]
        ).fetchall()
    told = io.StringIO()
    monkeypatch.setattr(explanation, "Console", lambda **_: Console(file=told, width=400))
    settings = load_settings(
        {"PENALTY_RADAR_WAREHOUSE": str(tmp_path / "w.duckdb"), "PENALTY_RADAR_LANGUAGE": language}, tmp_path
    )
    print_explanation(settings, found[0][0])
    text = told.getvalue()
    assert say("surges.shape.burst", language, days=14) in text
    assert say("surges.excess.range", language, least=164, most=178) in text
    assert say("correction.discovery_lag", language) in text
    assert say("reading.shared_source", language) in text
    assert "links.partner-01.example" in text
    assert f"sister.example ({say('surges.part.same_owner', language)})" in text
    with pytest.raises(UsageError, match="surge_id"):
        print_explanation(settings, "nothing of the kind")


def test_a_surge_without_composition_is_still_printed(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(published) as connection:
        surge_id = connection.execute("SELECT min(surge_id) FROM surges.link_surges").fetchall()[0][0]
        connection.execute("DELETE FROM surges.surge_composition")
    told = io.StringIO()
    monkeypatch.setattr(explanation, "Console", lambda **_: Console(file=told, width=400))
    print_explanation(load_settings({"PENALTY_RADAR_WAREHOUSE": str(tmp_path / "w.duckdb")}, tmp_path), surge_id)
    assert surge_id in told.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_is_explained_with_the_placements_it_lost(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    placed = {"site_domain": LINKS_ONLY, "source_domain": "blog.example", "is_seen": True, "provider_count": 1}
    with duckdb.connect(published) as connection:
        insert(
            connection,
            "signals.placements_standing",
            placed | {"source_url": "https://blog.example/gone", "is_lost": True, "lost_on": day("2026-10-01")},
            placed | {"source_url": "https://blog.example/stands", "is_lost": False},
        )
    told = io.StringIO()
    monkeypatch.setattr(explanation, "Console", lambda **_: Console(file=told, width=400))
    settings = load_settings(
        {"PENALTY_RADAR_WAREHOUSE": str(tmp_path / "w.duckdb"), "PENALTY_RADAR_LANGUAGE": language}, tmp_path
    )
    print_explanation(settings, LINKS_ONLY)
    text = told.getvalue()
    assert say("command.explain.lost_placements", language, lost=1, placements=2) in text
    assert "https://blog.example/gone" in text
    assert "https://blog.example/stands" not in text
