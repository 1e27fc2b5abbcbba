"""Channels: names for the places where people read, sent to through Apprise (chat, e-mail, paging, webhooks).

Settings, tables, logs and pages hold a channel's name, never its URL, for the URL is the credential. So nothing that
Apprise or a server says is kept either: :func:`send_letter` tells what went wrong in words of its own, and while it
runs the loggers that would write addresses are silent.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import apprise
from apprise.attachment.memory import AttachMemory

Credentials = Callable[[str], str | None]
"""The Apprise URL of the channel of that name; None where there is none."""

EMAIL = "email"
"""The channel that takes messages for an e-mail address: its URL names the server and the sender."""

_TALKATIVE = ("apprise", "urllib3", "requests")
"""Loggers that write addresses and paths of requests, some of them at debug level."""

_STATUS = re.compile(r"error=(\d{3})\b")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart as a file to go along."""

    name: str
    png: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it goes out: the same words as plain text and as HTML (escaped)."""

    message_id: str
    subject: str
    text: str
    html: str
    pictures: tuple[Picture, ...] = ()


def channel_of(recipient: str) -> str:
    """The channel that reaches a recipient of sites.toml: an e-mail address goes by ``email``, a name is a channel."""
    return EMAIL if "@" in recipient else recipient


def send_letter(letter: Letter, recipient: str, url: str | None) -> str | None:
    """Send ``letter`` to ``recipient`` through the channel with that URL; None, or in a few words what went wrong.

    The words never hold anything of the URL. E-mail bears the message's id in the headers ``X-Message-Id`` and
    ``References``, webhooks in the header ``X-Message-Id``: a letter sent twice can be told from two letters.
    """
    if url is None:
        return "no credential"
    with _silence() as said:
        try:
            plugin = apprise.Apprise.instantiate(_addressed(url, recipient), asset=_asset())
            if plugin is None:
                return "no URL that Apprise knows"
            if "@" in recipient and not _keep_receiver(plugin, recipient):
                return "no URL that Apprise knows"
            _identify(plugin, letter.message_id)
            if "overflow=" not in url:
                plugin.overflow_mode = _overflow(plugin, recipient)
            is_sent = _notify(plugin, letter)
        except Exception as error:  # whatever a plug-in raises may hold the URL: only its kind is told
            return type(error).__name__
    return None if is_sent else _reason(said)


def _notify(plugin: apprise.NotifyBase, letter: Letter) -> bool:
    sender = apprise.Apprise(asset=_asset())
    sender.add(plugin)
    is_html = plugin.resolve_format() == apprise.NotifyFormat.HTML  # e-mail; Apprise adds the plain text
    attached = [
        AttachMemory(content=picture.png, name=picture.name, mimetype="image/png")  # type: ignore[no-untyped-call]
        for picture in letter.pictures
    ]
    return bool(
        sender.notify(
            title=letter.subject,
            body=letter.html if is_html else letter.text,
            body_format=apprise.NotifyFormat.HTML if is_html else apprise.NotifyFormat.TEXT,
            attach=apprise.AppriseAttachment(attached) if attached else None,
        )
    )


def _asset() -> apprise.AppriseAsset:
    """Nothing is kept on disk, and what is logged nevertheless is masked."""
    return apprise.AppriseAsset(
        app_id="Penalty Radar",
        app_desc="Penalty Radar",
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


def _addressed(url: str, recipient: str) -> str:
    """The URL with the receiver put in, where that is an e-mail address."""
    if channel_of(recipient) != EMAIL or "@" not in recipient:
        return url
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith("to=")]
    query = "&".join([*kept, f"to={quote(recipient, safe='')}"])
    return f"{url.partition('?')[0]}?{query}"


def _overflow(plugin: apprise.NotifyBase, recipient: str) -> apprise.OverflowMode:
    """What becomes of a long letter: a chat gets it in parts, not half of it; mail as it is, for a cut breaks HTML."""
    is_mail = channel_of(recipient) == EMAIL or hasattr(plugin, "smtp_host")
    return apprise.OverflowMode.UPSTREAM if is_mail else apprise.OverflowMode.SPLIT


def _keep_receiver(plugin: apprise.NotifyBase, recipient: str) -> bool:
    """Leave out whomever else the URL names (in its path, ``cc=`` or ``bcc=``); False when ``recipient`` was not read.

    A path holds receivers or keys, by the kind of channel: only the plug-in can tell one from the other.
    """
    if not hasattr(plugin, "targets"):
        return True  # a webhook has no receivers
    # By plug-in an address, or a pair of name and address.
    plugin.targets = [one for one in plugin.targets if recipient in ((one,) if isinstance(one, str) else one)]
    for copies in ("cc", "bcc"):
        if hasattr(plugin, copies):
            setattr(plugin, copies, set())
    return bool(plugin.targets)


def _identify(plugin: apprise.NotifyBase, message_id: str) -> None:
    """Apprise makes a Message-ID of its own for each e-mail; copies of one letter share what ``References`` names."""
    if isinstance(headers := getattr(plugin, "headers", None), dict):
        headers["X-Message-Id"] = message_id
        if getattr(plugin, "smtp_host", None):
            headers["References"] = f"<{message_id}@penalty-radar.invalid>"


def _reason(said: list[str]) -> str:
    lines = " ".join(said)
    if status := _STATUS.search(lines):
        return f"HTTP {status[1]}"
    return "no connection" if "onnection error" in lines else "not accepted"


class _Listener(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())


@contextlib.contextmanager
def _silence() -> Iterator[list[str]]:
    """What Apprise warns of, heard here and nowhere else."""
    said: list[str] = []
    listener = _Listener(said)
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.addHandler(listener)
    try:
        yield said
    finally:
        for logger, level, propagate in before:
            logger.removeHandler(listener)
            logger.setLevel(level)
            logger.propagate = propagate
