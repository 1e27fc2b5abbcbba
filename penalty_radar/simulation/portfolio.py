"""Writes a made-up portfolio: the providers' own export files per site, and beside them the truth."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

from penalty_radar.simulation.alliances import arrange_portfolio
from penalty_radar.simulation.formats import (
    ahrefs,
    ahrefs_lists,
    screaming_frog,
    se_ranking,
    search_console,
    semrush,
    semrush_lists,
)
from penalty_radar.simulation.formats.written import ExportFile, write_file
from penalty_radar.simulation.indexes import ListedLink, list_links
from penalty_radar.simulation.link_parameters import Provider
from penalty_radar.simulation.link_truth import LinkTruth, tell_links, write_link_truth
from penalty_radar.simulation.parameters import ExportName, Site, WorldParameters
from penalty_radar.simulation.placements import LinkWorld, place_links
from penalty_radar.simulation.planted import state_findings
from penalty_radar.simulation.traffic import simulate_performance
from penalty_radar.simulation.truth import (
    TRUTH_FILE,
    PlantedFinding,
    SiteTruth,
    Truth,
    WrittenFile,
    write_truth,
    written_paths,
)
from transforms.errors import UsageError

EXPORTS_FOLDER = "exports"

_LINK_EXPORTS: dict[ExportName, Provider] = {
    "ahrefs_backlinks_37": "ahrefs_backlinks",
    "ahrefs_backlinks_34": "ahrefs_backlinks",
    "ahrefs_backlinks_comma": "ahrefs_backlinks",
    "semrush_backlinks": "semrush_backlinks",
    "semrush_audit": "semrush_audit",
}
_RANKING_PROVIDERS: dict[ExportName, str] = {
    "search_console_zip": "search_console",
    "search_console_dutch": "search_console",
    "se_ranking": "se_ranking",
}
"""Exports that hold a daily series in which a drop can be seen (one day of organic positions cannot show one)."""


def simulate_portfolio(folder: Path, *, parameters: WorldParameters | None = None) -> Truth:
    """Write ``folder/exports/<domain>/…`` and ``folder/truth.json``; the same parameters give the same bytes.

    Replaces what an earlier simulation wrote there. Raises UsageError where ``folder/exports`` holds files that no
    simulation wrote, so that nobody's own exports are mixed with invented ones. Default: the demo world.
    """
    parameters = parameters or WorldParameters.demo()
    exports = folder / EXPORTS_FOLDER
    clear_portfolio(folder, exports)
    sites: list[SiteTruth] = []
    findings: list[PlantedFinding] = []
    link_truths: list[LinkTruth] = []
    arranged = arrange_portfolio(parameters)
    for site in parameters.sites:
        world = place_links(site, parameters, arranged.get(site.domain))
        listings = _list_everywhere(site, world, parameters)
        truth, planted = _simulate_site(site, world, listings, exports, parameters)
        sites.append(truth)
        findings += planted
        link_truths += tell_links(site.domain, (seen.placed for seen in chain(*listings.values())))
    portfolio = Truth(
        seed=parameters.seed,
        last_export_on=parameters.last_export_on,
        results_page_break_on=parameters.search_noise.results_page_break_on,
        sites=tuple(sites),
        findings=tuple(findings),
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_truth(folder, portfolio)
    if parameters.arrangements is not None:
        write_link_truth(folder, link_truths)
    return portfolio


def _list_everywhere(site: Site, world: LinkWorld, parameters: WorldParameters) -> dict[Provider, list[ListedLink]]:
    providers = dict.fromkeys(_LINK_EXPORTS[name] for name in site.exports if name in _LINK_EXPORTS)
    return {provider: list_links(site, world.links, provider, parameters) for provider in providers}


def _simulate_site(
    site: Site,
    world: LinkWorld,
    listings: dict[Provider, list[ListedLink]],
    exports: Path,
    parameters: WorldParameters,
) -> tuple[SiteTruth, list[PlantedFinding]]:
    files = [file for name in site.exports for file in _make_files(name, site, world, listings, parameters)]
    written = []
    for file in files:
        write_file(exports / site.domain, file)
        path = f"{site.domain}/{file.name}"
        written.append(WrittenFile(path=path, row_count=file.row_count, byte_count=len(file.content)))
    origins = {seen.placed.source.domain: seen.placed.source.origin for seen in chain(*listings.values())}
    rankings = tuple(dict.fromkeys(_RANKING_PROVIDERS[name] for name in site.exports if name in _RANKING_PROVIDERS))
    truth = SiteTruth(
        site_domain=site.domain,
        world=site.world,
        files=tuple(written),
        domain_origins=dict(sorted(origins.items())),
    )
    return truth, state_findings(site, world, listings, rankings, parameters)


def _make_files(
    name: ExportName,
    site: Site,
    world: LinkWorld,
    listings: dict[Provider, list[ListedLink]],
    parameters: WorldParameters,
) -> list[ExportFile]:
    """The file or files of one export."""
    if name in _LINK_EXPORTS:
        return [_make_link_file(name, site, listings[_LINK_EXPORTS[name]], parameters)]
    if name == "screaming_frog":
        return screaming_frog.write_outlinks(site, world.reverse_links, parameters)
    if name == "ahrefs_linked_domains":
        return [ahrefs_lists.write_linked_domains(site, world.reverse_links, parameters)]
    if name == "ahrefs_referring_ips":
        return [ahrefs_lists.write_referring_ips(site, listings["ahrefs_backlinks"], parameters)]
    if name == "semrush_referring_domains":
        return [semrush_lists.write_referring_domains(site, listings["semrush_backlinks"], parameters)]
    if name == "semrush_organic":
        return [semrush.write_organic(site, parameters)]
    if site.search is None:
        raise UsageError(
            f"simulated site {site.domain}", f"export {name} without search parameters", "a [sites.search] table",
            "Give the site search parameters or leave the export out.",
        )  # fmt: skip
    if name == "se_ranking":
        return se_ranking.write_positions(site, site.search, parameters)
    daily = simulate_performance(site, site.search, parameters)
    write = search_console.write_zip if name == "search_console_zip" else search_console.write_dutch_set
    return write(site, site.search, daily, parameters)


def _make_link_file(name: ExportName, site: Site, listed: list[ListedLink], parameters: WorldParameters) -> ExportFile:
    writers: dict[ExportName, Callable[[], ExportFile]] = {
        "ahrefs_backlinks_37": lambda: ahrefs.write_backlinks(site, listed, ahrefs.HEADER_37, parameters),
        "ahrefs_backlinks_34": lambda: ahrefs.write_backlinks(site, listed, ahrefs.HEADER_34, parameters),
        "ahrefs_backlinks_comma": lambda: ahrefs.write_backlinks_comma(site, listed, ahrefs.HEADER_36, parameters),
        "semrush_backlinks": lambda: semrush.write_backlinks(site, listed, parameters),
        "semrush_audit": lambda: semrush.write_audit(site, listed, parameters),
    }
    return writers[name]()


def clear_portfolio(folder: Path, exports: Path) -> None:
    """Remove what an earlier simulation wrote, and nothing else."""
    if not exports.exists():
        return
    if (folder / TRUTH_FILE).exists():
        for path in written_paths(folder):
            (exports / path).unlink(missing_ok=True)
    left = sorted(path for path in exports.rglob("*") if path.is_file())
    if left:
        raise UsageError(
            str(exports),
            f"{len(left)} files that no simulation wrote, for example {left[0].name}",
            "a folder without exports",
            "Choose an empty folder.",
        )
