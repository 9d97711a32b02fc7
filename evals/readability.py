"""How easy the Dutch is, by Flesch-Douma: 80 is B1 and easier, 50 is hard. Home of textstat."""

from collections.abc import Iterable, Sequence

from evals.figures import keep
from evals.records import Figure, Judged

ENOUGH_WORDS = 5


def flesch_douma(texts: Iterable[str]) -> Figure | None:
    """Return the reading ease of texts taken as one, or None when they hold too few words to tell."""
    import textstat

    kept = [text for text in texts if len(text.split()) >= ENOUGH_WORDS]
    if not kept:
        return None
    textstat.set_lang("nl")
    whole = " ".join(text if text.rstrip().endswith((".", "!", "?")) else f"{text}." for text in kept)
    return Figure(float(textstat.flesch_reading_ease(whole)), len(kept))


def summarise_readability(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Return the reading ease of our own words and of what we quote, in Dutch replies."""
    dutch = [one.verdict for one in judged if one.outcome.reply is not None and one.outcome.reply.language == "nl"]
    quotes = (quote for verdict in dutch for quote in verdict.quotes)
    return keep({"flesch_frame": flesch_douma(v.frame for v in dutch), "flesch_quotes": flesch_douma(quotes)})
