"""Decide what needs no search, by rule or by meaning: greetings, a person, case status, opinions, formal messages."""

import re
from pathlib import Path

from chatbot.kinds import KindReader
from chatbot.patterns import first_match
from chatbot.records import Status
from chatbot.rephrase import read_form
from corpus.language.words import STOP_WORDS, fold, read_words, tokenize

BEFORE_RETRIEVAL = {
    "person": Status.PERSON,
    "about_me": Status.GREETING,
    "greeting": Status.GREETING,
    "abuse": Status.ABUSE,
    "case_status": Status.CASE_STATUS,
    "opinion": Status.OPINION,
    "formal_message": Status.FORMAL_MESSAGE,
    "off_topic": Status.OFF_TOPIC,
}
# The guard has judged these on the whole text; a part of it that route() sees is not judged again.
JUDGED_BY_GUARD = ("crisis", "injection")
FOLLOW_UP_WORDS = 6
CONTACT_ROUTES = ("opening_hours", "address", "phone")
ABOUT_US = frozenset(read_words(Path(__file__).with_name("about_us_words.txt")))
QUESTION_SPLIT = re.compile(r"(?<=[?])\s+|\n+")
MAX_PARTS = 3
LONG_TEXT_WORDS = 80
ASKING = re.compile(
    r"^(?:hoe|wat|waar|wanneer|wie|welke?|waarom|kan|kunt|mag|moet|heb|is|zijn|krijg|how|what|where|when|who|which|can|do|does|may|is|are)\b|\?\s*$"
)


def route(text: str, kinds: KindReader, *, in_conversation: bool = False) -> str:
    """Return the name of the kind a question falls under, or an empty string.

    A few words within a conversation ("en hoe werkt dat?") lean on what was said before, so rules alone judge them.
    """
    found = first_match("route", text)
    if found in CONTACT_ROUTES and (not _is_about_us(text) or (in_conversation and read_form(text).points_back)):
        found = ""  # the hours or number of somebody else, or of what was asked for before
    if found or (in_conversation and len(text.split()) <= FOLLOW_UP_WORDS):
        return found
    outcome = kinds.outcome(text)[0]
    return "" if outcome in JUDGED_BY_GUARD else outcome


def _is_about_us(text: str) -> bool:
    words = {word for word in tokenize(text) if word not in STOP_WORDS}
    return len(words - ABOUT_US) == 0


def split_questions(text: str) -> list[str]:
    """Split a message that asks up to three things into its questions; anything else stays whole."""
    parts = [part.strip() for part in QUESTION_SPLIT.split(text) if len(part.split()) >= 3]
    asked = [part for part in parts if part.endswith("?")]
    if 2 <= len(asked) <= MAX_PARTS and sum(len(part.split()) for part in parts if part not in asked) <= 12:
        return asked
    return [text]


def find_question(text: str) -> str:
    """Return what a long pasted text asks: its question sentences, or its first and last sentences."""
    if len(text.split()) <= LONG_TEXT_WORDS:
        return text
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]
    asked = [sentence for sentence in sentences if ASKING.search(fold(sentence)) and len(sentence.split()) <= 40]
    chosen = asked[-3:] or [sentences[0], sentences[-1]]
    return " ".join(" ".join(dict.fromkeys(chosen)).split()[: 2 * LONG_TEXT_WORDS])
