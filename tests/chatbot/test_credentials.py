import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.credentials import SESSION_SECONDS, Signer, check_hash, check_password, hash_password
from chatbot.errors import ServeError


def test_a_password_fits_its_hash_and_no_other() -> None:
    hashed = hash_password("geheim-van-de-balie")
    assert check_password("geheim-van-de-balie", hashed)
    assert not check_password("geheim-van-de-bali", hashed)
    assert not check_password("", hashed)


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("zelfde-wachtwoord") != hash_password("zelfde-wachtwoord")


def test_a_short_password_is_refused() -> None:
    with pytest.raises(ServeError, match="8 tekens of meer"):
        hash_password("kort")


@pytest.mark.parametrize("hashed", ["", "geheim", "scrypt:1:2", "md5:1:1:1:a:b", "scrypt:a:b:c:d:e"])
def test_a_hash_that_nobody_made_is_refused_and_fits_nothing(hashed: str) -> None:
    assert not check_password("geheim", hashed)
    with pytest.raises(ServeError, match="chatbot desk-password"):
        check_hash(hashed)


def test_a_cookie_names_who_signed_in_until_it_is_old() -> None:
    signer = Signer(b"secret")
    cookie = signer.sign("balie", now=1000)
    assert signer.read(cookie, now=1000 + SESSION_SECONDS - 1) == "balie"
    assert signer.read(cookie, now=1000 + SESSION_SECONDS) is None


def test_a_cookie_of_another_secret_or_another_name_is_refused() -> None:
    signer = Signer(b"secret")
    cookie = signer.sign("balie")
    _, until, mark = cookie.split(".")
    assert Signer(b"other").read(cookie) is None
    assert signer.read(f"YWRtaW4.{until}.{mark}") is None
    assert signer.read(f"{cookie}x") is None


@given(st.text(max_size=60))
def test_a_broken_cookie_is_nobody(cookie: str) -> None:
    assert Signer(b"secret").read(cookie) is None
