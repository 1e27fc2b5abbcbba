"""A disavow file as the search engine reads it: its lines, and what breaks the published limits.

The limits are those of the help page "Disavow links to your site" (support.google.com/webmasters/answer/2648487): a
text file in UTF-8 or 7-bit ASCII, one address or ``domain:`` per line, comments on lines of their own behind ``#``. An
upload takes the place of the file before it, and a file with faults is refused or read in part.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cached_property

from transforms.ingest.hosts import host_of, is_domain, normalise_host

MOST_LINES = 100_000
"""Lines, blank ones and comments included."""

MOST_BYTES = 2_000_000
"""2 MB; of the two readings of a megabyte the smaller, so that the file passes under either."""

MOST_URL_LETTERS = 2_048
"""Characters of one address."""

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_NO_UTF_8 = re.compile(r"[\udc80-\udcff]")
"""How the decoder writes bytes that are no UTF-8."""
_DOMAIN = re.compile(r"domain\s*:(.*)", re.IGNORECASE)
_URL = re.compile(r"https?://[^/?#\s]+(?:[/?#]\S*)?", re.IGNORECASE)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]+)")
_CIDR = re.compile(r"\[?[0-9a-fA-F.:]+\]?/\d{1,3}")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: ``kind`` is domain, url, comment, blank or faulty; ``entry`` the host or address it names."""

    number: int
    text: str
    kind: str
    entry: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What breaks a limit: ``number`` is the line (None: the file), ``reason`` the key ``disavow.fault.<reason>``."""

    number: int | None
    reason: str
    found: str = ""
    most: int | None = None


@dataclass(frozen=True)
class DisavowFile:
    """The lines of a file, and its faults in the order of the lines."""

    name: str
    lines: tuple[Line, ...] = ()
    faults: tuple[Fault, ...] = ()
    line_end: str = "\n"

    @property
    def entries(self) -> tuple[Line, ...]:
        """Lines that disown something."""
        return tuple(line for line in self.lines if line.kind in ("domain", "url"))

    @cached_property
    def _domains(self) -> dict[str, Line]:
        return {line.entry: line for line in reversed(self.lines) if line.kind == "domain"}

    @cached_property
    def _urls(self) -> dict[str, Line]:
        return {bare_address(line.entry): line for line in reversed(self.lines) if line.kind == "url"}

    def find_domain(self, host: str) -> Line | None:
        """The first ``domain:`` line that covers a host: its own, or that of a domain it lies below."""
        labels = host.split(".")
        parents = (".".join(labels[at:]) for at in range(len(labels)))
        return next((self._domains[parent] for parent in parents if parent in self._domains), None)

    def find_url(self, address: str) -> Line | None:
        """The line that covers one page: a ``domain:`` line of its host, or its own."""
        host = host_of(address)
        return (self.find_domain(host) if host else None) or self._urls.get(bare_address(address))


def bare_address(address: str) -> str:
    """An address for comparing: without fragment, which no page is told apart by; the rest is the page's own."""
    return address.partition("#")[0]


def parse_disavow(data: bytes, name: str) -> DisavowFile:
    """Lines and faults of a file's bytes. Never raises: bytes that are no UTF-8 are a fault of their line."""
    text = data.decode("utf-8", errors="surrogateescape").removeprefix(_BOM)
    ends = _LINE_END.findall(text)
    texts = _LINE_END.split(text)
    if texts[-1] == "":
        texts.pop()
    lines, faults = [], _find_faults_of_file(data, len(texts))
    for number, written in enumerate(texts, start=1):
        line, fault = _read_line(number, written)
        lines.append(line)
        if fault is not None:
            faults.append(fault)
    return DisavowFile(name, tuple(lines), tuple(faults), line_end=ends[0] if ends else "\n")


def _find_faults_of_file(data: bytes, line_count: int) -> list[Fault]:
    faults = []
    if len(data) > MOST_BYTES:
        faults.append(Fault(number=None, reason="bytes", found=f"{len(data)}", most=MOST_BYTES))
    if line_count > MOST_LINES:
        faults.append(Fault(number=None, reason="lines", found=f"{line_count}", most=MOST_LINES))
    return faults


def _read_line(number: int, written: str) -> tuple[Line, Fault | None]:
    bare = written.strip()
    reason = None
    if _NO_UTF_8.search(written):
        reason = "encoding"
    elif _CONTROL.search(written):
        reason = "control"
    elif not bare:
        return Line(number=number, text=written, kind="blank"), None
    elif bare.startswith("#"):
        return Line(number=number, text=written, kind="comment"), None
    elif found := _DOMAIN.fullmatch(bare):
        reason = _fault_of_domain(bare, found.group(1))
        if reason is None:
            return Line(number=number, text=written, kind="domain", entry=normalise_host(found.group(1))), None
    else:
        reason = fault_of_url(bare)
        if reason is None:
            return Line(number=number, text=written, kind="url", entry=bare), None
    most = MOST_URL_LETTERS if reason == "url_length" else None
    fault = Fault(number=number, reason=reason, found=_shorten(bare), most=most)
    return Line(number=number, text=written, kind="faulty"), fault


def _shorten(text: str) -> str:
    readable = text.encode("utf-8", errors="replace").decode()
    return readable if len(readable) <= 80 else f"{readable[:79]}…"


def _fault_of_domain(line: str, host: str) -> str | None:
    """The reason why a ``domain:`` line is not what the syntax asks for, or None."""
    if not line.startswith("domain:") or host != host.strip():
        return "domain_prefix"
    return fault_of_host(host)


def fault_of_host(host: str) -> str | None:
    """The reason why ``domain:`` cannot name a host, or None; the first of several."""
    if "#" in host:
        return "comment_behind"
    if "*" in host:
        return "wildcard"
    if is_address_of_machine(host) or _CIDR.fullmatch(host):
        return "ip"
    if any(mark in host for mark in "/?@:\\") or re.search(r"\s", host):
        return "domain_path"
    bare = normalise_host(host)
    if not is_domain(bare) and is_domain(f"x.{bare}"):
        return "suffix"
    return None if _HOST.fullmatch(bare) else "no_domain"


def is_address_of_machine(host: str) -> bool:
    """Whether a host is an IP address, which a ``domain:`` line cannot name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def fault_of_url(address: str) -> str | None:
    """The reason why an address cannot stand on a line, or None; the first of several."""
    if re.search(r"\s#", address):
        return "comment_behind"
    if is_address_of_machine(address) or _CIDR.fullmatch(address):
        return "ip"
    if not _URL.fullmatch(address):
        return "no_entry"
    if "*" in address.partition("?")[0]:
        return "wildcard"
    if host_of(address) is None:
        return "no_domain"
    return "url_length" if len(address) > MOST_URL_LETTERS else None
