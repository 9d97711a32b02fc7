"""Look at a question before anything else does: crisis, personal data, injection."""

import re
from dataclasses import dataclass

from chatbot.kinds import KindReader
from chatbot.languages import ANSWERED, detect_language
from chatbot.patterns import first_match
from chatbot.personal_data import find_personal_data, mask_personal_data, strip_hidden
from chatbot.records import Status


@dataclass(frozen=True)
class Verdict:
    """What the guard decided. `status` None: the question goes on as `text`, which holds no personal data."""

    text: str
    status: Status | None = None
    detail: str = ""


def guard(text: str, kinds: KindReader) -> Verdict:
    """Check a question in the fixed order: crisis, personal data, injection.

    A crisis is never hidden behind another rule: somebody who names a BSN and a threat gets the numbers to call.
    """
    clean = re.sub(r"[ \t]+", " ", strip_hidden(text)).strip()
    outcome, kind = kinds.outcome(clean)
    if outcome and detect_language(clean) not in ANSWERED:
        outcome = ""  # the phrases are Dutch and English; elsewhere likeness is chance
    crisis = first_match("crisis", clean) or (kind.removeprefix("crisis_") if outcome == "crisis" else "")
    if crisis:
        return Verdict(mask_personal_data(clean), Status.CRISIS, crisis)
    if any(finding.blocks for finding in find_personal_data(clean)):
        return Verdict(mask_personal_data(clean), Status.PERSONAL_DATA)
    if first_match("injection", clean) or outcome == "injection":
        return Verdict(mask_personal_data(clean), Status.INJECTION)
    return Verdict(mask_personal_data(clean))
