"""The monitored sites as ``sites.toml`` names them: one frozen entry per site, and what is wrong with the others.

A bad entry is a problem that stops only its own site; a file that is no TOML stops everything, because nobody can say
which sites it meant. Without the file, sites are inferred from the exports (:attr:`SiteList.is_inferred`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from transforms.errors import UsageError
from transforms.ingest.country_names import OTHER_NAMES
from transforms.ingest.hosts import host_of, is_domain, normalise_host, registrable_domain
from transforms.ingest.parameters import Parameters
from transforms.settings import CHANNEL_NAME

Cadence = Literal["daily", "weekly", "monthly"]

_FEEDS = Parameters()

CADENCE_DAYS: Mapping[str, int] = {
    "daily": _FEEDS.daily_days,
    "weekly": _FEEDS.weekly_days,
    "monthly": _FEEDS.monthly_days,
}
"""Days from one export to the next."""

GRACE_DAYS: Mapping[str, int] = {
    "daily": _FEEDS.daily_grace_days,
    "weekly": _FEEDS.weekly_grace_days,
    "monthly": _FEEDS.monthly_grace_days,
}
"""Days beyond the cadence before a feed counts as stale; the reasons stand in transforms/ingest/parameters.py."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_PROVIDER = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_RECIPIENT = re.compile(rf"[^@\s|]+@[^@\s|]+\.[^@\s|]+|{CHANNEL_NAME}")
_WORD = re.compile(r"\S(?:.*\S)?")
_PROPERTY = re.compile(r"sc-domain:[^\s/]+|https?://[^\s/]+/(?:\S*/)?")
_PAGE = re.compile(r"(?:https?://[^\s/]+)?/\S*")


def normalise_name(value: str) -> str:
    """``value``, a host name, in IDNA spelling and without ``www.``; ValueError says what was expected."""
    host = normalise_host(value)
    is_bare_suffix = not is_domain(host) and is_domain(f"x.{host}")
    if not _HOST.fullmatch(host) or host.replace(".", "").isdigit() or is_bare_suffix:
        raise ValueError("a domain such as voorbeeldwinkel.nl, without https:// or a path")
    return host.removeprefix("www.") if is_domain(host.removeprefix("www.")) else host


def normalise_domain(value: str) -> str:
    """The registrable domain of ``value``, a host name, in IDNA spelling; ValueError says what was expected."""
    return registrable_domain(normalise_name(value))


def _market(value: str) -> str:
    code = OTHER_NAMES.get(value.lower(), value.lower())
    if len(code) != 2 or code.upper() not in Locale("en").territories:
        raise ValueError("a country as two letters (ISO 3166-1), such as nl")
    return code


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("a time zone such as Europe/Amsterdam") from error
    return value


def _matching(pattern: re.Pattern[str], expected: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(expected)
        return value

    return AfterValidator(check)


Host = Annotated[str, AfterValidator(normalise_name)]
Domain = Annotated[str, AfterValidator(normalise_domain)]
Market = Annotated[str, AfterValidator(_market)]
Provider = Annotated[str, _matching(_PROVIDER, "a provider as docs/sources.md names it, such as search_console")]
Language = Annotated[str, _matching(_LANGUAGE, "a language such as nl or nl-BE")]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Recipient = Annotated[str, _matching(_RECIPIENT, "an e-mail address, or the name of a channel such as desk")]
Page = Annotated[str, _matching(_PAGE, "a page such as /bikes/ or https://voorbeeldwinkel.nl/bikes/")]
Property = Annotated[
    str, _matching(_PROPERTY, "a property such as sc-domain:voorbeeldwinkel.nl or https://www.voorbeeldwinkel.nl/")
]
Word = Annotated[str, _matching(_WORD, "a word, without spaces around it")]


class FeedEntry(BaseModel):
    """What is expected of one provider's exports of a site, and how they are fetched, if they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cadence: Cadence = Field(default="weekly", description="How often an export comes.")
    grace_days: int | None = Field(default=None, ge=0, le=365, description="Days beyond the cadence; by cadence.")
    fetch: bool = Field(default=False, description="Fetch it from the provider's API into the exports folder.")
    property: Property | None = Field(default=None, description="Search Console: sc-domain:... or a URL prefix.")
    target: str | None = Field(default=None, description="What the provider is asked about; default: the domain.")
    mode: str | None = Field(default=None, description="How much of the target, in the provider's own words.")
    monthly_cap: int | None = Field(default=None, ge=0, description="Units the fetch may spend in a calendar month.")

    def allowed_days(self) -> int:
        """Days from the newest export until the feed is stale: cadence plus grace."""
        grace = GRACE_DAYS[self.cadence] if self.grace_days is None else self.grace_days
        return CADENCE_DAYS[self.cadence] + grace


class SiteEntry(BaseModel):
    """One site of ``sites.toml``; domains are registrable domains in IDNA spelling."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain: Domain = Field(description="The site's registrable domain.")
    group: str | None = Field(default=None, description="Sites shown together, such as one client's.")
    owner: str | None = Field(default=None, description="Who looks after the site.")
    language: Language | None = Field(default=None, description="Language of the site's messages.")
    time_zone: TimeZone | None = Field(default=None, description="Time zone of the site's people.")
    recipients: tuple[Recipient, ...] = Field(default=(), description="Addresses and channels that get its alerts.")
    brand_words: tuple[Word, ...] = Field(default=(), description="Words by which people name the site.")
    owned_domains: tuple[Domain, ...] = Field(default=(), description="Other domains of the same owner.")
    allowed_domains: tuple[Host, ...] = Field(default=(), description="Domains whose links are never held risky.")
    markets: tuple[Market, ...] = Field(default=(), description="Countries it sells in, as two letters.")
    money_pages: tuple[Page, ...] = Field(default=(), description="Pages that earn.")
    controls: tuple[Domain, ...] = Field(default=(), description="Sites alike that no one suspects.")
    competitors: tuple[Domain, ...] = Field(default=(), description="Sites it competes with.")
    feeds: Mapping[Provider, FeedEntry] = Field(default_factory=dict, description="By provider.")


class SiteProblem(BaseModel):
    """Why an entry was not taken; says it as every error of the project does."""

    model_config = ConfigDict(frozen=True)

    domain: str | None = Field(description="The site that is stopped, as far as the entry tells.")
    where: str
    found: str
    expected: str
    what_to_do: str

    def __str__(self) -> str:
        return str(UsageError(self.where, self.found, self.expected, self.what_to_do))


class SiteList(BaseModel):
    """Every site of the file that can be used, in its order, and what is wrong with the other entries."""

    model_config = ConfigDict(frozen=True)

    sites: tuple[SiteEntry, ...] = ()
    problems: tuple[SiteProblem, ...] = ()
    is_inferred: bool = Field(default=False, description="There is no file: sites are those the exports speak of.")

    def find(self, domain: str) -> SiteEntry | None:
        """The entry of that domain; None when there is none."""
        return next((site for site in self.sites if site.domain == domain), None)


def load_site_list(path: Path) -> SiteList:
    """The sites of ``path``; inferred when there is no such file.

    Raises:
        UsageError: the file is no TOML, or holds something other than ``[[site]]`` tables.
    """
    if not path.is_file():
        return SiteList(is_inferred=True)
    try:
        return parse_site_list(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise UsageError(str(path), str(error), "valid TOML in UTF-8", "Mend the file.") from error


def parse_site_list(text: str, path: str) -> SiteList:
    """The sites of ``text``, the content of ``path``; raises as :func:`load_site_list`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(path, str(error), "valid TOML in UTF-8", "Mend the file.") from error
    entries = content.pop("site", [])
    if content or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        found = ", ".join(content) or "[site]"
        raise UsageError(path, found, "one [[site]] table per site and nothing else", "See docs/sites.md.")
    sites: dict[str, SiteEntry] = {}
    problems: list[SiteProblem] = []
    for number, entry in enumerate(entries, start=1):
        where = f"{path}, site {number} ({entry.get('domain', 'no domain')})"
        try:
            site = SiteEntry(**entry)
        except ValidationError as error:
            problems += _problems(where, entry, error)
            continue
        if site.domain in sites:
            problems.append(_duplicate(where, site.domain))
        else:
            sites[site.domain] = site
    return SiteList(sites=tuple(sites.values()), problems=tuple(problems))


def _problems(where: str, entry: Mapping[str, Any], error: ValidationError) -> Iterator[SiteProblem]:
    for found in error.errors():
        spot = ".".join(str(part) for part in found["loc"] if part != "[key]")
        is_missing = found["type"] == "missing"
        yield SiteProblem(
            domain=entry_domain(entry),
            where=f"{where}, {spot}",
            found="nothing" if is_missing else repr(found["input"]),
            expected=_expected(spot, found),
            what_to_do="Mend the entry; the other sites go on without it.",
        )


def _expected(spot: str, found: ErrorDetails) -> str:
    if found["type"] == "extra_forbidden":
        model: type[BaseModel] = FeedEntry if spot.startswith("feeds.") else SiteEntry
        return f"one of {', '.join(model.model_fields)}"
    if found["type"] == "missing":
        return "a value"
    return str(found.get("ctx", {}).get("error") or found["msg"].removeprefix("Input should be "))


def entry_domain(entry: Mapping[str, Any]) -> str | None:
    """The site an entry is about, also when its domain is spelt as an address."""
    host = host_of(str(entry.get("domain", "")))
    return registrable_domain(host) if host else None


def _duplicate(where: str, domain: str) -> SiteProblem:
    return SiteProblem(
        domain=None,
        where=where,
        found=f"{domain} a second time",
        expected="one entry per registrable domain",
        what_to_do="Merge the two; the first one counts.",
    )
