"""A format that a user writes: a ``*.mapping.toml`` file becomes an :class:`ExportFormat` like the built-in ones.

Which fields a mapping file has is said by :class:`MappingFile` and :class:`MappedColumn`; how to write one, by
docs/mapping-files.md.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from transforms.errors import BadInputError
from transforms.ingest.formats.event_calendar import BY_THE_TEAM, KINDS
from transforms.ingest.formats.event_identity import event_id, scope_of_name
from transforms.ingest.formats.format import Derived, ExportFormat, Feed, Reads, Thing
from transforms.ingest.formats.registry import all_formats
from transforms.ingest.formats.written import (
    Address,
    Choice,
    Day,
    DayOrder,
    Filled,
    Flag,
    Number,
    Rank,
    Text,
    Written,
)
from transforms.ingest.formats.written_by_people import SiteName
from transforms.ingest.formats.written_countries import Country
from transforms.ingest.hosts import HOST_COLUMNS
from transforms.schemas import table
from transforms.schemas.table import Column
from transforms.schemas.vocabulary import DIMENSION_SETS

ENDING = ".mapping.toml"
"""How the name of a mapping file ends."""

DOCUMENTATION = "docs/mapping-files.md"

KEYS: Mapping[str, tuple[str, ...]] = {
    "links": ("source_url", "target_url"),
    "outlinks": ("source_url", "target_url"),
    "referring_domains": ("source_host",),
    "linked_domains": ("target_host",),
    "referring_networks": ("subnet",),
    "linking_pages": ("source_url",),
    "target_pages": ("report", "page_url"),
    "anchor_texts": ("anchor_text",),
    "disavow_entries": ("entry_kind", "entry"),
    "placements": ("source_url", "target_url"),
    "labels": ("site_domain", "subject", "origin", "labelled_by", "labelled_on"),
    "decisions": ("alert_id", "status", "decided_by", "decided_on"),
    "rankings": ("keyword", "device", "country", "ranked_on"),
    "performance": ("query", "page_url", "device", "country", "appearance", "performed_on", "starts_on", "ends_on"),
    "visibility": ("metric", "country", "device", "measured_on"),
    "events": ("event_id",),
}
"""What makes two rows of one file the same observation: as the staging SQL of each thing has it."""

SITE_COLUMNS = {
    "links": "target_url",
    "outlinks": "source_url",
    "target_pages": "page_url",
    "placements": "target_url",
    "rankings": "page_url",
    "performance": "page_url",
}
"""Which address of a row is one of the site's own."""

TEAM_PROVIDERS = {
    "events": "calendar",
    "placements": "placements",
    "labels": "labels",
    "decisions": "decisions",
}
"""What the team keeps itself is that, whatever its file looks like."""

RANKING_THINGS = frozenset({"rankings", "performance", "visibility", "events"})
TOLD_OTHERWISE = {
    "events": {"event_id", "source"},
    "performance": {"dimension_set"},
    "rankings": {"ranked_on"},
    "visibility": {"measured_on"},
}
"""Required columns that need no mapping: worked out, or taken from the day of the export."""

DIMENSIONS = (("page_url", "page"), ("query", "query"), ("country", "country"), ("device", "device"))

MAPPING_FILE = ExportFormat(
    name="mapping_file",
    family="mapping_file",
    title="Mapping file",
    provider="mapping_file",
    feed="backlinks",
    thing=None,
    recognised_by=(),
    columns=(),
    needs_site=False,
)
"""What a mapping file itself counts as in the ledger."""


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Spellings = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
WayOfWriting = Literal["text", "address", "day", "number", "flag", "filled", "choice", "rank", "country", "site"]


class MappedColumn(BaseModel):
    """One column: the header that fills it, and how its values are written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: Spellings
    written: WayOfWriting | None = None
    order: DayOrder | None = None
    marks: Literal["plain", "comma", "local"] | None = None
    unit: str | None = None
    least: float | None = None
    most: float | None = None
    nothing: Spellings | None = None
    yes: Spellings | None = None
    no: Spellings | None = None
    words: dict[str, str] | None = None
    unranked: Spellings | None = None
    required: bool | None = None


def _as_column(value: Any) -> Any:
    return {"header": value} if isinstance(value, (str, list)) else value


class MappingFile(BaseModel):
    """The whole file; see docs/mapping-files.md for each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str | None = None
    provider: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    feed: Feed | None = None
    thing: Thing
    recognised_by: tuple[Spellings, ...] | None = None
    ignored: tuple[str, ...] = ()
    key: tuple[str, ...] | None = None
    site_column: str | None = None
    preamble: str | None = None
    row_caps: tuple[int, ...] = ()
    tracked_depth: int | None = None
    constants: dict[str, str] = Field(default_factory=dict)
    columns: dict[str, Annotated[MappedColumn, BeforeValidator(_as_column)]] = Field(min_length=1)
    notes: str = ""


OPTIONS: Mapping[str, tuple[type[Written], tuple[str, ...]]] = {
    "text": (Text, ()),
    "address": (Address, ()),
    "day": (Day, ("order", "nothing")),
    "number": (Number, ("marks", "unit", "least", "most", "nothing")),
    "flag": (Flag, ("yes", "no")),
    "filled": (Filled, ()),
    "choice": (Choice, ("words",)),
    "rank": (Rank, ("unranked",)),
    "country": (Country, ("nothing",)),
    "site": (SiteName, ()),
}
"""Ways of writing, and the options that each takes."""

YES = ("true", "yes", "1", "x", "y", "ja", "oui", "sí", "si", "wahr", "waar")
NO = ("false", "no", "0", "n", "nee", "nein", "non", "falsch", "onwaar")
UNRANKED = ("-", "--", "–", "0", "n/a", "100+", ">100")


def read_mapping(text: str, where: str) -> ExportFormat:
    """The format that a mapping file declares; ``where`` names the file in errors.

    Raises:
        BadInputError: it is no TOML, or says something that cannot be; with what was expected.
    """
    try:
        said = MappingFile(**tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInputError(where, f"no valid TOML: {error}", "a mapping file", f"See {DOCUMENTATION}.") from error
    except ValidationError as error:
        raise _invalid(where, error) from error
    _check_names(said, where)
    columns = {column.name: column for column in table(f"arrived.{said.thing}").columns}
    _check_targets(said, columns, where)
    reads = tuple(_reads(said, target, mapped, columns[target], where) for target, mapped in said.columns.items())
    return _declare(said, reads, columns, where)


def _declare(said: MappingFile, reads: tuple[Reads, ...], columns: Mapping[str, Column], where: str) -> ExportFormat:
    headers = {mapped.header for mapped in said.columns.values()}
    is_events = said.thing == "events"
    site_column = said.site_column or SITE_COLUMNS.get(said.thing)
    return ExportFormat(
        name=said.name,
        family=said.name,
        title=said.title or said.name,
        provider=said.provider or TEAM_PROVIDERS.get(said.thing, said.name),
        feed=said.feed or ("rankings" if said.thing in RANKING_THINGS else "backlinks"),
        thing=said.thing,
        recognised_by=said.recognised_by or tuple(sorted(headers)),
        columns=reads,
        key=said.key or KEYS[said.thing],
        ignored=said.ignored,
        preamble=re.compile(said.preamble) if said.preamble is not None else None,
        constants=_constants(said, where),
        derived=_derived() if is_events else (),
        site_column=site_column if site_column in said.columns else None,
        days=tuple(target for target in said.columns if columns[target].type == "DATE"),
        row_caps=said.row_caps,
        tracked_depth=said.tracked_depth,
        needs_site=said.thing not in ("events", "labels", "decisions"),
        takes_place=is_events,
        notes=said.notes or f"Declared by {where}.",
    )


def _derived() -> tuple[Derived, ...]:
    return (Derived(target="scope", sql=f"coalesce({{scope}}, {scope_of_name().sql})"), event_id())


def _constants(said: MappingFile, where: str) -> dict[str, str]:
    constants = dict(said.constants)
    if said.thing == "events":
        constants.setdefault("source", BY_THE_TEAM)
    if said.thing == "performance" and "dimension_set" not in {*constants, *said.columns}:
        constants["dimension_set"] = _dimension_set(said, where)
    return constants


def _dimension_set(said: MappingFile, where: str) -> str:
    split = [word for target, word in DIMENSIONS if target in said.columns]
    if "appearance" in said.columns:
        split.append("appearance")
    named = "_".join(split) or ("day" if "performed_on" in said.columns else "site")
    if named not in DIMENSION_SETS:
        raise BadInputError(
            f"{where}, columns",
            f"rows split by {', '.join(split)}",
            f"one of {', '.join(DIMENSION_SETS)}",
            "Leave a dimension out, or name the set: dimension_set under [constants].",
        )
    return named


def _check_names(said: MappingFile, where: str) -> None:
    taken = {name for declared in all_formats() for name in (declared.name, declared.family)}
    if said.name in taken or said.name == MAPPING_FILE.name:
        raise BadInputError(
            f"{where}, name", repr(said.name), "a name that no built-in format has", "Choose another name."
        )
    if said.preamble is not None:
        try:
            re.compile(said.preamble)
        except re.error as error:
            raise BadInputError(
                f"{where}, preamble", f"{said.preamble!r}: {error}", "a regular expression", 'Use ".*" for any line.'
            ) from error


def _check_targets(said: MappingFile, columns: Mapping[str, Column], where: str) -> None:
    """Names of targets, and whether everything that a row must have is there."""
    worked_out = {"row_number", *(host for _, host in HOST_COLUMNS[said.thing] if host)}
    known = [name for name in columns if name not in worked_out]
    for place, names in (
        ("columns", said.columns),
        ("constants", said.constants),
        ("site_column", [said.site_column] if said.site_column else []),
    ):
        for name in names:
            if name not in known:
                raise BadInputError(
                    f"{where}, {place}",
                    f"{name!r}, which {said.thing} do not have",
                    f"one of {', '.join(known)}",
                    "docs/tables.md says what each is; names stand left of the =, headers of the file right of it.",
                )
    if unknown := [name for name in said.key or () if name not in columns]:
        raise BadInputError(f"{where}, key", repr(unknown[0]), f"some of {', '.join(columns)}", "Leave key out.")
    told = {*said.columns, *said.constants, *TOLD_OTHERWISE.get(said.thing, ())}
    if missing := [name for name in known if columns[name].required and name not in told]:
        raise BadInputError(
            f"{where}, columns",
            f"nothing for {', '.join(missing)}",
            f"a column or constant for each: without it a row says nothing about {said.thing}",
            f'Add {missing[0]} = "the header of that column".',
        )


def _reads(said: MappingFile, target: str, mapped: MappedColumn, column: Column, where: str) -> Reads:
    is_needed = column.required if mapped.required is None else mapped.required
    return Reads(
        target=target,
        headers=mapped.header,
        written=_written(target, mapped, column, said.thing, f"{where}, columns.{target}"),
        is_required=is_needed,
        is_filled=is_needed and not _may_be_empty(said.thing, target),
    )


def _may_be_empty(thing: str, target: str) -> bool:
    # A position that is not there is one that was not found.
    return (thing, target) in {("rankings", "position"), ("links", "anchor_text")}


def _written(target: str, mapped: MappedColumn, column: Column, thing: str, where: str) -> Written:
    """How the column is written: as the file says, else as the type of the target suggests."""
    way = mapped.written or _usual_way(target, mapped, column, thing)
    kind, allowed = OPTIONS[way]
    given = mapped.model_dump(exclude_none=True, exclude={"header", "written", "required"})
    if wrong := sorted(set(given) - set(allowed)):
        takes = ", ".join(allowed) or "no options"
        raise BadInputError(where, f"{wrong[0]} beside written = {way!r}", takes, "Take the option out.")
    if column.type not in FITS[way]:
        fitting = [name for name, types in FITS.items() if column.type in types]
        raise BadInputError(where, f"written = {way!r}", f"one of {', '.join(fitting)}", "Choose another way.")
    if way == "choice":
        return Choice(words=_words(target, given.get("words"), column, thing, where), any_case=True)
    if way == "flag":
        given = {name: tuple(word.lower() for word in words) for name, words in given.items()}
    defaults: dict[str, dict[str, Any]] = {
        "flag": {"yes": YES, "no": NO},
        "rank": {"unranked": UNRANKED},
        "number": {"marks": "comma", "is_whole": column.type == "BIGINT"},
        "text": {"empty_is_text": target == "anchor_text"},
    }
    return kind(**{**defaults.get(way, {}), **given})


FITS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"VARCHAR"}),
    "address": frozenset({"VARCHAR"}),
    "day": frozenset({"DATE"}),
    "number": frozenset({"BIGINT", "DOUBLE"}),
    "flag": frozenset({"BOOLEAN"}),
    "filled": frozenset({"BOOLEAN"}),
    "choice": frozenset({"VARCHAR"}),
    "rank": frozenset({"DOUBLE"}),
    "country": frozenset({"VARCHAR"}),
    "site": frozenset({"VARCHAR"}),
}
"""Types of target that each way of writing gives."""

USUAL_WAYS: Mapping[str, WayOfWriting] = {
    "DATE": "day",
    "BIGINT": "number",
    "DOUBLE": "number",
    "BOOLEAN": "flag",
}


def _usual_way(target: str, mapped: MappedColumn, column: Column, thing: str) -> WayOfWriting:
    if thing == "rankings" and target == "position":
        return "rank"
    if target == "country":
        return "country"
    if target == "site_domain":
        return "site"
    if target in {address for address, _ in HOST_COLUMNS[thing]}:
        return "address"
    if column.allowed or mapped.words is not None:
        return "choice"
    return USUAL_WAYS.get(column.type, "text")


def _words(
    target: str, given: Mapping[str, str] | None, column: Column, thing: str, where: str
) -> tuple[tuple[str, str], ...]:
    own = {spelt.lower(): ours for spelt, ours in (given or {}).items()}
    if wrong := sorted(ours for ours in own.values() if column.allowed and ours not in column.allowed):
        raise BadInputError(
            f"{where}.words", repr(wrong[0]), f"one of {', '.join(column.allowed)}", "Put one of them behind the =."
        )
    usual = dict(KINDS) if (thing, target) == ("events", "kind") else {word: word for word in column.allowed}
    return tuple({**usual, **own}.items())


def _invalid(where: str, error: ValidationError) -> BadInputError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    found, expected = repr(first.get("input")), str(first["msg"])
    if first["type"] == "missing":
        found, expected = "nothing", "a value"
    if first["type"] == "extra_forbidden":
        model = MappedColumn if first["loc"][0] == "columns" else MappingFile
        found, expected = "a field that there is not", f"one of {', '.join(model.model_fields)}"
    return BadInputError(f"{where}, {place}", found[:200], expected, f"See {DOCUMENTATION}.")


def describe_mapping(declared: ExportFormat) -> ExportFormat:
    """What the mapping file that declares ``declared`` counts as itself."""
    return dataclasses.replace(
        MAPPING_FILE, feed=declared.feed, described=f"no export: it declares the format {declared.name}"
    )
