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

from transforms.ingest.hosts import HAS_HOST_PATTERN


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


@dataclass(frozen=True)
class Text(Written):
    """Any words, kept as they are."""

    empty_is_text: bool = False
    """True where no words at all is a value of its own (a link without an anchor text), not a gap."""

    expected: str = "text"

    def value(self, cell: str) -> str:
        """The words; the empty text becomes null unless it is a value."""
        return cell if self.empty_is_text else f"nullif({cell}, '')"

    def misfit(self, cell: str) -> str:
        """Words are always readable."""
        return "false"


@dataclass(frozen=True)
class Address(Written):
    """A web address with a host; the scheme may be missing."""

    expected: str = "a web address with a host"

    def value(self, cell: str) -> str:
        """The address without the spaces around it."""
        return f"nullif(trim({cell}), '')"

    def misfit(self, cell: str) -> str:
        """Filled, and without a host that has a dot in it."""
        return f"(trim({cell}) <> '' AND NOT regexp_matches(trim({cell}), {sql_text(HAS_HOST_PATTERN)}))"


@dataclass(frozen=True)
class Day(Written):
    """``YYYY-MM-DD``, or with a time of day behind it, which is dropped (providers state no zone)."""

    expected: str = "a day written YYYY-MM-DD, 1990 to 2100"

    def value(self, cell: str) -> str:
        """The DATE."""
        return f"TRY_CAST(left(trim({cell}), 10) AS DATE)"

    def misfit(self, cell: str) -> str:
        """Filled, and not such a day."""
        shape = r"^(199\d|20\d\d|2100)-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?)?$"
        readable = f"regexp_matches(trim({cell}), {sql_text(shape)}) AND {self.value(cell)} IS NOT NULL"
        return f"(trim({cell}) <> '' AND NOT ({readable}))"

    def is_after(self, cell: str, latest_on: datetime.date) -> str:
        """A readable day later than ``latest_on``."""
        return f"(NOT {self.misfit(cell)} AND coalesce({self.value(cell)} > DATE '{latest_on.isoformat()}', false))"


@dataclass(frozen=True)
class Number(Written):
    """A number with a decimal dot and without thousands marks, within bounds."""

    least: float | None = None
    """Smallest readable value, null for none."""

    most: float | None = None
    """Largest readable value, null for none."""

    is_whole: bool = False
    """True for counts (``587.0``, as spreadsheets store them, is whole)."""

    @property
    def expected(self) -> str:
        """The bounds in words."""
        kind = "a whole number" if self.is_whole else "a number with a decimal dot"
        if self.least is not None and self.most is not None:
            return f"{kind} from {self.least:g} to {self.most:g}"
        return f"{kind} of {self.least:g} or more" if self.least is not None else kind

    def value(self, cell: str) -> str:
        """The DOUBLE, or the BIGINT of a whole number."""
        number = f"TRY_CAST(trim({cell}) AS DOUBLE)"
        return f"TRY_CAST({number} AS BIGINT)" if self.is_whole else number

    def misfit(self, cell: str) -> str:
        """Filled, and not such a number."""
        shape = r"^-?\d+(\.0*)?$" if self.is_whole else r"^-?\d+(\.\d*)?([eE][+-]?\d+)?$"
        rules = [f"regexp_matches(trim({cell}), {sql_text(shape)})", f"{self.value(cell)} IS NOT NULL"]
        rules += [f"{self.value(cell)} >= {self.least:g}"] if self.least is not None else []
        rules += [f"{self.value(cell)} <= {self.most:g}"] if self.most is not None else []
        return f"(trim({cell}) <> '' AND NOT coalesce({' AND '.join(rules)}, false))"


@dataclass(frozen=True)
class Flag(Written):
    """Yes or no in the words of the export; any other word is a category we do not know and rejects the row."""

    yes: tuple[str, ...] = ("true",)
    """Words that mean yes, lower case."""

    no: tuple[str, ...] = ("false",)
    """Words that mean no, lower case."""

    @property
    def expected(self) -> str:
        """The words."""
        return "one of " + ", ".join((*self.yes, *self.no))

    def value(self, cell: str) -> str:
        """The BOOLEAN."""
        return (
            f"CASE WHEN lower(trim({cell})) IN ({sql_texts(self.yes)}) THEN true "
            f"WHEN lower(trim({cell})) IN ({sql_texts(self.no)}) THEN false END"
        )

    def misfit(self, cell: str) -> str:
        """Filled with another word."""
        return f"(trim({cell}) <> '' AND lower(trim({cell})) NOT IN ({sql_texts((*self.yes, *self.no))}))"


@dataclass(frozen=True)
class Filled(Written):
    """True where anything stands in the cell (a lost date means that the link is lost)."""

    expected: str = "anything or nothing"

    def value(self, cell: str) -> str:
        """The BOOLEAN."""
        return f"trim({cell}) <> ''"

    def misfit(self, cell: str) -> str:
        """Never."""
        return "false"


@dataclass(frozen=True)
class Choice(Written):
    """One of a list of words, each standing for one of our own words; another word rejects the row."""

    words: tuple[tuple[str, str], ...]
    """Pairs: the export's word as spelt, our word."""

    @property
    def expected(self) -> str:
        """The export's words."""
        return "one of " + ", ".join(spelt for spelt, _ in self.words)

    def value(self, cell: str) -> str:
        """Our word."""
        cases = " ".join(f"WHEN {sql_text(spelt)} THEN {sql_text(ours)}" for spelt, ours in self.words)
        return f"CASE trim({cell}) {cases} END"

    def misfit(self, cell: str) -> str:
        """Filled with another word."""
        return f"(trim({cell}) <> '' AND {self.value(cell)} IS NULL)"


@dataclass(frozen=True)
class Rank(Written):
    """A position, 1 is best; words such as ``-`` or ``100+`` mean checked and not found within the depth: null."""

    unranked: tuple[str, ...] = ("-",)
    """Words that mean not ranked, as spelt."""

    @property
    def expected(self) -> str:
        """A position or one of the words."""
        return " or ".join(("a position of 1 or more", *self.unranked))

    def value(self, cell: str) -> str:
        """The DOUBLE; null when not ranked."""
        return f"TRY_CAST(trim({cell}) AS DOUBLE)"

    def misfit(self, cell: str) -> str:
        """Filled with neither."""
        position = rf"regexp_matches(trim({cell}), '^\d+(\.\d+)?$') AND {self.value(cell)} >= 1"
        return f"(trim({cell}) <> '' AND trim({cell}) NOT IN ({sql_texts(self.unranked)}) AND NOT ({position}))"
