"""The ``penalty-radar`` command: arguments in, a call of the walk, readable lines and an exit code out.

Exit codes: 0 fine, 1 a check or gate failed, 2 wrong usage or settings, 3 bad input (what was good is kept),
4 warehouse busy or broken.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from penalty_radar import walk
from penalty_radar.site_commands import site_app
from transforms.errors import BadInputError, PenaltyRadarError, UsageError
from transforms.settings import Settings

app = typer.Typer(
    name="penalty-radar",
    help="Finds surges of bought or exchanged links and tests whether they explain ranking drops.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(site_app, name="site")

WarehouseOption = Annotated[Path | None, typer.Option("--warehouse", help="The DuckDB file; made when absent.")]
ExportsOption = Annotated[str | None, typer.Option("--exports", help="Folder with export files.")]
SitesOption = Annotated[Path | None, typer.Option("--sites", help="The list of sites; see docs/sites.md.")]
RulesOption = Annotated[
    Path | None, typer.Option("--rules", help="The team's own rules of link origins; see docs/methods-origins.md.")
]
ReportOption = Annotated[Path | None, typer.Option("--report", help="Folder for the HTML report.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Day to assess, as 2026-11-15; default: newest export.")
]
SiteOption = Annotated[str | None, typer.Option("--site", help="One site, by its domain.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="en or nl.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; errors meant for people end it with their exit code and no traceback."""
    try:
        app(args=list(arguments) if arguments is not None else None, standalone_mode=True)
    except PenaltyRadarError as error:
        typer.secho(f"penalty-radar: {error}", err=True, fg=typer.colors.RED)
        sys.exit(error.exit_code)


def _settings(**changes: Any) -> Settings:
    settings = walk.load()
    given = {name: value for name, value in changes.items() if value is not None}
    for name in ("warehouse", "report", "sites", "rules"):
        if name in given:
            given[name] = Path(given[name]).resolve()
    if "exports" in given and "://" not in given["exports"]:
        given["exports"] = str(Path(given["exports"]).resolve())
        if not Path(given["exports"]).exists():
            raise UsageError(given["exports"], "no such folder or file", "a folder with exports", "Check --exports.")
    for name in ("sites", "rules"):
        if name in given and not given[name].is_file():
            raise UsageError(str(given[name]), "no such file", f"a {name}.toml", f"Check --{name}, or leave it out.")
    if given.get("language", "en") not in {"en", "nl"}:
        raise UsageError("--language", repr(given["language"]), "en or nl", "Choose one of the two.")
    return settings.model_copy(update=given)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo's exports, warehouse and report go.")] = Path("demo"),
    language: LanguageOption = None,
) -> None:
    """Run the real DAGs over a made-up portfolio and compare what was found with the known truth."""
    from penalty_radar.demo import run_demo

    settings = _settings(language=language)
    raise typer.Exit(run_demo(folder.resolve(), language=settings.language))


@app.command()
def ingest(
    paths: Annotated[list[str], typer.Argument(help="Export files or folders.")],
    warehouse: WarehouseOption = None,
    site: SiteOption = None,
    format_name: Annotated[
        str | None, typer.Option("--format", help="Name of the format; see docs/sources.md.")
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="The exports of links are complete: what they lack is gone.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each file is read as it is; write nothing.")
    ] = False,
    language: LanguageOption = None,
) -> None:
    """Read export files into the warehouse, and say of each what became of it."""
    from penalty_radar.file_table import print_files, watch_files

    if explain:
        _explain_files(paths, site, format_name, language)
        return
    outcomes = []
    for path in paths:
        settings = _settings(exports=path, warehouse=warehouse, language=language)
        watch = partial(watch_files, language=settings.language)
        outcomes += walk.ingest_paths(
            settings, given_site=site, format_name=format_name, complete=complete, watch=watch
        )
    print_files(outcomes, settings.language)
    if not any(outcome.status == "loaded" for outcome in outcomes):
        raise BadInputError(", ".join(paths), "no file that could be read", "a known export", "See the reasons above.")


def _explain_files(paths: list[str], site: str | None, format_name: str | None, language: str | None) -> None:
    from penalty_radar.explaining_files import explain_files

    can_be_read = True
    for path in paths:
        settings = _settings(exports=path, language=language)
        can_be_read &= explain_files(
            settings.exports,
            settings.language,
            site=site,
            format_name=format_name,
            mappings=settings.mappings,
        )
    if not can_be_read:
        raise typer.Exit(BadInputError.exit_code)


@app.command()
def mapping(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A file that no format knows.")],
    thing: Annotated[str | None, typer.Option(help="What a row is: links, rankings, ...; guessed without.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read the file with the proposal and say what each column became.")
    ] = False,
    language: LanguageOption = None,
) -> None:
    """Propose a mapping file for an export, from its header and first rows; nothing is written."""
    from penalty_radar.proposed_mapping import print_check, propose

    settings = _settings(exports=path, language=language)
    content, text = propose(settings.exports, thing)
    if check:
        print_check(content, text, settings.language)
    else:
        typer.echo(text, nl=False)


@app.command()
def fetch(
    feed: Annotated[str | None, typer.Argument(help="One feed, due or not; default: all that are due.")] = None,
    site: SiteOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ask nothing; say what would be asked and cost.")] = False,
) -> None:
    """Fetch the feeds that sites.toml switches on into the exports folder; see docs/feeds.md."""
    from penalty_radar import feeding

    feeding.fetch_feeds(_settings(), [feed] if feed else None, site=site, dry_run=dry_run)


@app.command()
def run(
    exports: ExportsOption = None,
    warehouse: WarehouseOption = None,
    report: ReportOption = None,
    as_of: AsOfOption = None,
    site: SiteOption = None,
    sites: SitesOption = None,
    rules: RulesOption = None,
    language: LanguageOption = None,
) -> None:
    """The whole walk for one day, without Airflow: ingest, stages and checks, report, alerts."""
    from penalty_radar.file_table import print_files
    from penalty_radar.summary import print_findings

    settings = _settings(
        exports=exports, warehouse=warehouse, report=report, sites=sites, rules=rules, language=language
    )
    if report is not None:
        settings = settings.model_copy(update={"alerts_file": settings.report.parent / "alerts.jsonl"})
    result = walk.run_walk(settings, as_of=as_of, site=site.strip().lower() if site else None)
    news = [file for file in result.files if file.status == "set_aside" or not file.is_already_known]
    print_files(news, settings.language)
    print_findings(settings, result)


@app.command()
def check(
    stage: Annotated[str | None, typer.Argument(help="One stage; default: all.")] = None,
    warehouse: WarehouseOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Run the expectations; exit code 1 when a minimum is broken."""
    from transforms.stages import STAGES

    if stage is not None and stage not in STAGES:
        raise UsageError("STAGE", repr(stage), f"one of {', '.join(STAGES)}", "Name a stage or leave it out.")
    settings = _settings(warehouse=warehouse)
    day = walk.assessed_day(settings, as_of=as_of)
    held_back: list[str] = []
    for name in [stage] if stage else STAGES:
        held_back = walk.check_stage(settings, name, as_of=day, held_back=held_back)
        typer.echo(f"{name:<12} {'held back: ' + ', '.join(held_back) if held_back else 'OK'}")
    if held_back:
        raise typer.Exit(1)


@app.command()
def report(
    warehouse: WarehouseOption = None,
    report: ReportOption = None,
    as_of: AsOfOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the report of a day that has been assessed."""
    settings = _settings(warehouse=warehouse, report=report, language=language)
    day = walk.assessed_day(settings, as_of=as_of)
    typer.echo(walk.build_report(settings, as_of=day))


@app.command()
def pack(
    name: Annotated[str, typer.Argument(metavar="SITE|GROUP", help="A site, or a group of sites.toml.")],
    to: Annotated[Path, typer.Option("--to", help="The zip to write.")],
    report: ReportOption = None,
    sites: SitesOption = None,
    language: LanguageOption = None,
) -> None:
    """Put the pages and data of one client into a zip to send; no internal page and no other client is in it."""
    from penalty_radar.client_pack import pack_client

    typer.echo(pack_client(_settings(report=report, sites=sites, language=language), name, to.resolve()))


@app.command()
def alert(
    warehouse: WarehouseOption = None,
    as_of: AsOfOption = None,
    language: LanguageOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be raised; write nothing.")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Only send the messages that are due; with --dry-run, show all planned.")
    ] = False,
) -> None:
    """Raise the alerts of a day that has been assessed, or send the messages that are due (docs/alerts.md)."""
    settings = _settings(warehouse=warehouse, language=language)
    if send:
        lines = walk.preview_messages(settings) if dry_run else walk.send_messages(settings)
        typer.echo("\n".join(lines))
        return
    day = walk.assessed_day(settings, as_of=as_of)
    if dry_run:
        for sentence in walk.preview_alerts(settings, as_of=day):
            typer.echo(sentence)
    else:
        typer.echo(f"{len(walk.raise_alerts(settings, as_of=day))} raised")


@app.command()
def decide(
    alert_id: Annotated[str, typer.Argument(metavar="ALERT", help="The alert_id, as in the alerts file.")],
    word: Annotated[str, typer.Argument(help="acknowledged, handled (or right), false_alarm, or new.")],
    name: Annotated[str, typer.Option(help="Who says so.")] = "",
    note: Annotated[str | None, typer.Option(help="Why.")] = None,
    warehouse: WarehouseOption = None,
    language: LanguageOption = None,
) -> None:
    """Say what became of an alert; what was handled or false feeds your own hit rate, told from 30 on."""
    settings = _settings(warehouse=warehouse, language=language)
    typer.echo(walk.decide_alert(settings, alert_id, word, name=name, note=note))


@app.command()
def silence(
    subject: Annotated[str, typer.Argument(metavar="SITE|ALERT", help="A monitored site, or an alert_id.")],
    until: Annotated[str, typer.Option(help="Last day of the silence, as 2026-11-30; at most 92 days ahead.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    name: Annotated[str, typer.Option(help="Who says so.")],
    warehouse: WarehouseOption = None,
) -> None:
    """Hear nothing of a site or an alert for a while; what is still so is told when the silence ends."""
    settings = _settings(warehouse=warehouse)
    typer.echo(walk.silence_alerts(settings, subject, until=until, reason=reason, name=name))


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Where the exports and truth.json go.")],
    world: Annotated[str, typer.Option(help="demo, search_fit or search_test; see docs/worlds.md.")] = "demo",
    sites: Annotated[int | None, typer.Option(min=1, help="Number of sites; not of the demo.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another world of the same kind.")] = None,
) -> None:
    """Write a made-up portfolio as export files in the providers' formats, with its truth."""
    from penalty_radar.simulation.commands import simulate_world

    typer.echo(simulate_world(folder, world, sites=sites, seed=seed))


@app.command()
def backtest(
    exports: ExportsOption = None,
    warehouse: WarehouseOption = None,
    first: Annotated[str | None, typer.Option("--from", help="First night; default: a year before the last.")] = None,
    last: Annotated[str | None, typer.Option("--until", help="Last night; default: the newest export.")] = None,
    every: Annotated[int, typer.Option(min=1, help="Days between two nights.")] = 7,
    sites: SitesOption = None,
    rules: RulesOption = None,
    language: LanguageOption = None,
) -> None:
    """Replay nights as they would have been, say what each told first, and score it where the truth is known."""
    from penalty_radar.as_of import read_day
    from penalty_radar.backtest.command import run_backtest

    if warehouse is None:
        raise UsageError("--warehouse", "nothing", "a new file for the replayed nights", "Name one.")
    settings = _settings(exports=exports, warehouse=warehouse, sites=sites, rules=rules, language=language)
    days = {name: None if day is None else read_day(day, name) for name, day in (("--from", first), ("--until", last))}
    run_backtest(settings, from_on=days["--from"], until_on=days["--until"], every=every, echo=typer.echo)


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(help="A site or referring domain, a linking URL, or a surge or drop id.")],
    warehouse: WarehouseOption = None,
    language: LanguageOption = None,
) -> None:
    """Show the evidence behind a site's risk, the origin of a link or of a referring domain, a surge or a drop."""
    from penalty_radar.explanation import print_explanation

    settings = _settings(warehouse=warehouse, language=language)
    print_explanation(settings, subject)


@app.command()
def disavow(
    site: Annotated[str, typer.Argument(help="The site's domain.")],
    present: Annotated[
        Path | None, typer.Option(help="The disavow file in force; default: the newest that was loaded.")
    ] = None,
    reviewed_by: Annotated[
        str | None, typer.Option("--reviewed-by", help="Who reads every line, where no manual action stands.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the whole proposed file here, ending in .txt.")] = None,
    warehouse: WarehouseOption = None,
    language: LanguageOption = None,
) -> None:
    """Propose what to add to the site's disavow file, or to do nothing, and why; nothing is ever uploaded."""
    from penalty_radar.disavow_command import run_disavow

    settings = _settings(warehouse=warehouse, language=language)
    run_disavow(settings, site, present=present, reviewed_by=reviewed_by, out=out)


@app.command()
def doctor(warehouse: WarehouseOption = None) -> None:
    """Say what is installed, which settings apply, and whether the warehouse can be opened."""
    from penalty_radar.examination import print_examination

    print_examination(_settings(warehouse=warehouse))


@app.command()
def benchmark(
    name: Annotated[str | None, typer.Argument(help="One benchmark; default: all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Rows of table, case, metric, value and bar.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write docs/benchmarks.md.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Folder of sets with a known answer; default: ../shared/benchmarks.")
    ] = None,
) -> None:
    """Measure false alarms, power and rejection rates on sets and simulated worlds with known truth."""
    from penalty_radar.benchmarks import page

    measured = page.measure(name, data)
    if write:
        from penalty_radar.generated_docs import write_published_rates

        (walk.CHECKOUT / "docs" / "benchmarks.md").write_text(page.render_page(measured), encoding="utf-8")
        if name is None:
            write_published_rates(walk.CHECKOUT, check=False)
    if as_json:
        typer.echo(json.dumps([row for rows in measured.values() for row in rows], indent=1))
    else:
        typer.echo("\n".join(page.render_benchmark(found, rows) for found, rows in measured.items()))


@app.command()
def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 when a page is out of date.")
    ] = False,
) -> None:
    """Write the pages of docs/ that are generated from the code."""
    from penalty_radar.generated_docs import write_pages, write_published_rates

    stale = write_pages(walk.CHECKOUT / "docs", check=check) + write_published_rates(walk.CHECKOUT, check=check)
    for page in stale:
        typer.echo(f"{page}: {'out of date; run `penalty-radar docs`' if check else 'written'}")
    if check and stale:
        raise typer.Exit(1)
