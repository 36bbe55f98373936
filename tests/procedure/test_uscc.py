import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from procedure.uscc import (
    ALPHABET,
    begins_as,
    check_char,
    has_letters_for,
    is_valid,
    is_well_formed,
    normalise,
    org_code_valid,
)

X_CODE = "9113019912345001X7"
"""Invented: its organisation code's check is the X that stands for ten."""
FIRST = st.text(ALPHABET, min_size=17, max_size=17)


@given(FIRST, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_substitution_is_caught(first: str, place: int, other: str) -> None:
    code = first + check_char(first)
    assume(code[place] != other)
    assert is_valid(code)
    assert not is_valid(code[:place] + other + code[place + 1 :])


@given(FIRST, st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(first: str, place: int) -> None:
    code = first + check_char(first)
    assume(code[place] != code[place + 1])
    assert not is_valid(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


def test_letters_among_the_first_eight_are_taken() -> None:
    first = "A1B301990MA0A1B2C"
    assert is_valid(first + check_char(first))


def test_letters_outside_the_alphabet_are_not() -> None:
    assert not is_well_formed("91460699782960291I")
    assert not is_valid("91460699782960291")
    assert not is_valid("")


def test_full_width_spaces_and_hyphens_are_folded_and_nothing_is_mended() -> None:
    assert normalise("９１４６ ０６９９-７８２９６０２９１ｄ") == "91460699782960291D"
    assert normalise("9146O") == "9146O"


def test_organisation_code_within() -> None:
    assert org_code_valid("91460699782960291D")
    assert not org_code_valid("91460699782960292D")
    assert not org_code_valid("9146")


def test_the_check_character_of_an_organisation_code_may_be_x() -> None:
    assert org_code_valid(X_CODE)
    assert not org_code_valid(X_CODE[:16] + "1" + X_CODE[17])


@pytest.mark.parametrize("first", ["9146069978296029", "914606997829602911", "9146069978296029O"])
def test_a_check_character_needs_17_of_the_alphabet(first: str) -> None:
    why = "^a credit code's first 17 characters, of its alphabet, are needed$"
    with pytest.raises(ValueError, match=why):
        check_char(first)


@pytest.mark.parametrize(
    ("read", "begins"),
    [
        ("91549999MA8348198X", True),
        # Letters where only figures can stand: they say nothing against the figures.
        ("Q1549QQ9MA8348198X", True),
        ("915499Q9XXXXXXXXXX", True),
        ("9I5A9999MA8348198X", True),
        # Another figure, a letter that is like none there, and one that a code may begin with.
        ("91549099MA8348198X", False),
        ("9154999XMA8348198X", False),
        ("N1549999MA8348198X", False),
        ("9154999", False),
        ("", False),
    ],
)
def test_letters_say_nothing_where_only_figures_can_stand(read: str, begins: bool) -> None:
    assert begins_as(read, "91549999MA8348198X") is begins


def test_an_issuer_s_letter_is_no_misread_figure() -> None:
    assert begins_as("N2549999MF8348198X", "N2549999MF8348198X")
    assert not begins_as("A1549999MA8348198X", "41549999MA8348198X")


def test_a_text_of_another_length_is_no_such_code() -> None:
    assert has_letters_for("Q1", "91")
    assert not has_letters_for("Q1", "912")
    assert not has_letters_for("91", "Q1")
