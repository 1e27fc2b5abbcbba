"""The page on methods and data quality: what was read, what the checks found, how often the method is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version

from reports.addresses import place_internal
from reports.label_words import say_all_labels
from reports.messages import FORMATS
from reports.method_settings import list_rates, list_settings, name_method
from reports.page_template import group_by, render_page
from reports.quality_views import QualityView
from reports.sentences import Speaker

_VERSIONED = ("penalty-radar", "duckdb", "plotly", "great-expectations", "pandas", "scipy")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def render_quality(view: QualityView, speaker: Speaker, missing_feeds: Sequence[str] = ()) -> str:
    """The page on methods and data quality."""
    return render_page(
        "quality.html.j2", speaker, place_internal("quality.html"), view=view, missing_feeds=missing_feeds,
        failing=group_by(view.failing_rows, lambda row: f"{row.check_name}|{row.site_domain}"),
        rejected=group_by(view.rejected_rows, lambda row: row.file_id),
        versions={name: version(name) for name in _VERSIONED if _is_installed(name)},
        say_bar=lambda bar: say_bar(bar, speaker.language),
        labels=say_all_labels(view.label_corrections, speaker.language), opening=open_quality(view, speaker),
        rates=list_rates(), settings=group_by(list_settings(), lambda setting: setting.stage), method=name_method(),
    )  # fmt: skip


def open_quality(view: QualityView, speaker: Speaker) -> tuple[str, str, str]:
    """What the checks found and what was not read, why that can be said, what to do next."""
    counts = view.counts
    changed = speaker.say(
        "methods.changed", met=counts.met_count, broken=counts.broken_count, set_aside=view.set_aside.file_count,
        rejected=view.with_rejected_rows.file_count,
    )  # fmt: skip
    why = speaker.say("methods.why", held_back=counts.held_back_count, late=counts.late_count)
    found = {
        "held_back": counts.held_back_count, "broken": counts.broken_count, "set_aside": view.set_aside.file_count,
        "late": counts.late_count,
    }  # fmt: skip
    worst = next((name for name, count in found.items() if count), "nothing")
    return changed, why, speaker.say(f"methods.next.{worst}")


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except ModuleNotFoundError:
        return False


def say_bar(bar: str, language: str) -> str:
    """A bar of a benchmark, such as "≥ 0.85", with its numbers as the language writes them."""
    return _NUMBER.sub(lambda found: FORMATS["measure"](found[0], language), bar.replace("<=", "≤").replace(">=", "≥"))
