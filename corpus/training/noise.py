"""How residents type: slips of the finger, spelling by ear, split and glued words, a question around a term."""

from random import Random

ASKED_IN_DUTCH = (
    "hoe kom ik aan {}",
    "wat moet ik regelen voor {}",
    "waar vraag ik {} aan",
    "mag dat zomaar, {}",
    "wie gaat er over {}",
    "wat zijn de kosten van {}",
    "hoeveel betaal ik voor {}",
    "wanneer krijg ik {}",
    "vraagje over {}",
    "ik zoek informatie over {}",
    "ik begrijp {} niet",
    "hoelang duurt het met {}",
    "kan ik ook {} krijgen",
    "heb ik {} nodig",
    "moet ik {} melden",
    "hoe werkt dat, {}",
    "help, {}",
    "probleem met {}",
    "mijn zoon wil {}",
    "mijn buurvrouw heeft {}, kan dat bij mij ook",
    "{} wat nu",
    "{} regelen",
    "{} kosten",
    "{} gemeente",
    "{} waar moet ik heen",
    "{} welke regels gelden er",
    "{}, hoe zit dat precies",
    "{} mag dat",
)
ASKED_IN_ENGLISH = (
    "how can I get {}",
    "where do I go for {}",
    "what are the costs of {}",
    "what are the rules about {}",
    "am I allowed {}",
    "who can help me with {}",
    "problem with my {}",
    "question about {}",
    "I need {}",
    "{} how long",
    "{} what do I need to bring",
    "is there any {} for me",
    "when do I have to arrange {}",
    "{} in the Netherlands",
)
# Neighbours on a QWERTY keyboard.
NEXT_KEYS = {
    key: left + right
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for left, key, right in zip(" " + row[:-1], row, row[1:] + " ", strict=True)
}
# What sounds alike in Dutch, as people who write by ear mix it up.
SOUNDS = (
    ("ij", "ei"), ("ei", "ij"), ("ou", "au"), ("au", "ou"), ("dt", "d"), ("dt", "t"), ("d", "t"), ("ch", "g"),
    ("g", "ch"), ("sch", "sg"), ("ie", "i"), ("i", "ie"), ("oe", "u"), ("eu", "u"), ("c", "k"), ("z", "s"), ("v", "f"),
    ("aa", "a"), ("ee", "e"), ("oo", "o"), ("uu", "u"), ("kk", "k"), ("ll", "l"), ("mm", "m"), ("nn", "n"),
    ("pp", "p"), ("rr", "r"), ("ss", "s"), ("tt", "t"), ("en", "e"),
)  # fmt: skip
SHORTEST = 4  # shorter words with a slip are other words


def slip(word: str, random: Random) -> str:
    """Return the word with one slip; words of fewer than four letters stay as they are."""
    if len(word) < SHORTEST or not word.isalpha():
        return word
    at = random.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    kind = random.random()
    if kind < 0.22:
        return before + after
    if kind < 0.40:
        return before + after[:1] + letter + after[1:]
    if kind < 0.52:
        return before + letter + letter + after
    if kind < 0.62:
        return before + random.choice(NEXT_KEYS.get(letter, letter)).strip() + after
    if kind < 0.70 and len(word) >= 2 * SHORTEST:
        return before + " " + letter + after
    return _by_ear(word, random)


def _by_ear(word: str, random: Random) -> str:
    heard = [(written, meant) for meant, written in SOUNDS if meant in word]
    if not heard:
        return word
    written, meant = random.choice(heard)
    return word.replace(meant, written, 1)


def slips(text: str, share: float, random: Random) -> str:
    """Return the text in lower case with a slip in this share of its words."""
    return " ".join(slip(word, random) if random.random() < share else word for word in text.lower().split())


def asked(term: str, random: Random, english: bool = False) -> str:
    """Return a term as somebody may type it: with slips, and one time in three inside a question."""
    if not english and random.random() < 0.5:
        term = slips(term, 0.15, random)
    if random.random() < 0.35:
        term = random.choice(ASKED_IN_ENGLISH if english else ASKED_IN_DUTCH).format(term)
    return term
