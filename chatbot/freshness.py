"""What age, kind and language of a page say about it: rules of another year and news come after the page that stays."""

import re
from datetime import date

from corpus.language.words import fold
from corpus.records import Page

YEAR = re.compile(r"\b(20\d\d)\b")
NEWS = re.compile(r"nieuws|news", re.IGNORECASE)
EXPIRED = re.compile(r"\b(?:vervallen|ingetrokken|niet meer geldig|no longer valid)\b")
# Log odds taken off the ranker's score. Judgement, not fitted: dev data have neither years nor news. A page of another
# year loses from an equally fitting current one, but still comes first when nothing else fits.
# A form repeats what the page about it explains better.
# A page for a special case (child, urgent, lost) that the question does not name comes after the page for everybody.
OTHER_YEAR, NEWS_ITEM, DOCUMENT, OTHER_LANGUAGE, SPECIAL_CASE, OVERVIEW = 2.0, 0.7, 0.7, 1.5, 2.0, 1.0
SPECIAL = re.compile(
    r"\b(?:kind\w*|baby|minderjarige\w*|spoed\w*|kwijt|verloren|gestolen|vermissing|buitenland\w*|eerste|tijdelijk\w*|overled\w*"
    r"|child\w*|urgent|lost|stolen|abroad)\b"
)


def named_years(page: Page) -> set[str]:
    """Return the years that a page's title or address names."""
    return set(YEAR.findall(f"{page.title} {page.url}"))


def is_of_another_year(page: Page, question: str, today: date) -> bool:
    """Tell whether a page names years, but neither the current one nor one that the question asks for."""
    years = named_years(page)
    return bool(years) and str(today.year) not in years and not years & set(YEAR.findall(question))


def is_repealed(page: Page, today: date) -> bool:
    """Tell whether a page's rules are no longer, or not yet, in force on a day."""
    if page.valid_until is not None and page.valid_until < today:
        return True
    if page.valid_from is not None and page.valid_from > today:
        return True
    return EXPIRED.search(fold(page.title)) is not None


def handicap(page: Page, question: str, today: date, language: str) -> float:
    """Return what a page's score loses to a page that fits as well: of another year, language or case, news, a form."""
    foreign = OTHER_LANGUAGE if {language, page.language} == {"nl", "en"} else 0.0
    paper = DOCUMENT if any(section.page_number is not None for section in page.sections[:1]) else 0.0
    news = NEWS_ITEM if NEWS.search(page.doc_type) and not NEWS.search(question) else 0.0
    named = set(SPECIAL.findall(fold(page.title)))
    special = SPECIAL_CASE if named and not SPECIAL.search(fold(question)) else 0.0
    overview = OVERVIEW if page.doc_type.casefold() in ("overview", "overzicht") else 0.0
    return (
        special + overview + foreign + paper + news + (OTHER_YEAR if is_of_another_year(page, question, today) else 0.0)
    )
