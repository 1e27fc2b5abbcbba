"""``penalty-radar disavow``: the proposal on the terminal and, with ``--out``, as a file. Nothing is ever uploaded."""

from __future__ import annotations

import datetime
from pathlib import Path

import duckdb
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reports.disavow import Entry, Params, Proposal, propose_disavowal
from reports.disavow_data import DisavowView, read_disavows
from reports.disavow_file import DisavowFile, parse_disavow
from reports.disavow_text import check_text, write_disavow
from reports.disavow_words import (
    count_left_out,
    flatten,
    say_advice,
    say_answer,
    say_domain,
    say_fault,
    say_losses,
    say_reasons,
    say_resemblance,
)
from reports.messages import say
from transforms.errors import BadInputError, GateBrokenError, UsageError, WarehouseError
from transforms.settings import Settings
from transforms.site_list import normalise_domain
from transforms.warehouse import open_reader

LEAST_WIDTH = 100
"""Columns of a line in a file or a pipe, which have no width."""

_ASSESSED_DAYS = "SELECT site_domain, max(day) FROM risk.site_risk GROUP BY site_domain"

MOST_SHOWN = 40
"""Lines of one list on the terminal; the file has them all."""


def run_disavow(
    settings: Settings,
    site: str,
    *,
    present: Path | None = None,
    reviewed_by: str | None = None,
    out: Path | None = None,
) -> None:
    """Print the proposal of ``site``, and write the whole file to ``out`` when that is given.

    Raises:
        UsageError: unknown site, blank reviewer, or a file that cannot be read or is no name for a result.
        GateBrokenError: no manual action about links stands and nobody reviews; only the answer and why were printed.
        BadInputError: the present file breaks published limits; nothing is written.
        WarehouseError: nothing was published yet, or by another version.
    """
    _check_names(present, reviewed_by, out)
    given = None if present is None else _read_present(present)
    view = _read_view(settings, site)
    proposal = propose_disavowal(view, present=given, reviewed_by=reviewed_by and flatten(reviewed_by))
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)
    teller = _Teller(console, proposal, settings.language)
    teller.print_answer()
    if not proposal.is_open:
        raise GateBrokenError(
            view.site_domain,
            "no manual action about links that stands",
            "one in the calendar of events, or --reviewed-by NAME",
            "Write it into the calendar (docs/team-files.md), or let a named person review each line.",
        )
    teller.print_diff(is_given=given is not None)
    _refuse_faults(proposal.present)
    if out is None or not proposal.added:
        teller.print_end("not_written" if proposal.added else None)
        return
    text = write_disavow(proposal, settings.language)
    written = check_text(text, str(out))
    if written.faults:
        teller.print_faults(written)
        _refuse_faults(written)
    _put(out, text)
    teller.print_end("written", path=str(out), lines=len(written.lines), bytes=len(text.encode()))


def _check_names(present: Path | None, reviewed_by: str | None, out: Path | None) -> None:
    if reviewed_by is not None and not flatten(reviewed_by):
        raise UsageError("--reviewed-by", "no name", "the name of who reads every line", "Give a name.")
    if out is None:
        return
    if out.suffix.lower() != ".txt":
        raise UsageError("--out", str(out), "a name that ends in .txt, as the search engine asks", "Name it so.")
    if present is not None and out.resolve() == present.resolve():
        raise UsageError("--out", str(out), "another file than --present", "Keep the present file until the new is in.")
    if not out.resolve().parent.is_dir():
        raise UsageError("--out", f"no folder {out.resolve().parent}", "a folder that is there", "Make it first.")
    if out.is_dir():
        raise UsageError("--out", f"{out} is a folder", "a file", "Name a file in it.")


def _read_present(path: Path) -> DisavowFile:
    try:
        return parse_disavow(path.read_bytes(), path.name)
    except OSError as error:
        found = error.strerror or str(error)
        raise UsageError("--present", f"{path}: {found}", "a file that can be read", "Check the path.") from error


def _read_view(settings: Settings, site: str) -> DisavowView:
    try:
        name = normalise_domain(site.strip())
    except ValueError as error:
        raise UsageError("SITE", repr(site), str(error), "Name a monitored site.") from error
    with open_reader(settings.warehouse) as connection:
        days: dict[str, datetime.date] = dict(connection.execute(_ASSESSED_DAYS).fetchall())
        if name not in days:
            expected = f"one of {', '.join(sorted(days))}" if days else "a site that was assessed"
            raise UsageError("SITE", repr(site), expected, "Name a site of the portfolio.")
        least_probability = Params().least_probability
        try:
            return read_disavows(connection, [name], as_of=days[name], least_probability=least_probability)[name]
        except (duckdb.BinderException, duckdb.CatalogException) as error:  # a snapshot is not made anew by opening it
            raise WarehouseError(
                str(settings.warehouse),
                "a snapshot without a column or table that is asked for",
                "one that this version published",
                "Make it anew with `penalty-radar run`.",
            ) from error


def _refuse_faults(file: DisavowFile) -> None:
    if file.faults:
        where = [str(fault.number) for fault in file.faults if fault.number is not None]
        lines = f"{len(file.faults)} faults" + (f", the first in line {where[0]}" if where else "")
        raise BadInputError(
            file.name,
            lines,
            "a disavow file within the published limits",
            "Mend them as told above; nothing is written.",
        )


def _put(path: Path, text: str) -> None:
    """The file whole or not at all."""
    part = path.with_name(f".{path.name}.part")  # a fixed name: what a killed run left is written over
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError("--out", f"{path}: {error.strerror}", "a file that can be written", "Check it.") from error


class _Teller:
    """Prints the parts of one proposal."""

    def __init__(self, console: Console, proposal: Proposal, language: str) -> None:
        self.console = console
        self.proposal = proposal
        self.language = language

    def _say(self, key: str, **arguments: object) -> str:
        return say(key, self.language, **arguments)

    def _head(self, name: str, count: int | None = None) -> None:
        shown = "" if count is None else f" ({count})"
        self.console.print(f"\n{self._say(f'disavow.heading.{name}')}{shown}", style="bold")

    def _list(self, sentences: list[str], mark: str = "-", style: str = "") -> None:
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for sentence in sentences:
            table.add_row(Text(mark, style=style), Text(flatten(sentence)))
        self.console.print(table)

    def print_answer(self) -> None:
        view = self.proposal.view
        self.console.print(self._say("disavow.title", site=view.site_domain, day=view.as_of), style="bold")
        self._head("answer")
        self.console.print(flatten(say_answer(self.proposal, self.language)))
        self._head("why")
        self._list(say_reasons(self.proposal, self.language))

    def print_diff(self, *, is_given: bool) -> None:
        """The present file, its faults, and what would be added, is covered, is kept and is left out."""
        proposal = self.proposal
        self.console.print()
        self.console.print(flatten(self._say_present(is_given=is_given)))
        if proposal.present.faults:
            self.print_faults(proposal.present)
        if proposal.added:
            self._print_added()
            self._head("losses")
            self.console.print(flatten(say_losses(proposal, self.language)))
        if proposal.covered:
            self._print_covered()
        if proposal.present.lines:
            self._head("kept")
            self._print_kept()
        if left_out := count_left_out(proposal):
            self._head("left_out")
            self._list(
                [f"{count:>5}  {self._say(f'disavow.left_out.{reason}')}" for reason, count in left_out], mark=" "
            )

    def print_faults(self, file: DisavowFile) -> None:
        self._head("faults", len(file.faults))
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for fault in file.faults[:MOST_SHOWN]:
            where = "" if fault.number is None else self._say("disavow.line", number=fault.number)
            table.add_row(Text(where, style="red"), Text(flatten(say_fault(fault, self.language))))
        self.console.print(table)
        if len(file.faults) > MOST_SHOWN:
            self.console.print(f"… (+{len(file.faults) - MOST_SHOWN})")

    def _say_present(self, *, is_given: bool) -> str:
        file = self.proposal.present
        kinds = [line.kind for line in file.entries]
        counts = {"domains": kinds.count("domain"), "pages": kinds.count("url"), "lines": len(file.lines)}
        if is_given:
            return self._say("disavow.present.given", name=file.name, **counts)
        if self.proposal.view.loaded is None:
            return self._say("disavow.present.none")
        return self._say("disavow.present.loaded", day=self.proposal.view.loaded_on, **counts)

    def _print_added(self) -> None:
        added = self.proposal.added
        self._head("added", len(added))
        told: str | None = None
        for entry in added[:MOST_SHOWN]:
            self.console.print(Text(f"+ {flatten(entry.line)}", style="green"), overflow="fold")
            if entry.domain.source_domain != told:
                told = entry.domain.source_domain
                self._print_reasons(entry)
        if len(added) > MOST_SHOWN:
            self.console.print(self._say("disavow.more", count=len(added) - MOST_SHOWN))

    def _print_reasons(self, entry: Entry) -> None:
        domain = entry.domain
        since = self._say("disavow.links_since", count=domain.open_count, first_seen_on=domain.first_seen_on)
        reasons = " ".join([say_resemblance(domain, self.language), *say_domain(domain, self.language)])
        self.console.print(Padding(Text(flatten(f"{since}. {reasons}"), style="dim"), (0, 0, 0, 4)))
        for advice in say_advice(domain, self.language):
            self.console.print(Padding(Text(flatten(advice), style="yellow"), (0, 0, 0, 4)))

    def _print_covered(self) -> None:
        covered = self.proposal.covered
        self._head("covered", len(covered))
        sentences = [
            f"{entry.line}  {self._say('disavow.covered_by', number=line.number, line=line.text.strip())}"
            for entry, line in covered[:MOST_SHOWN]
        ]
        self._list(sentences, mark="=")
        if len(covered) > MOST_SHOWN:
            self.console.print(f"… (+{len(covered) - MOST_SHOWN})")

    def _print_kept(self) -> None:
        proposal = self.proposal
        sentences = [self._say("disavow.kept", lines=len(proposal.present.lines))]
        if proposal.replaced:
            sentences.append(
                self._say("disavow.replaced", count=len(proposal.replaced), number=proposal.replaced[0].number)
            )
        sentences += [
            self._say("disavow.clash", number=line.number, allowed=allowed)
            for line, allowed in proposal.clashes[:MOST_SHOWN]
        ]
        self._list(sentences)

    def print_end(self, key: str | None, **arguments: object) -> None:
        self.console.print()
        if key:
            self.console.print(flatten(self._say(f"disavow.{key}", **arguments)), style="bold")
        self.console.print(self._say("disavow.never_uploaded"), style="dim")
