"""The characters of GBK as the packaged face draws them, kept as one picture."""

from random import Random

import cv2
import numpy as np

from ocr import drawings


def _row(char: str) -> drawings.Ink:
    return next(rows[chars.index(char)] for chars, rows in drawings.all_drawn() if char in chars)


def test_the_picture_is_what_the_packaged_face_draws() -> None:
    kept = np.asarray(cv2.imread(str(drawings.PICTURE), cv2.IMREAD_GRAYSCALE))
    chars = [char for some, _ in drawings.all_drawn() for char in some]
    assert len(chars) == 20_902
    for number in Random(7).sample(range(len(chars)), 200):
        drawn = drawings.draw(chars[number], drawings.EM)
        assert drawn is not None
        down, across = divmod(number, 160)
        tile = kept[18 * down : 18 * down + 18, 16 * across : 16 * across + 16]
        small = cv2.resize(drawn, (16, 18), interpolation=cv2.INTER_AREA)
        # Kept in steps of eight greys.
        assert np.abs(tile - small).max() < 4.6, chars[number]
        assert float(_row(chars[number]) @ drawings.small(drawn)) > 0.998


def test_a_drawn_character_is_likest_itself() -> None:
    for char in "霁翎昇洺珅热":
        drawn = drawings.draw(char, drawings.EM)
        assert drawn is not None
        likes = {
            other: float(like)
            for chars, rows in drawings.all_drawn()
            for other, like in zip(chars, rows @ drawings.small(drawn), strict=True)
        }
        assert max(likes, key=lambda one: likes[one]) == char
