"""Which half, and which fold, a page's questions belong to. Everything about one page stays together."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from evals.errors import SetError
from evals.records import Item

FOLDS = 5


def fold_of(page_id: str, folds: int = FOLDS) -> int:
    """Return the cross-validation fold of a page: sha256(page id) mod `folds`."""
    return int(hashlib.sha256(page_id.encode()).hexdigest(), 16) % folds


def half_of(item: Item, twins: Mapping[str, str] | None = None) -> str:
    """Return "dev" or "test" for an item whose set does not say.

    A turn goes by its conversation, another item by its first gold page, or by its id without one. `twins` maps a
    near-duplicate page to the page it resembles, so that both fall in one half.
    """
    key = item.conversation or (item.gold[0] if item.gold else item.id)
    return ("dev", "test")[fold_of((twins or {}).get(key, key), 2)]


def check_halves(items: Iterable[Item]) -> None:
    """Refuse sets in which one page, or one conversation, has questions in both halves.

    A conversation moves over several pages, so its turns count by conversation only.
    Raises SetError naming both lines.
    """
    seen: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for item in items:
        if not item.split:
            continue
        by_page = [("de pagina", page) for page in item.gold]
        keys = [("het gesprek", item.conversation)] if item.conversation else by_page
        for key in keys:
            seen[key].setdefault(item.split, item.where)
            if len(seen[key]) > 1:
                lines = seen[key]
                raise SetError(
                    f"{key[0]} '{key[1]}' staat in beide helften: dev in {lines['dev']}, test in {lines['test']}. "
                    "Geef ze dezelfde 'split'."
                )
