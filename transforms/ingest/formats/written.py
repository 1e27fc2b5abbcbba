"""How a value is written in an export: what makes it readable and what it becomes, as SQL over one text cell.

Each kind offers the two halves of one rule, so that a row is rejected exactly when its value could not be typed:
``misfit(cell)`` is a predicate that is true for a value that cannot be read, ``value(cell)`` the typed expression.
A cell is an SQL expression of type VARCHAR that is never null (a cell that is not there is the empty text); the empty
text is never a misfit here, whether it may be empty is said by the column.
"""

from __future__ import annotations

import abc
import datetime
from dataclasses import dataclass
from typing import Literal

from transforms.ingest.hosts import HAS_HOST_PATTERN, is_plain_sql, is_web_sql


def sql_text(text: str) -> str:
    """``text`` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_texts(texts: tuple[str, ...]) -> str:
    """``texts`` as the inside of an SQL ``IN`` list."""
    return ", ".join(sql_text(text) for text in texts)


class Written(abc.ABC):
    """A way of writing values; see the module."""

    @property
    @abc.abstractmethod
    def expected(self) -> str:
        """What a readable value looks like, for the reason of a rejected row."""

    @abc.abstractmethod
    def value(self, cell: str) -> str:
        """SQL expression of the typed value; null where the cell is empty."""

    @abc.abstractmethod
    def misfit(self, cell: str) -> str:
        """SQL predicate: the cell is filled and cannot be read."""

    def strict(self, cell: str) -> str:
        """SQL expression of the typed value; null also where the cell cannot be read.

        One expression instead of two, the common case first: what large files are read with.
        """
        return f"CASE WHEN {self.misfit(cell)} THEN NULL ELSE {self.value(cell)} END"


@dataclass(frozen=True)
class Text(Written):
    """Any words, kept as they are."""

    empty_is_text: bool = False
    """True where no words at all is a value of its own (a link without an anchor text), not a gap."""

    empty_words: tuple[str, ...] = ()
    """Words that the provider writes where there are none, as spelt (``(empty)``)."""

    expected: str = "text"

    def value(self, cell: str) -> str:
        """The words; the empty text becomes null unless it is a value."""
        words = cell
        if self.empty_words:
            words = f"CASE WHEN trim({cell}) IN ({sql_texts(self.empty_words)}) THEN '' ELSE {cell} END"
        return words if self.empty_is_text else f"nullif({words}, '')"

    def misfit(self, cell: str) -> str:
        """Words are always readable."""
        return "false"


@dataclass(frozen=True)
class Address(Written):
    """A web address with a host; the scheme may be missing."""

    between: str = ""
    """What stands between several addresses in one cell, of which the first is read; nothing where there is one."""

    expected: str = "a web address with a host"

    def _first(self, cell: str) -> str:
        return f"trim(split_part({cell}, {sql_text(self.between)}, 1))" if self.between else f"trim({cell})"

    def value(self, cell: str) -> str:
        """The address without the spaces around it."""
        trimmed = f"nullif({self._first(cell)}, '')"
        if self.between:
            return trimmed
        # Trimming a long text costs as much as reading it: most addresses begin with a letter and end with none.
        return f"CASE WHEN starts_with({cell}, 'http') AND NOT ends_with({cell}, ' ') THEN {cell} ELSE {trimmed} END"

    def misfit(self, cell: str) -> str:
        """Filled, and without a host that has a dot in it."""
        has_none = f"(trim({cell}) <> '' AND NOT regexp_matches({self._first(cell)}, {sql_text(HAS_HOST_PATTERN)}))"
        return f"CASE WHEN {is_plain_sql(cell)} THEN false ELSE {has_none} END"

    def strict(self, cell: str) -> str:
        """The address; what begins with http(s):// counts as one, its host is looked at afterwards."""
        is_plain = f"{is_web_sql(cell)} AND NOT ends_with({cell}, ' ')"
        return (
            super().strict(cell)
            if self.between
            else f"CASE WHEN {is_plain} THEN {cell} ELSE {super().strict(cell)} END"
        )


_REORDERED = {
    "day_first": (r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(\D.*)?$", r"\3-\2-\1", "DD/MM/YYYY"),
    "month_first": (r"^(\d{1,2})/(\d{1,2})/(\d{4})(\D.*)?$", r"\3-\1-\2", "MM/DD/YYYY"),
    "compact": (r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", "YYYYMMDD"),
}
"""Ways of writing a day that one pattern turns into ``YYYY-MM-DD``, and how people know them."""


DayOrder = Literal["iso", "moment", "day_first", "month_first", "compact", "unix", "iso_or_day_first", "iso_or_dashed"]
"""Ways of writing a day that :class:`Day` reads."""

_DASHED_SHAPE = r"(\d{1,2})-(\d{1,2})-(\d{4})"


@dataclass(frozen=True)
class Day(Written):
    """A day; a time of day behind it is dropped (a provider's zone is not ours to guess: its day counts as written).

    ``order`` says how: ``iso`` is ``YYYY-MM-DD``, ``moment`` the same with time and zone behind it, ``unix`` are
    seconds since 1970 UTC, the others as named. A provider writes one way; which one is known from its files and never
    guessed from a value.
    """

    order: DayOrder = "iso"
    """How day, month and year are written; ``iso_or_day_first`` for a provider whose reports differ: the two cannot be
    taken for each other. ``iso_or_dashed`` is for files that people write themselves: ``YYYY-MM-DD`` or
    ``DD-MM-YYYY``, and no slashes, behind which the month may stand first."""

    nothing: tuple[str, ...] = ()
    """Words that stand for no day, as spelt (``-``)."""

    @property
    def expected(self) -> str:
        """The way of writing."""
        if self.order == "unix":
            return "a moment in seconds since 1970, 1990 to 2100"
        ways = {
            "iso": "YYYY-MM-DD",
            "moment": "YYYY-MM-DDThh:mm:ss with its zone",
            "iso_or_day_first": "YYYY-MM-DD or DD/MM/YYYY",
            "iso_or_dashed": "YYYY-MM-DD or DD-MM-YYYY",
        }
        return f"a day written {ways.get(self.order) or _REORDERED[self.order][2]}, 1990 to 2100"

    def value(self, cell: str) -> str:
        """The DATE."""
        if self.order == "unix":
            return f"CAST(epoch_ms(TRY_CAST(trim({cell}) AS BIGINT) * 1000) AS DATE)"
        if self.order in ("iso", "moment"):
            return f"TRY_CAST(left(trim({cell}), 10) AS DATE)"
        if self.order == "iso_or_day_first":
            return f"coalesce({Day('day_first').value(cell)}, {Day().value(cell)})"
        if self.order == "iso_or_dashed":
            dashed, turned = sql_text(f"^{_DASHED_SHAPE}$"), sql_text(r"\3-\2-\1")
            return f"TRY_CAST(left(regexp_replace(trim({cell}), {dashed}, {turned}), 10) AS DATE)"
        pattern, order, _ = _REORDERED[self.order]
        return f"TRY_CAST(regexp_replace(trim({cell}), {sql_text(pattern)}, {sql_text(order)}) AS DATE)"

    def misfit(self, cell: str) -> str:
        """Filled, and not such a day."""
        iso = r"^(199\d|20\d\d|2100)-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?( ?(Z|[+\-]\d\d:?\d\d))?)?$"
        shape = {
            "iso": iso,
            "moment": r"^(199\d|20\d\d|2100)-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)? ?(Z|[+\-]\d\d:?\d\d)$",
            "unix": r"^\d{9,10}$",
            "iso_or_day_first": f"{iso}|{_REORDERED['day_first'][0]}",
            "iso_or_dashed": f"{iso}|^{_DASHED_SHAPE}$",
        }.get(self.order) or _REORDERED[self.order][0]
        year = f"year({self.value(cell)}) BETWEEN 1990 AND 2100"
        readable = f"regexp_matches(trim({cell}), {sql_text(shape)}) AND coalesce({year}, false)"
        misfit = f"({is_filled(cell, self.nothing)} AND NOT ({readable}))"
        if self.order != "iso":
            return misfit
        plain = f"length({cell}) = 10 AND substring({cell}, 5, 1) = '-' AND substring({cell}, 8, 1) = '-'"
        return (
            f"CASE WHEN {plain} AND year(TRY_CAST({cell} AS DATE)) BETWEEN 1990 AND 2100 THEN false ELSE {misfit} END"
        )

    def is_after(self, cell: str, latest_on: datetime.date) -> str:
        """A readable day later than ``latest_on``."""
        return f"(NOT {self.misfit(cell)} AND coalesce({self.value(cell)} > DATE '{latest_on.isoformat()}', false))"


_DAY = Day()


@dataclass(frozen=True)
class DayOfRange(Day):
    """The first or last day of a range written as two days with a dash between (``2025-12-08 - 2025-12-14``)."""

    is_last: bool = False
    """The last day; else the first."""

    @property
    def expected(self) -> str:
        """The way of writing."""
        return f"two days with ' - ' between them, each {_DAY.expected}"

    def _part(self, cell: str) -> str:
        group = 2 if self.is_last else 1
        return f"regexp_extract(trim({cell}), {sql_text(RANGE_PATTERN)}, {group})"

    def value(self, cell: str) -> str:
        """The DATE."""
        return _DAY.value(self._part(cell))

    def misfit(self, cell: str) -> str:
        """Filled, and not such a range."""
        return f"(trim({cell}) <> '' AND ({self._part(cell)} = '' OR {_DAY.misfit(self._part(cell))}))"


RANGE_PATTERN = r"^(\S+)\s+[-\x{2013}]\s+(\S+)$"
"""Two words with a dash between; the second one may be longer (en dash)."""


def is_filled(cell: str, nothing: tuple[str, ...]) -> str:
    """SQL predicate: something stands in the cell, and none of the words for nothing."""
    return f"trim({cell}) NOT IN ({sql_texts(('', *nothing))})"


THOUSANDS = "[.,\u00a0\u202f\u2009' ]"
"""Marks between groups of three digits, in the interface languages that are read."""


@dataclass(frozen=True)
class Number(Written):
    """A number within bounds, with a decimal dot and without thousands marks unless the fields below say otherwise."""

    least: float | None = None
    """Smallest readable value, null for none."""

    most: float | None = None
    """Largest readable value, null for none."""

    is_whole: bool = False
    """True for counts (``587.0``, as spreadsheets store them, is whole)."""

    marks: Literal["plain", "comma", "local"] = "plain"
    """``plain``: decimal dot only. ``comma``: a decimal comma is as good as a dot. ``local``: thousands marks as well,
    where they are told from a decimal mark: by groups of three digits, and never three decimals behind one mark."""

    nothing: tuple[str, ...] = ()
    """Words that stand for no value, as spelt (``n/a``, ``-1``)."""

    unit: str = ""
    """A sign that may stand behind the number (``%``); the value is as written, not divided."""

    @property
    def expected(self) -> str:
        """The bounds in words."""
        kind = "a whole number" if self.is_whole else "a number"
        kind += "" if self.is_whole or self.marks != "plain" else " with a decimal dot"
        if self.least is not None and self.most is not None:
            return f"{kind} from {self.least:g} to {self.most:g}"
        return f"{kind} of {self.least:g} or more" if self.least is not None else kind

    def _plain(self, cell: str) -> str:
        """The number as text, with a decimal dot and nothing else but digits and sign."""
        text = f"trim({cell})"
        if self.unit:
            text = f"rtrim(rtrim({text}), {sql_text(self.unit)})"
        if self.marks == "local":
            grouped = sql_text(rf"^-?\d{{1,3}}(?:{THOUSANDS}\d{{3}})+(?:[.,]\d{{1,2}})?$")
            mark, digits = sql_text(THOUSANDS + r"(\d{3})"), sql_text(r"\1")
            ungrouped = f"regexp_replace({text}, {mark}, {digits}, 'g')"
            text = f"CASE WHEN regexp_matches({text}, {grouped}) THEN {ungrouped} ELSE {text} END"
        if self.marks != "plain":
            text = f"replace({text}, ',', '.')"
        return f"rtrim({text})" if self.unit else text

    def value(self, cell: str) -> str:
        """The DOUBLE, or the BIGINT of a whole number."""
        number = f"TRY_CAST({self._plain(cell)} AS DOUBLE)"
        if self.nothing:
            number = f"CASE WHEN trim({cell}) NOT IN ({sql_texts(self.nothing)}) THEN {number} END"
        return f"TRY_CAST({number} AS BIGINT)" if self.is_whole else number

    def misfit(self, cell: str) -> str:
        """Filled, and not such a number."""
        shape = r"^-?\d+(\.0*)?$" if self.is_whole else r"^-?\d+(\.\d*)?([eE][+-]?\d+)?$"
        value = self.value(cell)
        rules = [
            f"regexp_matches({self._plain(cell)}, {sql_text(shape)})",
            f"{value} IS NOT NULL",
            *self._bounds(value),
        ]
        return f"({is_filled(cell, self.nothing)} AND NOT coalesce({' AND '.join(rules)}, false))"

    def strict(self, cell: str) -> str:
        """The number; a few digits need neither trimming nor a careful pattern."""
        digits = f"TRY_CAST({cell} AS BIGINT)"
        is_plain = [f"regexp_matches({cell}, '^[0-9]{{1,9}}$')", *self._bounds(digits)]
        value = digits if self.is_whole else f"CAST({digits} AS DOUBLE)"
        return f"CASE WHEN {' AND '.join(is_plain)} THEN {value} ELSE {super().strict(cell)} END"

    def _bounds(self, value: str) -> list[str]:
        bounds = [f"{value} >= {self.least:g}"] if self.least is not None else []
        return bounds + ([f"{value} <= {self.most:g}"] if self.most is not None else [])


@dataclass(frozen=True)
class Flag(Written):
    """Yes or no in the words of the export; any other word is a category we do not know and rejects the row."""

    yes: tuple[str, ...] = ("true",)
    """Words that mean yes, lower case."""

    no: tuple[str, ...] = ("false",)
    """Words that mean no, lower case."""

    empty_is_no: bool = False
    """True where the provider writes nothing for no; else nothing means not known."""

    @property
    def expected(self) -> str:
        """The words."""
        return "one of " + ", ".join((*self.yes, *self.no))

    def value(self, cell: str) -> str:
        """The BOOLEAN."""
        no = (*self.no, "") if self.empty_is_no else self.no
        return (
            f"CASE WHEN {cell} IN ({sql_texts(self.yes)}) THEN true WHEN {cell} IN ({sql_texts(no)}) THEN false "
            f"WHEN lower(trim({cell})) IN ({sql_texts(self.yes)}) THEN true "
            f"WHEN lower(trim({cell})) IN ({sql_texts(no)}) THEN false END"
        )

    def misfit(self, cell: str) -> str:
        """Filled with another word."""
        return f"(trim({cell}) <> '' AND lower(trim({cell})) NOT IN ({sql_texts((*self.yes, *self.no))}))"

    def strict(self, cell: str) -> str:
        """The BOOLEAN: another word has none."""
        return self.value(cell)


@dataclass(frozen=True)
class Says(Written):
    """Whether one of a list of words stands in the cell, between whatever else the provider lists there."""

    words: tuple[str, ...]
    """The words, lower case, letters and hyphens."""

    expected: str = "words"

    def value(self, cell: str) -> str:
        """The BOOLEAN; null where the cell is empty."""
        pattern = sql_text(f"(^|[^a-z])({'|'.join(self.words)})($|[^a-z])")
        return f"CASE WHEN trim({cell}) <> '' THEN regexp_matches(lower({cell}), {pattern}) END"

    def misfit(self, cell: str) -> str:
        """Never: other words are no."""
        return "false"


@dataclass(frozen=True)
class Filled(Written):
    """True where anything stands in the cell (a lost date means that the link is lost)."""

    nothing: tuple[str, ...] = ()
    """Words that stand for nothing, as spelt (``-``)."""

    expected: str = "anything or nothing"

    def value(self, cell: str) -> str:
        """The BOOLEAN."""
        return is_filled(cell, self.nothing)

    def misfit(self, cell: str) -> str:
        """Never."""
        return "false"


@dataclass(frozen=True)
class Choice(Written):
    """One of a list of words, each standing for one of our own words; another word rejects the row."""

    words: tuple[tuple[str, str], ...]
    """Pairs: the export's word as spelt, our word."""

    any_case: bool = False
    """Capitals make no difference (words that people type); the words are spelt in lower case."""

    @property
    def expected(self) -> str:
        """The export's words."""
        return "one of " + ", ".join(spelt for spelt, _ in self.words)

    def value(self, cell: str) -> str:
        """Our word."""
        cases = " ".join(f"WHEN {sql_text(spelt)} THEN {sql_text(ours)}" for spelt, ours in self.words)
        return f"CASE {f'lower(trim({cell}))' if self.any_case else f'trim({cell})'} {cases} END"

    def misfit(self, cell: str) -> str:
        """Filled with another word."""
        return f"(trim({cell}) <> '' AND {self.value(cell)} IS NULL)"


@dataclass(frozen=True)
class Rank(Written):
    """A position, 1 is best; words such as ``-`` or ``100+`` mean checked and not found within the depth: null."""

    unranked: tuple[str, ...] = ("-",)
    """Words that mean not ranked, as spelt."""

    unranked_pattern: str = ""
    """Or: an expression that such words match as a whole, with the depth in them (``Not in top 30``)."""

    has_place: bool = False
    """True where a place among the site's own pages may stand behind the position, in brackets: ``4(2)``."""

    @property
    def expected(self) -> str:
        """A position or one of the words."""
        return " or ".join(("a position of 1 or more", *self.unranked, *filter(None, (self.unranked_pattern,))))

    def value(self, cell: str) -> str:
        """The DOUBLE; null when not ranked."""
        number = f"regexp_replace(trim({cell}), '\\(\\d+\\)$', '')" if self.has_place else f"trim({cell})"
        return f"TRY_CAST({number} AS DOUBLE)"

    def misfit(self, cell: str) -> str:
        """Filled with neither."""
        shape = r"^\d+(\.\d+)?(\(\d+\))?$" if self.has_place else r"^\d+(\.\d+)?$"
        position = f"regexp_matches(trim({cell}), '{shape}') AND {self.value(cell)} >= 1"
        words = f"trim({cell}) NOT IN ({sql_texts(('', *self.unranked))})"
        if self.unranked_pattern:
            words += f" AND NOT regexp_matches(trim({cell}), {sql_text(f'^({self.unranked_pattern})$')})"
        return f"({words} AND NOT coalesce({position}, false))"
