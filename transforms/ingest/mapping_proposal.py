"""A mapping file proposed from an export's header and first rows: what the words of the header and the values say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.errors import BadInputError
from transforms.ingest.contents import Content
from transforms.ingest.decoding import DELIMITERS, decode_head, encoding_of, head_records
from transforms.ingest.formats.mapping import TOLD_OTHERWISE
from transforms.ingest.hosts import HAS_HOST_PATTERN, HOST_COLUMNS, is_domain
from transforms.ingest.mapping_words import CHOICES, NO_WORDS, WORDS, YES_WORDS
from transforms.ingest.recognition import LONGEST_PREAMBLE, strip_names
from transforms.schemas import table
from transforms.schemas.table import Column

ROWS_LOOKED_AT = 200
"""Rows whose values are looked at: enough to meet a day after the twelfth, which tells days from months."""

LEAST_RECOGNISED_BY = 3
"""Columns by which a proposed format is told, where it has as many: one or two common words would fit other files."""

SURE, LIKELY, GUESS = "sure: the header says so", "likely: the header is close", "a guess: only the values say so"
DAYS: tuple[tuple[str, str], ...] = (
    ("iso", r"\d{4}-\d\d-\d\d([T ].*)?"),
    ("compact", r"(19|20)\d{6}"),
    ("unix", r"\d{9,10}"),
)
_PARTED_DAY = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2\d{4}(\D.*)?")
_NUMBER = re.compile(r"-?\d[\d.,\u00a0\u202f' ]*%?")


@dataclass(frozen=True)
class HeadTable:
    """Header and first rows of a file nobody has described yet."""

    header: tuple[str, ...]
    """Names, stripped."""

    rows: tuple[tuple[str, ...], ...]
    """The rows that are as long as the header."""

    header_at: int
    """Records before the header."""

    def values(self, position: int) -> list[str]:
        """The filled values of a column."""
        found = (row[position].strip() for row in self.rows[:ROWS_LOOKED_AT])
        return [value for value in found if value]


@dataclass(frozen=True)
class Guess:
    """One column of the proposal."""

    target: str
    """Target column."""

    position: int
    """Column of the file."""

    how_sure: str
    """For the comment behind it."""


@dataclass
class Looks:
    """What the values of a column look like, as options of a mapping."""

    options: dict[str, object] = field(default_factory=dict)
    """Options beside the header."""

    remark: str = ""
    """For the comment behind it."""


def propose_mapping(content: Content, thing: str | None = None) -> str:
    """The text of a mapping file for the content, with comments that say how sure each line is.

    Args:
        content: the file.
        thing: what its rows are; guessed without.

    Raises:
        BadInputError: there is no table in it, or nothing in the header and the values tells what its rows are.
    """
    head = read_head_table(content)
    chosen, guesses = _choose(head, thing)
    if not guesses:
        raise BadInputError(
            content.path,
            f"the columns {', '.join(head.header)[:500]}",
            f"columns that say what the rows are: {', '.join(WORDS)}",
            "Say it with --thing, or write the mapping by hand: docs/mapping-files.md.",
        )
    return _render(content, head, chosen, guesses)


def read_head_table(content: Content) -> HeadTable:
    """The table at the head of the content: the delimiter that parts most columns, the first full record as header.

    Raises:
        BadInputError: no delimiter parts the lines into columns.
    """
    if content.problem:
        raise BadInputError(content.path, content.problem, "a file with a header and rows", "Look at the file.")
    text = decode_head(content.head, encoding_of(content.head))
    best = HeadTable((), (), 0)
    for delimiter in DELIMITERS:
        records = head_records(text, delimiter, is_whole=content.is_whole)
        width = max((len(strip_names(record)) for record in records[: LONGEST_PREAMBLE + 1]), default=0)
        header_at = next((at for at, record in enumerate(records) if len(strip_names(record)) == width), 0)
        if width > max(len(best.header), 1):
            rows = (tuple(record[:width]) for record in records[header_at + 1 :] if len(record) >= width)
            best = HeadTable(strip_names(records[header_at]), tuple(rows), header_at)
    if not best.header:
        raise BadInputError(
            content.path,
            f"no columns in {text[:80]!r}",
            "a header of two columns or more, parted by commas, semicolons or tabs",
            "Export it as CSV.",
        )
    return best


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[_\-./()#:]+", " ", header.lower()).split())


def _choose(head: HeadTable, thing: str | None) -> tuple[str, list[Guess]]:
    """What the rows are, and the columns: of several things the one whose needs are met with most columns."""
    if thing is not None and thing not in WORDS:
        raise BadInputError("--thing", repr(thing), f"one of {', '.join(WORDS)}", "Choose one, or leave it out.")
    best: tuple[str, list[Guess]] = (thing or "", [])
    best_score = (0, 0)
    for candidate in [thing] if thing else WORDS:
        guesses = _guess_columns(head, candidate)
        targets = {guess.target for guess in guesses}
        if not _needed(candidate) <= targets and not (candidate == thing and guesses):
            continue
        score = (sum(guess.how_sure == SURE for guess in guesses), len(guesses))
        if score > best_score:
            best, best_score = (candidate, guesses), score
    return best


def _needed(thing: str) -> set[str]:
    worked_out = {"row_number", *(host for _, host in HOST_COLUMNS[thing] if host), *TOLD_OTHERWISE.get(thing, ())}
    required = {column.name for column in table(f"arrived.{thing}").columns if column.required}
    return required - worked_out - set(CONSTANTS.get(thing, ()))


CONSTANTS: Mapping[str, Mapping[str, str]] = {
    "visibility": {"metric": "organic_traffic"},
    "events": {"kind": "site_change"},
}
"""What is put in the place of a column that the file lacks, to be looked at by a person."""


def _guess_columns(head: HeadTable, thing: str) -> list[Guess]:
    """Columns by the exact words of their headers, then by headers that hold such words, then by values alone."""
    columns = {column.name: column for column in table(f"arrived.{thing}").columns}
    found: dict[str, Guess] = {}
    taken: set[int] = set()

    def take(fits: Callable[[str, Sequence[str]], int | None], how_sure: str) -> None:
        for target, words in WORDS[thing].items():
            ranked = sorted(
                (rank, position)
                for position, name in enumerate(head.header)
                if position not in taken
                and (rank := fits(_plain(name), words)) is not None
                and _may_be(head.values(position), columns[target], thing)
            )
            if target not in found and ranked:
                found[target] = Guess(target, ranked[0][1], how_sure)
                taken.add(ranked[0][1])

    take(lambda name, words: words.index(name) if name in words else None, SURE)
    take(_close, LIKELY)
    for target in sorted(_needed(thing) - set(found), key=list(WORDS[thing]).index):
        if target in {address for address, _ in HOST_COLUMNS[thing]}:
            for position in range(len(head.header)):
                if position not in taken and _are_addresses(head.values(position)):
                    found[target] = Guess(target, position, GUESS)
                    taken.add(position)
                    break
    return [found[target] for target in WORDS[thing] if target in found]


def _close(name: str, words: Sequence[str]) -> int | None:
    """Whether a word of four letters or more stands in the header as a word (or words) of its own."""
    long = [(at, word) for at, word in enumerate(words) if len(word) >= 4]
    return next((at for at, word in long if re.search(rf"\b{re.escape(word)}\b", name)), None)


def _may_be(values: Sequence[str], column: Column, thing: str) -> bool:
    """Whether the values can become the target at all; a column without values may be anything."""
    if not values:
        return True
    if column.type == "DATE":
        return look_at_days(values) is not None
    if column.type in ("BIGINT", "DOUBLE"):
        return sum(bool(_NUMBER.fullmatch(value)) for value in values) > len(values) / 2
    if column.type == "BOOLEAN":
        return sum(value.lower() in YES_WORDS | NO_WORDS for value in values) > len(values) / 2
    if column.name in {address for address, _ in HOST_COLUMNS[thing]}:
        return _are_addresses(values)
    return True


def _are_addresses(values: Sequence[str]) -> bool:
    fitting = sum(
        bool(re.match(HAS_HOST_PATTERN, value)) and ("://" in value or is_domain(re.split("[/:?#]", value)[0]))
        for value in values
    )
    return bool(values) and fitting > len(values) / 2


def look_at_days(values: Sequence[str]) -> Looks | None:
    """How days are written; None when most values are no days."""
    for order, pattern in DAYS:
        if sum(bool(re.fullmatch(pattern, value)) for value in values) > len(values) / 2:
            return Looks({} if order == "iso" else {"order": order})
    parted = [found for value in values if (found := _PARTED_DAY.fullmatch(value))]
    if len(parted) <= len(values) / 2:
        return None
    if any(int(found[3]) > 12 for found in parted):
        return Looks({"order": "month_first"})
    if any(int(found[1]) > 12 for found in parted) or any(found[2] != "/" for found in parted):
        return Looks({"order": "day_first"})
    return Looks({"order": "day_first"}, "no day after the 12th: month_first is as likely")


def _look(values: Sequence[str], column: Column, thing: str) -> Looks:
    if column.type == "DATE":
        return look_at_days(values) or Looks()
    if column.type == "BOOLEAN":
        yes = sorted({value for value in values if value.lower() in YES_WORDS})
        no = sorted({value for value in values if value.lower() in NO_WORDS})
        usual = {"true", "false", "yes", "no", "1", "0"}
        return Looks(
            {} if {word.lower() for word in yes + no} <= usual else {"yes": yes or ["true"], "no": no or ["false"]}
        )
    if column.type in ("BIGINT", "DOUBLE") and (thing, column.name) != ("rankings", "position"):
        return _look_at_numbers(values)
    if column.name in CHOICES and column.allowed:
        known = CHOICES[column.name]
        words = {value: known.get(value.lower(), "") for value in dict.fromkeys(values)}
        told = {spelt: ours for spelt, ours in words.items() if ours and spelt.lower() not in column.allowed}
        unknown = [spelt for spelt, ours in words.items() if not ours and spelt.lower() not in column.allowed]
        remark = f"what is {', '.join(unknown)[:100]}? Add it to words" if unknown else ""
        return Looks({"words": told} if told else {}, remark)
    if (thing, column.name) == ("rankings", "position"):
        unranked = sorted({value for value in values if not _NUMBER.fullmatch(value)})
        return Looks({"unranked": unranked} if unranked else {})
    return Looks()


def _look_at_numbers(values: Sequence[str]) -> Looks:
    options: dict[str, object] = {}
    nothing = sorted({value for value in values if not _NUMBER.fullmatch(value)})
    if any(value.endswith("%") for value in values):
        options["unit"] = "%"
    if _are_grouped(values):
        options["marks"] = "local"
    if nothing:
        options["nothing"] = nothing
    return Looks(options)


def _are_grouped(values: Sequence[str]) -> bool:
    """Whether marks part groups of three digits: three digits behind a mark are no proof while others have decimals."""
    if any(re.search(r"\d(?:[.,\u00a0\u202f' ]\d{3}){2}", value) for value in values):
        return True
    marked = [found for value in values if (found := re.fullmatch(r"-?\d+[.,\u00a0\u202f' ](\d+)%?", value))]
    return bool(marked) and all(len(found[1]) == 3 for found in marked)


def _render(content: Content, head: HeadTable, thing: str, guesses: list[Guess]) -> str:
    columns = {column.name: column for column in table(f"arrived.{thing}").columns}
    name = _name_of(content)
    needed = _needed(thing)
    known_by = [head.header[guess.position] for guess in guesses if guess.target in needed]
    others = [head.header[guess.position] for guess in guesses if guess.target not in needed]
    known_by += others[: max(LEAST_RECOGNISED_BY - len(known_by), 0)]
    taken = {guess.position for guess in guesses}
    ignored = [label for position, label in enumerate(head.header) if position not in taken and label]
    lines = [
        f"# Proposed from {content.names[0]}: look at every line before you use it (docs/mapping-files.md).",
        f"name = {_toml(name)}",
        f"title = {_toml(content.names[0])}",
        f"provider = {_toml(name)}  # the index and report the rows come from; never the name of another index",
        f"thing = {_toml(thing)}  # what a row is",
        f"recognised_by = {_toml(known_by)}",
        f"ignored = {_toml(ignored)}",
    ]
    if head.header_at:
        lines.append(f'preamble = ".*"  # {head.header_at} lines stand before the header')
    constants = {k: v for k, v in CONSTANTS.get(thing, {}).items() if k not in {guess.target for guess in guesses}}
    if constants:
        lines += ["", "[constants]", *(f"{k} = {_toml(v)}  # a guess: no column says so" for k, v in constants.items())]
    lines += ["", "[columns]"]
    for guess in guesses:
        looks = _look(head.values(guess.position), columns[guess.target], thing)
        label = head.header[guess.position]
        value = _toml({"header": label, **looks.options}) if looks.options else _toml(label)
        remark = "; ".join(filter(None, (guess.how_sure, looks.remark)))
        lines.append(f"{guess.target} = {value}  # {remark}")
    lines += [
        f'# nothing found for {target}, which {thing} need: {target} = "the header of that column"'
        for target in sorted(needed - {guess.target for guess in guesses})
    ]
    return "\n".join(lines) + "\n"


def _name_of(content: Content) -> str:
    """A name for the format, from the file's own."""
    stem = content.names[0].rpartition(".")[0] or content.names[0]
    words = re.findall(r"[a-z]+", stem.lower().replace("é", "e"))
    return "own_" + ("_".join(words)[:40].strip("_") or "list")


def _toml(value: object) -> str:
    """A value as TOML on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_toml(of)}" for name, of in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(of) for of in value) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)
