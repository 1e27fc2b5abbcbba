"""What `penalty-radar pack` takes for a name, and what it does with a site that has no pages yet."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from penalty_radar.client_pack import pack_client
from transforms.errors import BadInputError, UsageError
from transforms.settings import Settings

SITES = """
[[site]]
domain = "first.example"
group = "Client A"

[[site]]
domain = "münchen.example"
group = "Client A"

[[site]]
domain = "other.example"
group = "Client B"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A list of three sites, of which only the first has pages in the report."""
    (tmp_path / "sites.toml").write_text(SITES, encoding="utf-8")
    report = tmp_path / "report"
    add_pages(report, "first.example")
    (report / "assets").mkdir()
    (report / "assets" / "run.js").write_text('window.radar = {"internal": true};', encoding="utf-8")
    return Settings(sites=tmp_path / "sites.toml", report=report, language="en")


def add_pages(report: Path, site: str) -> None:
    (report / "sites" / site / "en").mkdir(parents=True)
    (report / "sites" / site / "en" / "index.html").write_text("<p>a page</p>", encoding="utf-8")


def sites_in(target: Path) -> set[str]:
    with zipfile.ZipFile(target) as packed:
        return {name.split("/")[1] for name in packed.namelist() if name.startswith("sites/")}


def test_a_site_of_a_group_without_pages_is_left_out_and_named(settings: Settings, tmp_path: Path) -> None:
    target = tmp_path / "client.zip"
    said = pack_client(settings, " Client A", target)
    assert sites_in(target) == {"first.example"}
    assert said.splitlines()[0].startswith(f"{target}: first.example; ")
    assert said.splitlines()[1] == "left out, no pages in the report yet: xn--mnchen-3ya.example"
    add_pages(settings.report, "xn--mnchen-3ya.example")
    assert "left out" not in pack_client(settings, "Client A", target)
    assert sites_in(target) == {"first.example", "xn--mnchen-3ya.example"}


@pytest.mark.parametrize("name", ["Client B", "other.example"])
def test_nothing_is_written_where_no_site_has_pages(settings: Settings, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInputError, match=r"no pages of other\.example"):
        pack_client(settings, name, tmp_path / "client.zip")
    assert not (tmp_path / "client.zip").exists()


def test_a_site_is_named_as_people_spell_it(settings: Settings, tmp_path: Path) -> None:
    add_pages(settings.report, "xn--mnchen-3ya.example")
    for name in ("München.example", "www.münchen.example", " XN--MNCHEN-3YA.example"):
        pack_client(settings, name, tmp_path / "client.zip")
        assert sites_in(tmp_path / "client.zip") == {"xn--mnchen-3ya.example"}


def test_a_name_that_is_neither_says_what_was_expected(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a group of sites\.toml, as it is spelt there, or a site such as"):
        pack_client(settings, "Client C", tmp_path / "client.zip")
