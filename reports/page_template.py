"""Templates to HTML: what every page may use, and the escaping.

Jinja escapes every value; what is marked safe comes from :func:`reports.sheet.to_script_json` only.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.addresses import Place, name_folder
from reports.cause_words import say_terms
from reports.messages import FORMATS, LANGUAGES, NOTHING
from reports.sentences import Speaker
from reports.sheet import show_controls, to_script_json
from transforms.schemas.vocabulary import ORIGINS

Item = TypeVar("Item")


def web_address(url: str | None) -> str | None:
    """The address when it is safe to offer as a link (http or https), else None.

    ``javascript:`` and its like stay text, and so does an address with controls, which would not be the one shown.
    """
    is_safe = url and re.match(r"https?://[^\s]+$", url, re.IGNORECASE) and show_controls(url) == url
    return url if is_safe else None


def group_by(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    """Items in their order, gathered by key."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def _finish(value: object) -> object:
    """What any expression of a template puts on a page: text with its controls made visible.

    What is marked as safe is the outcome of expressions that went through here, or JSON, which escapes controls.
    """
    return show_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@functools.cache
def environment() -> Environment:
    """The templates of this folder, with strict names and everything escaped."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["address"] = web_address
    made.filters["folder_name"] = name_folder
    made.filters["group"] = lambda items, name: group_by(items, lambda item: str(getattr(item, name)))
    return made


@functools.cache
def _formats(language: str) -> dict[str, Any]:
    def bind(name: str) -> Callable[[object], str]:
        return lambda value: NOTHING if value is None else FORMATS[name](value, language)

    return {name: bind(name) for name in FORMATS}


def render_page(template: str, speaker: Speaker, place: Place, **values: Any) -> str:
    """One page of ``place``: the template with the catalogue's sentences, formats and ``values``."""
    language = speaker.language
    context = {
        "t": speaker.say, "repeat": speaker.repeat, "repeat_all": speaker.repeat_all, "rule": speaker.repeat_rule,
        "say_terms": functools.partial(say_terms, language=language), "told": speaker.repeat_told,
        "corrections": speaker.repeat_corrections, "check": speaker.name_check, "language": language,
        "languages": LANGUAGES, "root": place.root, "page": place.page, "is_internal": place.is_internal,
        "origins": ORIGINS, **_formats(language), **values,
    }  # fmt: skip
    return environment().get_template(template).render(context)


def figure_json(figure: Any) -> Markup | None:
    """The figure for the page's script block; None stays None."""
    return None if figure is None else to_script_json(figure)
