"""One client's report as a file: the sites that a name of sites.toml stands for."""

from __future__ import annotations

from pathlib import Path

from reports.pack import has_pages, pack_sites
from transforms.errors import UsageError
from transforms.settings import Settings
from transforms.site_list import load_site_list, normalise_domain


def pack_client(settings: Settings, name: str, target: Path) -> str:
    """Write the zip of a site, or of every site of a group; returns what it holds and what it lacks, in words.

    Sites of a group that have no pages yet, such as those whose first export is still to come, are left out.

    Raises:
        UsageError: the name is no group of sites.toml and no site.
        BadInputError: there are no pages, of the site or of any site of the group.
    """
    listed = load_site_list(settings.sites).sites
    sites = sorted(site.domain for site in listed if site.group == name.strip()) or [_read_site(name)]
    packed = [site for site in sites if has_pages(settings.report, site, language=settings.language)]
    count = pack_sites(settings.report, packed or sites, target, language=settings.language)
    said = f"{target}: {', '.join(packed)}; {count} files"
    left_out = [site for site in sites if site not in packed]
    return f"{said}\nleft out, no pages in the report yet: {', '.join(left_out)}" if left_out else said


def _read_site(name: str) -> str:
    try:
        return normalise_domain(name)
    except ValueError as error:
        expected = "a group of sites.toml, as it is spelt there, or a site such as voorbeeldwinkel.nl"
        raise UsageError("pack", repr(name), expected, "Look the name up in sites.toml.") from error
