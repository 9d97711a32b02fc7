"""Local regulations: search records of the national register (SRU, collection CVDR), then the XML of each regulation.

The register keeps every version. Indexed are those in force and those to come, and the last one of a regulation that
was repealed: whether a version holds is judged when a question is asked, from `valid_from` and `valid_until`.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

from corpus.records import Page
from ingest.dates import parse_date
from ingest.documents.regulation import read_regulation
from ingest.errors import CrawlError, FetchError, NotIndexed
from ingest.feed import Feed, read_feed
from ingest.page import Content, make_page
from ingest.safexml import every, local, parse_xml, text, texts
from ingest.sources import Context, Gathered, Item
from ingest.urls import normalise

REGISTER = "https://zoekservice.overheid.nl/sru/Search"
PER_CALL = 100
# Where the register's records lead: the text in XML lies on another host than the search.
PARTNERS = (".overheid.nl", ".officiele-overheidspublicaties.nl")
_NUMBER = re.compile(r"(?:CVDR)?(\d+)[_/](\d+)$")


@dataclass(frozen=True)
class Regulation:
    """One version of a regulation as a search record describes it. `valid_until` is its last day."""

    work: str
    version: int
    title: str
    url: str
    xml: str
    language: str
    modified: date | None
    valid_from: date
    valid_until: date | None


@dataclass
class Answer:
    """One page of search results; `broken` maps what stands for a record to why it cannot be used."""

    found: list[Regulation]
    broken: dict[str, str]
    following: int | None


def gather(context: Context) -> Gathered:
    """Search the register for the regulations of the municipality and read each one's text."""
    name = context.site.organisation.owms
    if not name:
        raise CrawlError(
            "De bron 'cvdr' zoekt op de naam van de gemeente. Vul `owms` in bij [organisation] in het sitebestand."
        )
    base = context.source.url or REGISTER
    walk = partial(_walk, context=context, base=base, municipality=name)
    return read_feed(
        context, search_url(base, name), walk, accept="application/xml, text/xml, */*;q=0.5", partners=PARTNERS
    )


def search_url(base: str, municipality: str, start: int = 1) -> str:
    """Return the address of a page of search results; the register wants spaces as %20."""
    named = municipality.replace("\\", "\\\\").replace('"', '\\"')
    parameters = {
        "version": "1.2", "operation": "searchRetrieve", "x-connection": "cvdr", "query": f'gemeente="{named}"',
        "startRecord": start, "maximumRecords": PER_CALL,
    }  # fmt: skip
    return f"{base}?{urlencode(parameters, quote_via=quote)}"


async def _walk(feed: Feed, *, context: Context, base: str, municipality: str) -> Sequence[Item]:
    versions: list[Regulation] = []
    start: int | None = 1
    while start is not None and not feed.full():
        answer = await feed.get(search_url(base, municipality, start), parse_records)
        if answer is None:
            break
        versions += answer.found
        feed.found.skipped |= answer.broken
        # A register that names a record before this one as the next would keep us here for ever.
        start = answer.following if answer.following and answer.following > start else None
    current, history = leave_history_out(versions, context.site.today or date.today())
    feed.found.skipped |= history
    items = []
    for done, version in enumerate(current, 1):
        if feed.full():
            break
        content = await feed.get(version.xml, read_text)
        if content:
            items.append(Item(version.url, partial(_read, version, content, context)))
        elif problem := feed.found.skipped.pop(version.xml, ""):
            feed.found.skipped[version.url] = f"{problem} ({version.xml})"
        context.seen(done, len(current))
    return items


def parse_records(body: bytes) -> Answer:
    """Read search results. Raises FetchError if they are none, or empty: a register does not lose all regulations."""
    root = parse_xml(body)
    if problem := texts(root, "diagnostic"):
        raise FetchError(f"meldt een fout: {problem[0][:150]}")
    if local(root) != "searchRetrieveResponse":
        raise FetchError(f"is geen zoekresultaat van een register maar <{local(root)[:40]}>")
    answer = Answer([], {}, None)
    for record in every(root, "recordData"):
        try:
            found = _regulation(record)
        except NotIndexed as error:
            name = text(record, "preferred_url") or text(record, "identifier") or text(record, "title")
            answer.broken[name or "een regeling zonder naam"] = str(error)
        else:
            answer.found.append(found)
    if not answer.found and not answer.broken:
        raise FetchError("bevat geen enkele regeling; klopt de naam bij `owms` in het sitebestand?")
    following = text(root, "nextRecordPosition")
    answer.following = int(following) if following.isdecimal() else None
    return answer


def _regulation(record: Element) -> Regulation:
    number = _NUMBER.match(text(record, "identifier"))
    title = text(record, "title")
    if number is None or not title:
        raise NotIndexed("heeft in het register geen nummer of geen titel")
    work, version = f"CVDR{number[1]}", int(number[2])
    url = normalise(text(record, "preferred_url") or f"https://lokaleregelgeving.overheid.nl/{work}/{version}")
    xml = normalise(text(record, "publicatieurl_xml"))
    if url is None or xml is None:
        raise NotIndexed("heeft in het register geen adres van de tekst")
    begin, end = text(record, "inwerkingtredingDatum"), text(record, "uitwerkingtredingDatum")
    valid_from = _day(begin)
    if valid_from is None:
        raise NotIndexed(f"heeft geen leesbare datum van inwerkingtreding ('{begin}')")
    # The year 9999 is how some systems say: until further notice.
    end = "" if end.startswith("9999") else end
    last = _day(end)
    if last is None and end:
        raise NotIndexed(f"heeft geen leesbare datum van uitwerkingtreding ('{end}')")
    return Regulation(
        work=work, version=version, title=title, url=url, xml=xml, language=text(record, "language") or "nl",
        modified=parse_date(text(record, "modified")), valid_from=valid_from,
        # The day it loses force is the first on which it no longer holds.
        valid_until=last - timedelta(days=1) if last else None,
    )  # fmt: skip


def _day(written: str) -> date | None:
    """Read a date, also one long before there were websites."""
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return parse_date(written)


def leave_history_out(versions: Sequence[Regulation], today: date) -> tuple[list[Regulation], dict[str, str]]:
    """Return the versions that hold, will hold, or were the last to hold, and for each other one why it is left out."""
    works: defaultdict[str, dict[int, Regulation]] = defaultdict(dict)
    for version in versions:
        works[version.work][version.version] = version
    kept: list[Regulation] = []
    history: dict[str, str] = {}
    for work in works.values():
        in_order = sorted(work.values(), key=lambda version: (version.valid_from, version.version))
        for version, later in zip(in_order, [*in_order[1:], None], strict=True):
            # A version without an end ends where its successor begins.
            if later and (version.valid_until is None or version.valid_until >= later.valid_from):
                version = replace(version, valid_until=later.valid_from - timedelta(days=1))
            if later and version.valid_until and version.valid_until < max(today, version.valid_from):
                history[version.url] = "is een oude versie van een regeling; er is een nieuwere"
            else:
                kept.append(version)
    return sorted(kept, key=lambda version: version.url), history


def read_text(body: bytes) -> Content:
    """Read the text of a regulation; one that is empty is no reason to give up the copy before it."""
    try:
        return read_regulation(body)
    except NotIndexed as error:
        raise FetchError(str(error)) from error


def _read(version: Regulation, content: Content, context: Context) -> Page:
    content.title = version.title
    content.language = version.language
    content.modified, content.valid_from, content.valid_until = (
        version.modified,
        version.valid_from,
        version.valid_until,
    )
    return make_page(content, version.url, context.site, source="cvdr", audience=context.source.audience)
