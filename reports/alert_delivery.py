"""How alerts reach people: a few lines on the console, a line of JSON in a file, and the same in words beside it."""

from __future__ import annotations

import json
import os
import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reports.alert_rows import Alert
from reports.messages import has_sentence, say

_PARTS = ("sure", "else", "next")
"""After the headline (what, since when): how sure, what else could explain it, what to do."""


def deliver_alerts(alerts: Sequence[Alert], *, file: Path, language: str, echo: Callable[[str], None]) -> None:
    """Tell people: append to ``file`` (JSON lines), renew the readable ``.txt`` beside it, echo to the console.

    An alert whose id the file already holds is not written again, so delivery may be repeated. A line is written whole
    and flushed to disk; a line torn by a crash is passed over and told again. The text is plain: whoever puts it on a
    page escapes it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    entries = _read_entries(file)
    known = {entry.get("alert_id") for entry in entries}
    new = [_entry(alert, language) for alert in alerts if alert.alert_id not in known]
    if new:
        _append(file, new)
        _replace_text(file.with_suffix(".txt"), [*entries, *new])
    for alert in alerts:
        for line in say_alert(alert, language):
            echo(line)


def forget_site(file: Path, site_domain: str) -> int:
    """Take the site's alerts out of ``file`` and the ``.txt`` beside it; returns how many there were.

    Torn lines go as well: nobody can say whose they are, and what they told is told again.
    """
    entries = _read_entries(file)
    kept = [entry for entry in entries if entry.get("site_domain") != site_domain]
    if file.is_file():
        _replace_whole(file, "".join(_line(entry) for entry in kept))
        _replace_text(file.with_suffix(".txt"), kept)
    return len(entries) - len(kept)


def say_alert(alert: Alert, language: str) -> list[str]:
    """The alert in words: headline with urgency, then how sure, what else could explain it, what to do next."""
    headline = f"[{say_severity(alert, language)}] {say_headline(alert, language)}"
    return [headline, *(f"  {sentence}" for sentence in say_parts(alert, language))]


def say_severity(alert: Alert, language: str) -> str:
    """How urgent it is, in a word; of an all-clear that it is one."""
    return say("alert.step.cleared" if alert.step == "cleared" else f"alert.severity.{alert.severity}", language)


def say_headline(alert: Alert, language: str) -> str:
    """What, and since when."""
    return say(alert.message_key, language, **_plain_arguments(alert))


def say_parts(alert: Alert, language: str) -> list[str]:
    """How sure, what else could explain it, what to do next."""
    arguments = _plain_arguments(alert)
    sentences = []
    if alert.kind == "held_back" and alert.step != "cleared":
        sentence = name_check(
            alert.finding_id, language, least=arguments.get("least_value"), most=arguments.get("most_value")
        )
        sentences.append(say("alert.held_back.check", language, **arguments, sentence=sentence))
    return [*sentences, *(say(key, language, **arguments) for key in _part_keys(alert))]


def name_check(check_name: str, language: str, *, least: object = None, most: object = None) -> str:
    """What a check asks for, as a sentence; a structural check's name says its table and column."""
    kind, _, subject = check_name.partition(":")
    key = f"check.{kind}"
    if not has_sentence(key):
        return check_name
    table, _, column = subject.rpartition(".") if subject.count(".") > 1 else (subject, "", "")
    return say(key, language, table=table, column=column, least=least, most=most)


def _part_keys(alert: Alert) -> list[str]:
    """Keys of the sentences after the headline: the most particular one there is (origin, then kind).

    An all-clear has only its own: what was said of the finding no longer holds.
    """
    if alert.step == "cleared":
        own = [f"{alert.message_key}.{part}" for part in _PARTS]
        return [key for key in own if has_sentence(key)]
    keys = []
    for part in _PARTS:
        if part == "else" and alert.kind == "drop" and alert.arguments.get("cause") is None:
            keys.append("alert.drop.else.none")
            continue
        name = alert.message_key
        while name != "alert" and not has_sentence(f"{name}.{part}"):
            name = name.rpartition(".")[0]
        if name != "alert":
            keys.append(f"{name}.{part}")
    return keys


def _plain_arguments(alert: Alert) -> dict[str, object]:
    return {name: _plain(value) for name, value in alert.arguments.items()}


def _plain(value: object) -> object:
    """Text without control or direction characters, which could rewrite a terminal line."""
    if not isinstance(value, str):
        return value
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in {"Cc", "Cf"} else letter for letter in value
    )


def _entry(alert: Alert, language: str) -> dict[str, Any]:
    return {
        "alert_id": alert.alert_id,
        "as_of": alert.as_of.isoformat(),
        "raised_at": f"{alert.raised_at.isoformat()}Z",
        "severity": alert.severity,
        "is_page": alert.is_page,
        "step": alert.step,
        "owner": alert.owner,
        "group_name": alert.group_name,
        "kind": alert.kind,
        "site_domain": alert.site_domain,
        "finding_id": alert.finding_id,
        "message_key": alert.message_key,
        "arguments": alert.arguments,
        "language": language,
        "text": say_alert(alert, language),
    }


def _read_entries(file: Path) -> list[Mapping[str, Any]]:
    if not file.is_file():
        return []
    entries: list[Mapping[str, Any]] = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(entry, dict):
            entries.append(entry)
    return entries


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=True, sort_keys=True) + "\n"


def _append(file: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    text = "".join(_line(entry) for entry in entries)
    with file.open("ab+") as appended:
        if appended.tell():
            appended.seek(-1, os.SEEK_END)
            if appended.read(1) != b"\n":  # a crash tore the last line: begin a new one
                text = "\n" + text
        appended.write(text.encode())
        appended.flush()
        os.fsync(appended.fileno())


def _replace_text(file: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """The readable file is made from the JSON lines."""
    paragraphs = ["\n".join([f"{entry['as_of']}  {entry['alert_id']}", *entry["text"]]) for entry in entries]
    _replace_whole(file, "\n\n".join(paragraphs) + "\n")


def _replace_whole(file: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as made:
        made.write(text)
    Path(made.name).chmod(0o644)
    Path(made.name).replace(file)
