"""The rules of link origins as data: read from TOML, checked, given a version, and compiled into SQL.

A rule is either a set of patterns looked for in a text (``words`` in ``within``) or an SQL condition over the columns
of ``signals.link_facts`` (``when``, with ``seen`` for what to show). A team's own file switches rules off, weighs them
anew, or adds some; docs/methods-origins.md says how.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from transforms.errors import UsageError
from transforms.schemas.vocabulary import ORIGINS
from transforms.signals.rule_expressions import TEXTS, columns_of, is_text_only

FOLDER = Path(__file__).parent / "rules"
FITTED = FOLDER / "weights.toml"
"""Weights fitted on a simulated world: penalty_radar/benchmarks/origin_fit.py."""

MOST_RULES = 62
"""Rules of one kind: a bit each in a signed 64-bit integer, the sign and one spare left out."""

_UNPORTABLE = re.compile(r"\(\?(?:<?[=!]|P=|\(|>)|\\[1-9]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_EDGE = re.compile(r"\((?:\?:)?\^\|(\[[^\]]*\])|(\[[^\]]*\])\|\$\)")
"""``(^|[^a-z])`` and ``([^a-z]|$)``: an edge of the text or a sign."""
_CLASS = re.compile(r"\[[^\]]*\]")

DISCLOSURE = "disclosed_as_sponsored"
"""The rule that rules arranged origins out: paid and disclosed is within policy. No team's file changes it."""

_ALWAYS_GATED = ("#comment|/comment-page-|replytocom=", "[Ͱ-῿぀-힣]")
"""What text_marks.sql looks for besides the rules' words: comments, and letters from Greek to Hangul."""

Origin = Literal["natural", "bought", "exchanged", "guest_post", "link_programme", "spam"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(_Frozen):
    """What people read, in both languages."""

    en: str = Field(min_length=1)
    nl: str = Field(min_length=1)


class Rule(_Frozen):
    """A named sign of one origin."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    origin: Origin
    weight: float = Field(ge=-20, le=20, description="Log-odds added to the origin.")
    guess: float = Field(
        default=0.0, ge=-20, le=20, description="The weight before it was fitted; by default the weight."
    )
    question: Sentence
    says: Sentence
    source: str = Field(min_length=1)
    clause: str | None = Field(default=None, pattern=r"^L([1-9]|1[01])$")
    within: str | None = None
    words: Mapping[str, tuple[str, ...]] = {}
    unless: str | None = None
    when: str | None = None
    seen: str | None = None
    is_on: bool = True

    @model_validator(mode="before")
    @classmethod
    def _guesses_its_weight(cls, values: Any) -> Any:
        return {"guess": values.get("weight"), **values} if isinstance(values, dict) and "weight" in values else values

    @model_validator(mode="after")
    def _has_one_condition(self) -> Rule:
        if bool(self.words) == bool(self.when):
            raise ValueError("either words (with within) or when (with seen)")
        if self.words and self.within not in TEXTS:
            raise ValueError(f"within is one of {', '.join(TEXTS)}")
        if self.when and not self.seen:
            raise ValueError("seen, an SQL expression of what to show")
        for language, patterns in self.words.items():
            if not patterns or not all(patterns):
                raise ValueError(f"words.{language} without empty patterns")
            for pattern in patterns:
                _refuse_unreadable(language, pattern)
        for field, expression in (("when", self.when), ("seen", self.seen), ("unless", self.unless)):
            try:
                columns_of(expression or "TRUE")
            except ValueError as error:
                raise ValueError(f"{field}: {error}") from error
        if ("{seen}" in self.says.en) != ("{seen}" in self.says.nl):
            raise ValueError("says: {seen}, what was seen, in both languages or in neither")
        return self

    @property
    def pattern(self) -> str:
        """All words of all languages as one regular expression; its first group is what was found."""
        return "(" + "|".join(pattern for words in self.words.values() for pattern in words) + ")"

    @property
    def condition(self) -> str:
        """The SQL condition under which the rule applies."""
        if not self.words:
            return str(self.when)
        found = f"regexp_matches({self.within}, {_quote(self.pattern)})"
        return f"{found} AND NOT coalesce({self.unless}, FALSE)" if self.unless else found

    @property
    def seen_expression(self) -> str:
        """The SQL expression of what was seen."""
        return f"trim(regexp_extract({self.within}, {_quote(self.pattern)}, 1))" if self.words else str(self.seen)

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns of signals.link_facts that the condition reads, sorted."""
        return tuple(sorted(columns_of(self.condition)))

    @property
    def is_text(self) -> bool:
        """Whether the condition reads texts alone, so that its answer for a link never changes."""
        return is_text_only(self.condition)

    @property
    def is_gated(self) -> bool:
        """Whether its patterns are also found in the longer text that all words are looked for in first."""
        if not self.words or _has_edges(self.pattern):
            return False
        # A path begins in the middle of an address, where no space stands.
        return self.within not in ("path", "path_and_title") or not _EDGE.search(self.pattern)


@dataclass(frozen=True)
class RuleSet:
    """The rules in force, in order; two sets with the same ``version`` give the same answers."""

    rules: tuple[Rule, ...]

    @functools.cached_property
    def version(self) -> str:
        """A short hash of everything that decides a link's evidence."""
        told = "\n".join(
            f"{rule.name}|{rule.origin}|{rule.weight}|{rule.condition}|{rule.seen_expression}|{rule.clause}"
            for rule in self.rules
        )
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @property
    def numbered(self) -> Iterator[tuple[Rule, int]]:
        """Every rule with its bit, among text rules or among the others."""
        places = {True: 0, False: 0}
        for rule in self.rules:
            yield rule, 1 << places[rule.is_text]
            places[rule.is_text] += 1

    def fragments(self) -> dict[str, str]:
        """SQL expressions by the marker that stands for them in the files of this stage."""
        numbered = list(self.numbered)
        gated = [(rule, bit) for rule, bit in numbered if rule.is_text and rule.is_gated]
        plain = [(rule, bit) for rule, bit in numbered if rule.is_text and not rule.is_gated]
        union = "|".join([*(rule.pattern for rule, _ in gated), *_ALWAYS_GATED])
        return {
            "may_match": f"regexp_matches(gate_text, {_quote(union)})",
            "text_bits": f"CASE WHEN may_match THEN {_add(gated)} ELSE 0 END + {_add(plain)}",
            "fact_bits": _add([(rule, bit) for rule, bit in numbered if not rule.is_text]),
            "rule_set": _quote(self.version),
            "seen": _choose({rule.name: rule.seen_expression for rule in self.rules}),
        }

    def without(self, names: frozenset[str]) -> RuleSet:
        """The set without these rules, for measuring what they add."""
        return RuleSet(tuple(rule for rule in self.rules if rule.name not in names))


@functools.cache
def bundled_rules() -> RuleSet:
    """The rules that come with the project."""
    return RuleSet(tuple(_bundled().values()))


def load_rules(path: Path) -> RuleSet:
    """The bundled rules with the changes of a team's own file; without the file, the bundled ones.

    Raises:
        UsageError: naming the rule and what was expected.
    """
    if not path.is_file():
        return bundled_rules()
    try:
        changes = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(str(path), str(error), "valid TOML in UTF-8", "Mend the file.") from error
    fields = {rule.name: rule.model_dump() for rule in _bundled().values()}
    for name, change in changes.items():
        if not isinstance(change, dict):
            raise UsageError(f"{path}, {name}", repr(change), "a table of a rule, such as [money_anchor]", _WHAT_TO_DO)
        if name == DISCLOSURE:
            raise UsageError(
                f"{path}, [{name}]", "a change", "no change of this rule", "Disclosure is within policy: leave it out."
            )
        fields[name] = fields.get(name, {"guess": change.get("weight")}) | change
    rules = tuple(_read_rule(f"{path}, [{name}]", name, values) for name, values in fields.items())
    chosen = tuple(rule for rule in rules if rule.is_on)
    for is_text in (True, False):
        if (count := sum(rule.is_text is is_text for rule in chosen)) > MOST_RULES:
            raise UsageError(str(path), f"{count} rules", f"at most {MOST_RULES} of a kind", "Switch some off.")
    return RuleSet(chosen)


_WHAT_TO_DO = "See docs/methods-origins.md for the fields of a rule."


@functools.cache
def _bundled() -> Mapping[str, Rule]:
    fitted = tomllib.loads(FITTED.read_text(encoding="utf-8"))["weights"]
    rules = {}
    for origin in ORIGINS:
        path = FOLDER / f"{origin}.toml"
        if path.is_file():
            for name, values in tomllib.loads(path.read_text(encoding="utf-8")).items():
                fields = {"origin": origin, "guess": values["weight"]} | values
                rules[name] = _read_rule(
                    f"{path}, [{name}]", name, fields | {"weight": fitted.get(name, values["weight"])}
                )
    return rules


def _read_rule(where: str, name: str, values: Mapping[str, Any]) -> Rule:
    try:
        return Rule(name=name, **{key: value for key, value in values.items() if key != "name"})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        found = repr({"name": name, **values}.get(str(first["loc"][0]))) if first["loc"] else "the rule as it stands"
        raise UsageError(
            f"{where} {field}".strip(), found, first["msg"].removeprefix("Value error, "), _WHAT_TO_DO
        ) from error


def _refuse_unreadable(language: str, pattern: str) -> None:
    """ValueError for what is no regular expression, or one that engines read differently."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"words.{language} of regular expressions; {pattern!r} is none: {error}") from error
    if _UNPORTABLE.search(pattern):
        raise ValueError(f"words.{language} without looking around or back, as {pattern!r} does")


def _has_edges(pattern: str) -> bool:
    """Whether a pattern asks for a place that a text has by itself and not where it is part of a longer one.

    Parts of the longer text stand between spaces, so an edge that may as well be a space is none.
    """
    if {"A", "z", "Z", "B"} & set(_ESCAPED.findall(pattern)):
        return True
    plain = _ESCAPED.sub("\0", pattern)
    return bool({"^", "$"} & set(_CLASS.sub("", _EDGE.sub(_drop_soft_edge, plain))))


def _drop_soft_edge(edge: re.Match[str]) -> str:
    signs = edge[1] or edge[2]
    is_soft = "\0" not in signs and re.fullmatch(signs, " ") is not None
    return "" if is_soft else edge[0]


def _add(numbered: list[tuple[Rule, int]]) -> str:
    terms = [f"CASE WHEN {rule.condition} THEN CAST({bit} AS BIGINT) ELSE 0 END" for rule, bit in numbered]
    return "(" + " + ".join(["CAST(0 AS BIGINT)", *terms]) + ")"


def _choose(expressions: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {_quote(name)} THEN {expression}" for name, expression in expressions.items())
    return f"CASE rule {cases} END"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
