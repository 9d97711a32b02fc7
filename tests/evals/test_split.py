import hashlib
from typing import Any

import pytest

from evals.errors import SetError
from evals.split import check_halves, fold_of, half_of


def test_fold_of_is_the_sha256_of_the_page_id_mod_five() -> None:
    expected = int.from_bytes(hashlib.sha256(b"ro:1").digest(), "big") % 5
    assert fold_of("ro:1") == expected
    assert {fold_of(f"p{n}") for n in range(50)} == {0, 1, 2, 3, 4}


def test_half_of_keeps_all_questions_of_a_page_and_its_twin_together(samples: Any) -> None:
    halves = {half_of(samples.item(f"q{n}", gold=("/pas",))) for n in range(20)}
    assert len(halves) == 1
    assert {half_of(samples.item("x", gold=("/pas-zuid",)), {"/pas-zuid": "/pas"})} == halves


def test_half_of_keeps_a_conversation_together(samples: Any) -> None:
    turns = [{"role": "user", "content": "x"}]
    items = [samples.item(f"c#{n}", conversation="c", history=turns, gold=(f"/p{n}",)) for n in range(20)]
    assert len({half_of(item) for item in items}) == 1


def test_check_halves_refuses_a_conversation_in_both_halves(samples: Any) -> None:
    items = [samples.item(split, conversation="c", split=split) for split in ("dev", "test")]
    with pytest.raises(SetError, match="het gesprek 'c' staat in beide helften"):
        check_halves(items)
