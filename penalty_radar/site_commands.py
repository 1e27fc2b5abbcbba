"""``penalty-radar site``: the monitored sites shown, one proposed and added, one taken out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from penalty_radar import walk
from transforms.errors import UsageError
from transforms.settings import Settings

site_app = typer.Typer(help="The monitored sites (sites.toml): list, add, remove.", no_args_is_help=True)

DomainArgument = Annotated[str, typer.Argument(help="The site's domain.")]
SitesOption = Annotated[Path | None, typer.Option("--sites", help="The list of sites; default: the setting `sites`.")]
WarehouseOption = Annotated[Path | None, typer.Option("--warehouse", help="The DuckDB file.")]


@site_app.command("list")
def list_sites(sites: SitesOption = None) -> None:
    """Show what sites.toml says of each site, and what is wrong with it; exit code 2 when something is."""
    from rich.console import Console
    from rich.table import Table

    from transforms.site_list import load_site_list

    path = _settings(sites=sites).sites
    found = load_site_list(path)
    if found.is_inferred:
        typer.echo(f"{path}: no such file, so sites are those the exports speak of. See `penalty-radar site add`.")
        return
    table = Table("site", "what sites.toml says", box=None, pad_edge=False, header_style="bold")
    for site in found.sites:
        said = site.model_dump(exclude={"domain", "feeds"}, exclude_defaults=True)
        lines = [f"{name}: {', '.join(value) if isinstance(value, tuple) else value}" for name, value in said.items()]
        for provider, feed in site.feeds.items():
            fetched = ", fetched" if feed.fetch else ""
            lines.append(f"{provider}: {feed.cadence}, late after {feed.allowed_days()} days{fetched}")
        table.add_row(site.domain, "\n".join(lines))
    console = Console(highlight=False, markup=False)
    (console if console.is_terminal else Console(highlight=False, markup=False, width=200)).print(table)
    for problem in found.problems:
        typer.secho(str(problem), err=True, fg=typer.colors.RED)
    if found.problems:
        raise typer.Exit(2)


@site_app.command()
def add(
    domain: DomainArgument,
    exports: Annotated[str | None, typer.Option("--exports", help="Folder with export files.")] = None,
    sites: SitesOption = None,
    warehouse: WarehouseOption = None,
    write: Annotated[bool, typer.Option("--write", help="Append the entry to sites.toml.")] = False,
) -> None:
    """Propose the site's entry from its exports: print it, or append it with --write."""
    from penalty_radar.site_entries import add_entry, read_text, write_text
    from penalty_radar.site_proposal import propose_entry
    from transforms.ingest.inbox import discover
    from transforms.site_list import entry_domain, load_site_list, parse_site_list

    name = _domain(domain)
    settings = _settings(sites=sites, warehouse=warehouse, exports=exports)
    is_first = load_site_list(settings.sites).is_inferred
    text = read_text(settings.sites)
    if any(entry_domain(entry) == name for entry in tomllib.loads(text).get("site", [])):
        raise UsageError(str(settings.sites), f"{name} is there", "a site that is not", "Change its entry by hand.")
    is_there = "://" in settings.exports or Path(settings.exports).exists()
    files = discover(settings.exports, mappings=settings.mappings) if is_there else []
    entry = propose_entry(settings, name, files)
    typer.echo(entry, nl=False)
    if not any(file.site_domain == name for file in files):
        _note(f"No export below {settings.exports} speaks of {name}.")
    if not write:
        _note(f"Nothing is written. With --write it is appended to {settings.sites}.")
        return
    for problem in parse_site_list(entry, "the proposal").problems:
        raise UsageError(problem.where, problem.found, problem.expected, "Copy the entry by hand and mend it.")
    settings.sites.parent.mkdir(parents=True, exist_ok=True)
    write_text(settings.sites, add_entry(text, entry))
    _note(f"Appended to {settings.sites}.")
    if is_first:
        _note("The file is new: from now on only sites that it lists are assessed. Add the others as well.")


@site_app.command()
def remove(
    domain: DomainArgument,
    sites: SitesOption = None,
    warehouse: WarehouseOption = None,
    report: Annotated[Path | None, typer.Option("--report", help="Folder of the HTML report.")] = None,
    purge: Annotated[bool, typer.Option("--purge", help="Delete every row, page and alert of the site.")] = False,
    exports: Annotated[
        str | None, typer.Option("--exports", help="With --purge: delete the site's files below this folder as well.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a site out of sites.toml, so that it is no longer assessed; with --purge, delete all that is kept of it."""
    from penalty_radar.site_entries import drop_entry, read_text, write_text
    from transforms.site_list import load_site_list

    name = _domain(domain)
    settings = _settings(sites=sites, warehouse=warehouse, report=report)
    if exports is not None and not (purge and Path(exports).is_dir()):
        raise UsageError("--exports", repr(exports), "a local folder, together with --purge", "Check the options.")
    load_site_list(settings.sites)  # a file that is no TOML is said before anything is done
    text = read_text(settings.sites)
    rest = drop_entry(settings.sites, text, name)
    if rest == text and not purge:
        what = "does not list" if text else "is not there, so nothing lists"
        raise UsageError(
            str(settings.sites), f"it {what} {name}", "a site of the list", "See `penalty-radar site list`, or --purge."
        )
    if purge:
        _purge(settings, name, exports, is_sure=yes)
    if rest != text:
        write_text(settings.sites, rest)
        typer.echo(f"{settings.sites}: the entry of {name} is gone; the others stay as they were.")
    if not purge:
        typer.echo(f"{settings.warehouse}: its rows stay, and it is no longer assessed. --purge deletes them.")


def _purge(settings: Settings, name: str, exports: str | None, *, is_sure: bool) -> None:
    """Show what there is, ask, delete it, and show what was deleted."""
    from penalty_radar import site_removal
    from reports.alert_delivery import forget_site

    is_made = settings.warehouse.is_file()
    counts = site_removal.count_rows(settings, name) if is_made else {}
    for table_name, count in counts.items():
        typer.echo(f"{table_name:<40} {count:>12,} rows")
    typer.echo(f"{settings.warehouse}: {sum(counts.values()):,} rows of {name}")
    if not is_sure:
        typer.confirm(f"Delete them, its pages and its alerts{' and its exports' if exports else ''}?", abort=True)
    if is_made:
        before = settings.warehouse.stat().st_size
        deleted = site_removal.purge_warehouse(settings, name)
        after = settings.warehouse.stat().st_size
        typer.echo(
            f"deleted {sum(deleted.values()):,} rows; warehouse and published snapshot were copied without them "
            f"({before:,} bytes, now {after:,}): the old files, with the bytes of deleted rows, are gone"
        )
        pages = site_removal.purge_report(settings, name)
        typer.echo(f"deleted {len(pages)} pages of {settings.report}: {', '.join(pages) or 'there were none'}")
    typer.echo(f"deleted {forget_site(settings.alerts_file, name)} alerts of {settings.alerts_file}")
    typer.echo(f"deleted {site_removal.forget_feeds(settings, name)} entries of what the feeds asked, {settings.state}")
    if exports is None:
        typer.echo(f"Exports are not touched: what lies in {settings.exports} is read again by the next run.")
        return
    gone, kept = site_removal.purge_exports(exports, name, settings.mappings)
    for path in gone:
        typer.echo(f"deleted {path}")
    for path in kept:
        typer.echo(f"kept {path}: it also holds files of other sites")


def _settings(
    *,
    sites: Path | None = None,
    warehouse: Path | None = None,
    report: Path | None = None,
    exports: str | None = None,
) -> Settings:
    settings = walk.load()
    paths = {"sites": sites, "warehouse": warehouse, "report": report}
    changes: dict[str, object] = {name: path.resolve() for name, path in paths.items() if path is not None}
    if report is not None:  # as `run --report` does
        changes["alerts_file"] = report.resolve().parent / "alerts.jsonl"
    if exports is not None:
        changes["exports"] = exports if "://" in exports else str(Path(exports).resolve())
    return settings.model_copy(update=changes)


def _domain(text: str) -> str:
    from transforms.site_list import normalise_domain

    try:
        return normalise_domain(text)
    except ValueError as error:
        raise UsageError("DOMAIN", repr(text), str(error), "Give the site's domain.") from error


def _note(text: str) -> None:
    typer.secho(text, err=True, fg=typer.colors.YELLOW)
