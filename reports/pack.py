"""A client's output as one file to send: the folders of its sites and the assets, without any internal page."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

from reports.addresses import place_site
from reports.messages import LANGUAGES
from reports.page_template import environment
from reports.pages import render_forward
from transforms.errors import BadInputError

_RUN = "assets/run.js"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The day zip files begin: the same content makes the same file."""


def has_pages(report: Path, site_domain: str, *, language: str) -> bool:
    """Whether the report holds pages of a site in that language."""
    return (report / place_site(site_domain).folder / language / "index.html").is_file()


def pack_sites(report: Path, site_domains: Sequence[str], target: Path, *, language: str) -> int:
    """Write the pages and data of some sites of one client to a zip that opens from any folder; returns its files.

    Raises:
        BadInputError: a site has no pages in the report. Nothing is written.
    """
    folders = {site: place_site(site).folder for site in site_domains}
    for site in site_domains:
        if not has_pages(report, site, language=language):
            raise BadInputError(
                str(report), f"no pages of {site}", "a report that holds the site", "Run `penalty-radar report` first."
            )
    paths = [path for folder in folders.values() for path in (report / folder).rglob("*") if path.is_file()]
    paths += [path for path in (report / "assets").iterdir() if path.is_file()]
    content = {path.relative_to(report).as_posix(): path.read_bytes() for path in paths if path.suffix != ".part"}
    content[_RUN] = _close(content[_RUN].decode()).encode()
    content["index.html"] = _first_page(folders, language).encode()
    partial = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(content):
            packed.writestr(zipfile.ZipInfo(name, _EARLIEST), content[name], zipfile.ZIP_DEFLATED)
    partial.replace(target)
    return len(content)


def _close(script: str) -> str:
    """The run's stamp without the word that reveals links to internal pages."""
    before, _, stamp = script.rstrip().rstrip(";").partition(" = ")
    return f"{before} = {json.dumps(json.loads(stamp) | {'internal': False}, sort_keys=True)};\n"


def _first_page(folders: dict[str, str], language: str) -> str:
    if len(folders) == 1:
        (folder,) = folders.values()
        return render_forward(language, home=f"{folder}/")
    return environment().get_template("pack.html.j2").render(language=language, folders=folders, languages=LANGUAGES)
