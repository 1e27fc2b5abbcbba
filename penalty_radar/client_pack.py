"""One client's report as a file: the sites that a name of sites.toml stands for."""

from __future__ import annotations

from pathlib import Path

from reports.pack import pack_sites
from transforms.settings import Settings
from transforms.site_list import load_site_list


def pack_client(settings: Settings, name: str, target: Path) -> str:
    """Write the zip of a site, or of every site of a group; returns what it holds, in words.

    Raises:
        BadInputError: a site has no pages in the report.
    """
    listed = load_site_list(settings.sites).sites
    of_group = sorted(site.domain for site in listed if site.group == name)
    sites = of_group or [name.strip().lower()]
    count = pack_sites(settings.report, sites, target, language=settings.language)
    return f"{target}: {', '.join(sites)}; {count} files"
