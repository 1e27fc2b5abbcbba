"""Every sentence a person reads, in every language: the catalogue of this folder's ``*.toml`` files.

A sentence stands in the file of the part that says it, under a quoted key::

    ["surge.active"]
    en = "{count:number} new referring {count|domain|domains} since {day:date}"
    nl = "{count:number} {count|nieuw verwijzend domein|nieuwe verwijzende domeinen} sinds {day:date}"

``{name}`` puts text, ``{name:format}`` a formatted value (see :data:`FORMATS`), ``{name|one|many}`` the first word
for 1 and the second for any other count. Dates may be given as ISO text, because evidence travels as JSON.
"""

from __future__ import annotations

import datetime
import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

LANGUAGES = ("en", "nl")
"""Languages of the report; the first is the default."""

FOLDER = Path(__file__).parent

NOTHING = "–"
"""What stands for a value that is not known."""

_PLACEHOLDER = re.compile(r"\{(?P<name>\w+)(?:(?P<kind>[:|])(?P<rest>[^{}]*))?\}")


class MessageError(LookupError):
    """A sentence that cannot be said: no such key, language, format or argument. A defect of ours, not of the data."""


def _number(value: object, language: str) -> str:
    return str(format_decimal(round(float(str(value))), format="#,##0", locale=language))


def _decimal(value: object, language: str) -> str:
    return str(format_decimal(round(float(str(value)), 1), format="#,##0.0", locale=language))


def _measure(value: object, language: str) -> str:
    return str(format_decimal(float(str(value)), format="#,##0.###", locale=language))


def _percent(value: object, language: str) -> str:
    """Whole percents; never a rounded 0 or 100."""
    share = float(str(value))
    if 0 < share < 0.005:
        return "< " + str(format_percent(0.01, format="0%", locale=language))
    if 0.995 <= share < 1:
        return "> " + str(format_percent(0.99, format="0%", locale=language))
    return str(format_percent(share, format="#,##0%", locale=language))


def _probability(value: object, language: str) -> str:
    """Two or three decimals; never a rounded 0 or 1, because neither is ever certain."""
    share = float(str(value))
    if 0 <= share < 0.001:
        return "< " + str(format_decimal(0.001, format="0.000", locale=language))
    if 0.995 <= share < 1:
        return "> " + str(format_decimal(0.99, format="0.00", locale=language))
    return str(format_decimal(share, format="0.000" if share < 0.01 else "0.00", locale=language))


def _signed(value: object, language: str) -> str:
    """One decimal with its sign; nothing where it rounds to 0.0."""
    rounded = round(float(str(value)), 1)
    return str(format_decimal(rounded or 0.0, format="+#,##0.0;\u2212#,##0.0" if rounded else "0.0", locale=language))


def _date(value: object, language: str) -> str:
    if isinstance(value, datetime.datetime):
        value = value.date()
    day = value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value)[:10])
    return str(format_date(day, format="d MMM y", locale=language))


def _term(value: object, language: str) -> str:
    return name_term(str(value), language)


def _remembered(form: Callable[[object, str], str]) -> Callable[[object, str], str]:
    """The same format, which writes no value twice: a page repeats its days and counts."""
    return functools.lru_cache(maxsize=20_000, typed=True)(form)


FORMATS: Mapping[str, Callable[[object, str], str]] = {
    "number": _remembered(_number),
    "decimal": _remembered(_decimal),
    "measure": _remembered(_measure),
    "signed": _remembered(_signed),
    "percent": _remembered(_percent),
    "probability": _remembered(_probability),
    "date": _remembered(_date),
    "term": _term,
}
"""How a value is written: ``number`` as an integer with thousands mark, ``decimal`` with one and ``measure`` with at
most three decimals, ``signed`` as +1.5 or −1.5, ``percent`` of a share 0 to 1, ``probability`` as 0.03 or < 0.001,
``date`` as 15 Nov 2026, and ``term`` as the vocabulary's word."""


def placeholders(template: str) -> frozenset[tuple[str, str]]:
    """The (name, format) pairs a template asks for; plurals count as format ``|``, plain text as ``""``."""
    return frozenset(
        (match["name"], "|" if match["kind"] == "|" else match["rest"] or "")
        for match in _PLACEHOLDER.finditer(template)
    )


def _check(key: str, path: Path, sentences: object) -> dict[str, str]:
    where = f"reports/messages/{path.name}, [{key}]"
    if not isinstance(sentences, dict) or not all(isinstance(text, str) for text in sentences.values()):
        raise MessageError(f"{where}: expected a table of {', '.join(LANGUAGES)}. Quote a key that contains dots.")
    if set(sentences) != set(LANGUAGES):
        raise MessageError(f"{where}: has {sorted(sentences)}, expected {sorted(LANGUAGES)}. Write every language.")
    asked = {language: {name for name, _ in placeholders(text)} for language, text in sentences.items()}
    if len({frozenset(names) for names in asked.values()}) > 1:
        raise MessageError(f"{where}: the languages name different placeholders {asked}. Use the same in each.")
    for text in sentences.values():
        for name, form in placeholders(text):
            if form not in ("", "|", *FORMATS):
                raise MessageError(f"{where}: {name} has format {form!r}, expected one of {sorted(FORMATS)}.")
    return sentences


def read_catalogue(folder: Path) -> dict[str, dict[str, str]]:
    """Key to language to template of every ``*.toml`` in a folder; MessageError names file and key at fault."""
    catalogue: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, sentences in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in catalogue:
                raise MessageError(f"reports/messages/{path.name}, [{key}]: the key stands in another file as well.")
            catalogue[key] = _check(key, path, sentences)
    return catalogue


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """The sentences of this folder, read once."""
    return read_catalogue(FOLDER)


def has_sentence(key: str) -> bool:
    """Whether the catalogue has the key."""
    return key in catalogue()


def name_term(value: str, language: str) -> str:
    """The vocabulary's word for a value (origin, verdict, provider, ...), or the value itself where it has none."""
    key = f"term.{value}"
    return say(key, language) if has_sentence(key) else value


def say(key: str, language: str, /, **arguments: object) -> str:
    """The sentence of ``key`` in ``language`` with its arguments put in; arguments it does not name are ignored.

    The result is plain text: whoever puts it on a page escapes it. MessageError when the key, the language or an
    argument is missing, or when a value does not suit its format.
    """
    sentences = catalogue().get(key)
    if sentences is None:
        raise MessageError(
            f"no sentence {key!r} in reports/messages/*.toml. Add it to the file of the part that says it."
        )
    if language not in sentences:
        raise MessageError(f"no language {language!r}; there are {', '.join(LANGUAGES)}.")
    if "{" not in sentences[language]:  # most sentences of a page are headings and labels
        return sentences[language]

    def put(match: re.Match[str]) -> str:
        name, kind, rest = match["name"], match["kind"], match["rest"] or ""
        if name not in arguments:
            raise MessageError(f"sentence {key!r} asks for {name!r}; given are {sorted(arguments)}. Pass it as well.")
        value = arguments[name]
        if value is None:
            return NOTHING
        try:
            if kind == "|":
                one, _, many = rest.partition("|")
                return one if float(str(value)) == 1 else many
            return FORMATS[rest](value, language) if rest else str(value)
        except ValueError as error:
            raise MessageError(f"sentence {key!r}: {name} = {value!r} does not suit {rest!r}: {error}.") from error

    return _PLACEHOLDER.sub(put, sentences[language])
