"""Characters of a screen, proven by drawing them in the faces of the machine."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import Face as DrawingFace
from clerk.drawing.fonts import faces as drawing_faces
from clerk.drawing.fonts import packaged
from ocr import doubts, faces, typeface
from ocr.engines.port import Picture
from ocr.faces import Face
from ocr.setting import Setting
from ocr.sheet import Line
from ocr.twins import mended
from ocr.typeface import Places, Typefaces
from procedure.acceptance import decide
from procedure.fieldrules import DRAWN, SHAPE
from procedure.readings import DocumentReading, Reading
from tests.ocr.scripted import First, line, shelf
from tests.ocr.test_voting import hit, page, read

PAPER, INK = (255, 255, 255), (38, 50, 66)
_LEFT, _TOP = 40, 60


def screen(text: str, em: float = 13.0, face: DrawingFace | None = None) -> tuple[Picture, Line]:
    """A line as screens set it, character by character, on a page with areas of other colours."""
    face = face or packaged()
    image = Image.new("RGB", (_LEFT + round(em * len(text)) + 60, 160), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width, 30), fill=(25, 90, 190))
    draw.rectangle((0, 110, image.width, 130), fill=(236, 240, 245))
    draw.rectangle((0, 140, image.width, 159), fill=(38, 50, 66))
    x = float(_LEFT)
    for char in text:
        draw.text((x, _TOP), char, font=face.at(em), fill=INK)
        x += face.width(char, em)
    picture = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
    # As detection draws its boxes: round the ink.
    inked = np.argwhere((picture[35:105] != PAPER).any(axis=2))
    (y0, x0), (y1, x1) = inked.min(axis=0), inked.max(axis=0)
    return picture, line(text, (x0 - 1.0, y0 + 34.0, x1 + 2.0, y1 + 37.0))


def asked(places: Iterable[int]) -> Places:
    return dict.fromkeys(places, "")


@pytest.mark.parametrize("em", [12.0, 13.6])
@pytest.mark.parametrize(
    ("printed", "misread", "at"),
    [
        ("山西昊茂光伏发电项目", "山西吴茂光伏发电项目", 2),
        ("四川栎润凌电力有限公司", "四川标润凌电力有限公司", 2),
        ("重庆霁和水电站工程", "重庆雾和水电站工程", 2),
        ("黑龙江祥邦20MW光伏发电项目", "黑龙江祥邦28MW光伏发电项目", 6),
    ],
)
def test_what_stands_there_is_proven_and_what_resembles_it_is_not(
    printed: str, misread: str, at: int, em: float
) -> None:
    picture, place = screen(printed, em)
    assert Typefaces(picture).proves(place, printed, asked([at]))
    assert Typefaces(picture).proves_whole(place, printed, asked([at]))
    assert not Typefaces(picture).proves(place, misread, asked([at]))
    assert not Typefaces(picture).proves_whole(place, misread, asked([at]))


def test_marks_are_taken_for_what_they_are_in_either_width() -> None:
    picture, place = screen("开户单位：江西曜邦铝业（集团）有限公司")
    narrow = "开户单位:江西曜邦铝业(集团)有限公司"
    assert Typefaces(picture).proves_whole(place, narrow, asked(range(5, 9)))


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("山西昊茂光伏发电项目", "山西昊茂光伏发电"),
        ("华飌电子科技有限公司", "华电子科技有限公司"),
        ("CCER-9609", "CCER-960"),
    ],
)
def test_what_was_dropped_leaves_ink(printed: str, read: str) -> None:
    picture, place = screen(printed)
    assert Typefaces(picture).proves_whole(place, printed, asked(range(len(printed))))
    assert not Typefaces(picture).proves_whole(place, read, asked(range(len(read))))


def _worn(
    text: str, seed: int, em: float = 40, face: DrawingFace | None = None
) -> tuple[Picture, Line]:
    """A line as a scanner leaves it: smaller, tilted, soft, grainy, from a JPEG."""
    picture, place = screen(text, em, face)
    turn = cv2.getRotationMatrix2D((0, 80), -1.0, 0.7)
    small = cv2.warpAffine(picture, turn, (picture.shape[1], 160), borderValue=PAPER)
    noise = np.random.default_rng(seed).normal(0, 5, small.shape)
    grainy = np.clip(cv2.GaussianBlur(small, (0, 0), 0.8) + noise, 0, 255).astype(np.uint8)
    copied = cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    quad = tuple((float(x), float(y)) for x, y in (turn @ [*corner, 1.0] for corner in place.quad))
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    box = (min(xs), min(ys), max(xs), max(ys))
    read_back = np.asarray(cv2.imdecode(copied, 1), np.uint8)
    return read_back, replace(place, box=box, quad=quad)


@pytest.mark.parametrize(
    ("printed", "misread"),
    [
        ("湖南璟达光伏发电项目", "湖南璨达光伏发电项目"),
        ("四川栎润凌电力有限公司", "四川栋润凌电力有限公司"),
        ("重庆霁和水电站工程", "重庆雾和水电站工程"),
        ("海南翎达垃圾填埋气发电项目", "海南钥达垃圾填埋气发电项目"),
    ],
)
def test_print_of_a_scan_resembles_what_it_is(printed: str, misread: str) -> None:
    for seed in range(3):
        picture, place = _worn(printed, seed)
        assert Typefaces(picture).resembles(place, printed, {2: misread[2]})
        assert not Typefaces(picture).resembles(place, misread, {2: printed[2]})
        assert not Typefaces(picture).resembles(place, misread, {2: ""})


def test_in_a_face_that_the_machine_lacks_nothing_is_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "山西昊茂光伏发电项目"
    picture, place = screen(text, 16)
    # A face of its own: a fifth wider and slanted.
    slanted = cv2.warpAffine(
        picture, np.array([[1.2, 0.25, -20.0], [0, 1, 0]]), (2 * picture.shape[1], 160),
        borderValue=PAPER,
    )  # fmt: skip
    x0, y0, x1, y1 = place.box
    moved = line(text, (1.2 * x0 - 8, y0, 1.2 * x1 + 8, y1))
    assert Typefaces(picture).proves(place, text, asked([2]))
    assert not Typefaces(np.asarray(slanted, np.uint8)).proves(moved, text, asked([2]))
    monkeypatch.setattr(typeface, "faces", tuple)
    assert not Typefaces(picture).proves(place, text, asked([2]))


def test_of_the_system_s_faces_each_proves_its_own_screens() -> None:
    text = "四川栎润凌电力有限公司"
    for face in drawing_faces()[1:]:
        picture, place = screen(text, 14, face)
        assert Typefaces(picture).proves(place, text, asked([2, 3, 4])), face.name
        assert not Typefaces(picture).proves(place, text.replace("栎", "标"), asked([2])), face.name


@pytest.mark.parametrize("text", ["", "一", "（）", " "])
def test_of_no_characters_nothing_is_proven(text: str) -> None:
    picture, place = screen("山西昊茂光伏发电项目")
    assert not Typefaces(picture).proves_whole(place, text, asked(range(len(text))))
    blank = np.full_like(picture, 255)
    assert not Typefaces(blank).proves_whole(place, "山西昊茂", asked([2]))
    beyond = replace(place, quad=tuple((x + 9000, y) for x, y in place.quad))
    assert not Typefaces(picture).proves_whole(beyond, "山西昊茂", asked([2]))


def test_the_machine_s_faces_begin_with_the_packaged_one_and_are_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "damaged.ttf").write_bytes(b"\0\1\0\0" + bytes(60))
    (tmp_path / "same.otf").write_bytes(Path(packaged().path).read_bytes())
    (tmp_path / "note.txt").write_text("no font", encoding="ascii")
    monkeypatch.setattr(faces, "_FOLDERS", (str(tmp_path), str(tmp_path / "none")))
    assert faces.faces.__wrapped__() == (Face(packaged().path),)


def test_of_a_file_s_faces_those_for_the_mainland_are_taken() -> None:
    families = [face.at(16).getname()[0] for face in faces.faces()[1:] if face.index]
    assert all(str(family).endswith(("SC", "CN", "GB")) for family in families)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("QN-100-4232412", ["CN-100-4232412"]),
        ("CN100-5153907", ["CN-100-5153907"]),
        ("CN1005153907", []),
        ("CN-100-5153907", []),
        ("994776996951", []),
        ("XX-100-1", []),
    ],
)
def test_what_a_number_s_letters_may_be_meant_as(value: str, wanted: Sequence[str]) -> None:
    assert mended(value, ("CN",)) == wanted


def _voted(
    printed: str, first: str, second: str, field: str, sure: float = 0.96, em: float = 13.0,
    face: DrawingFace | None = None,
) -> Reading:  # fmt: skip
    """What becomes of a line of a screen that the engines read so."""
    return _voted_on(screen(printed, em, face), first, second, field, sure)


def _voted_on(
    drawn: tuple[Picture, Line], first: str, second: str, field: str, sure: float = 0.96
) -> Reading:
    picture, place = drawn
    one = replace(place, text=first, confidence=sure)
    height = place.box[3] - place.box[1]
    engines = shelf(
        First({(0, "raw"): (first, sure)}, height=height),
        {(0, "raw"): (second, sure)},
        height=height,
    )
    return read(hit(field, one), engines, page([one], picture=picture))


def _accepted(field: str, reading: Reading) -> bool:
    return decide(DocumentReading("cancellation", fields={field: reading})).fields[field].accepted


@pytest.mark.parametrize("em", [30.0, 36.0, 44.0])
def test_a_copy_s_character_that_engines_err_towards_outvotes_none(em: float) -> None:
    """This face's 昊 is more like another maker's 吴 than like its 昊."""
    face = next((one for one in drawing_faces() if one.name == "wqy-zenhei"), None)
    if face is None:
        pytest.skip("WenQuanYi Zen Hei is not installed")
    rare, common = "云南昊源热电有限公司", "云南吴源热电有限公司"
    copy = _worn(rare, 0, em, face)
    wrong = _voted_on(copy, common, rare, "account_name", 0.99)
    assert ("engine-disagrees" in wrong.against, wrong.evidence) == (True, ())
    assert _voted_on(copy, common, common, "account_name", 0.99).evidence == ()
    right = _voted_on(copy, rare, common, "account_name", 0.99)
    assert (right.value, right.evidence, right.against) == (rare, (SHAPE,), ())


def test_a_drawn_name_outvotes_an_engine_that_read_another_one() -> None:
    name, other = "四川霁翔煤电有限公司", "四川雾翔煤电有限公司"
    found = _voted(name, name, other, "account_name")
    assert (found.value, found.against) == (name, ())
    assert {DRAWN, SHAPE} & set(found.evidence)
    mended = _voted(name, other, name, "account_name")
    assert (mended.value, mended.against) == (name, ())
    assert DRAWN in mended.evidence


def test_a_name_of_which_both_are_unsure_is_accepted_where_it_is_drawn_so() -> None:
    firm = "江西曜邦骏铝业有限公司"
    found = _voted(firm, firm, firm, "account_name", sure=0.93)
    assert DRAWN in found.evidence
    assert _accepted("account_name", found)
    alike = firm.replace("曜", "耀")
    mended = _voted(firm, alike, alike, "account_name", sure=0.93)
    assert mended.value == firm
    assert DRAWN in mended.evidence


@pytest.mark.parametrize(
    ("second", "drawn"),
    [
        # A word too many, a character too few, and one that is another.
        ("重庆恒驰市昊和领辨铝业有限公司", True),
        ("重庆恒驰市昊和铝业有限公司", True),
        ("重庆恒驰市昊和翎l铝业有限公司", True),
        # So much is another line.
        ("重庆恒驰市吴知领辨铅亚有限公司", False),
    ],
)
def test_a_drawn_name_outvotes_an_engine_that_read_more_or_less_of_it(
    second: str, drawn: bool
) -> None:
    name = "重庆恒驰市昊和翎铝业有限公司"
    found = _voted(name, name, second, "account_name", sure=0.95)
    assert (DRAWN in found.evidence, found.against == ()) == (drawn, drawn)
    # The other engine is right: the first one's name is not what is drawn.
    wrong = _voted(name, second, name, "account_name", sure=0.95)
    assert DRAWN not in wrong.evidence
    assert wrong.against


@pytest.mark.parametrize(
    ("printed", "near", "wanted"),
    [
        ("109932", "109932", 109932),
        # What a look from near shows is asked only where no face draws a figure for the one read.
        ("109932", "109732", 109932),
        ("109832", "109932", 109832),
        ("109932", "1099.32", 109932),
        ("109932", "1099321", 109932),
    ],
)
def test_figures_that_are_drawn_as_a_look_from_near_has_them(
    printed: str, near: str, wanted: int
) -> None:
    picture, place = screen(printed)
    one = replace(place, text="109832", confidence=0.88)
    said = {(0, "raw"): ("109832", 0.88), (0, "near"): (near, 0.88)}
    height = place.box[3] - place.box[1]
    engines = shelf(First(said, height=height), said, height=height)
    found = read(hit("quantity_t", one), engines, page([one], picture=picture))
    assert found.value == wanted
    assert (DRAWN in found.evidence) is (str(wanted) == printed)


@pytest.mark.parametrize(
    ("printed", "both", "value"),
    [
        ("甘肃禹润20MW光伏发电项目", "甘肃禹润20M光伏发电项目", "甘肃禹润20MW光伏发电项目"),
        # Another unit, and words: of these nothing is made that is not looked at.
        ("甘肃禹润20kW光伏发电项目", "甘肃禹润20M光伏发电项目", "甘肃禹润20M光伏发电项目"),
        ("甘肃禹润20GW光伏发电项目", "甘肃禹润20M光伏发电项目", "甘肃禹润20M光伏发电项目"),
        ("甘肃禹润20MW光热发电项目", "甘肃禹润20MW光执发电项目", "甘肃禹润20MW光执发电项目"),
        ("甘肃禹润光优发电项目", "甘肃禹润光优发电项目", "甘肃禹润光优发电项目"),
    ],
)
@pytest.mark.parametrize("em", [12.0, 15.0])
def test_a_capacity_is_what_is_drawn(printed: str, both: str, value: str, em: float) -> None:
    found = _voted(printed, both, both, "project_name", em=em)
    assert found.value == value
    assert _accepted("project_name", found) is (value != both)


@pytest.mark.parametrize(
    "printed", ["江苏昊昊20MW电站项目", "江苏吴昊20MW电站项目", "江苏昊吴20MW电站项目"]
)
@pytest.mark.parametrize("em", [12.85, 15.0])
def test_two_characters_that_engines_read_for_rarer_ones(printed: str, em: float) -> None:
    common = printed.replace("昊", "吴")
    found = _voted(printed, common, common, "project_name", sure=0.98, em=em)
    assert found.value == printed
    assert _accepted("project_name", found)


@pytest.mark.parametrize(
    ("printed", "first", "second"),
    [
        # With a point, which is told by its ink and by what it moves.
        ("甘肃禹润49.5MW光伏发电项目", "甘肃禹润49.5M光伏发电项目", "甘肃禹润49.5M光伏发电项目"),
        ("甘肃禹润49.5MW光伏发电项目", "甘肃禹润49.5M光伏发电项目", "甘肃禹润49.5MM光伏发电项目"),
        ("甘肃禹润49.5MW光伏发电项目", "甘肃禹润49.5MM光伏发电项目", "甘肃禹润49.5M光伏发电项目"),
    ],
)
def test_a_capacity_s_unit_is_told_by_itself(printed: str, first: str, second: str) -> None:
    for face in drawing_faces():
        found = _voted(printed, first, second, "project_name", 0.98, 12.85, face)
        assert (found.value, found.against) == (printed, ()), face.name
        assert _accepted("project_name", found)


def test_a_capacity_is_put_back_where_the_face_cannot_tell_another_character() -> None:
    """余 of 13 pixels is nearly a 佘. Where a character (润, 站) is less like the face's own than
    print is, though no other is more so, it is a person's."""
    printed, read_as = (f"甘肃禹润余热201{unit}电站项目" for unit in ("MW", "M"))
    for face in drawing_faces():
        found = _voted(printed, read_as, read_as, "project_name", 0.98, 12.85, face)
        put_back = found.value == printed and _accepted("project_name", found)
        assert put_back or face.name in {"NotoSansCJKtc-Regular", "NotoSerifCJK-Regular"}
        assert put_back or not _accepted("project_name", found)


@pytest.mark.parametrize(
    ("unit", "first"),
    [
        ("M", 0), ("MM", 1), ("MV", 2), ("KW", 0), ("W", 1), ("MWp", 2), ("GW", 0), ("MN", 1),
        ("WM", 2), ("MVV", 0), ("Mw", 1),
    ],
)  # fmt: skip
def test_another_unit_than_the_one_that_is_told_is_not_it(unit: str, first: int) -> None:
    printed, read_as = (f"甘肃禹润49.5{one}光伏发电项目" for one in (unit, "M"))
    for face in drawing_faces()[first::3]:
        found = _voted(printed, read_as, read_as, "project_name", 0.98, 12.85, face)
        assert found.value == read_as, face.name
        assert not _accepted("project_name", found)


@pytest.mark.parametrize(
    ("printed", "both"),
    [
        # A point that is not there, is another mark, or was lost.
        ("甘肃禹润495MW光伏发电项目", "甘肃禹润49.5M光伏发电项目"),
        ("甘肃禹润495MW光伏发电项目", "甘肃禹润49.5MM光伏发电项目"),
        ("甘肃禹润150MW光伏发电项目", "甘肃禹润15.0M光伏发电项目"),
        ("江苏1115MW光伏发电项目", "江苏111.5M光伏发电项目"),
        ("甘肃禹润49,5MW光伏发电项目", "甘肃禹润49.5M光伏发电项目"),
        ("甘肃禹润49·5MW光伏发电项目", "甘肃禹润49.5M光伏发电项目"),
        ("江苏49.5MW光伏发电项目", "江苏495M光伏发电项目"),
        # Figures that are multiplied.
        ("甘肃禹润20×2MW光伏发电项目", "甘肃禹润20X2M光伏发电项目"),
        # Another name.
        ("甘肃禹闰49.5MW光伏发电项目", "甘肃禹润49.5M光伏发电项目"),
        ("甘肃未润49.5MW光伏发电项目", "甘肃末润49.5M光伏发电项目"),
        ("甘肃沛达49.5MW光伏发电项目", "甘肃市达49.5M光伏发电项目"),
    ],
)
def test_a_capacity_is_not_put_back_where_the_rest_is_not_as_drawn(printed: str, both: str) -> None:
    for face in drawing_faces():
        found = _voted(printed, both, both, "project_name", 0.98, 12.0, face)
        assert found.value == both, face.name
        assert not _accepted("project_name", found)


def _uming() -> DrawingFace:
    face = next((one for one in drawing_faces() if one.name == "uming"), None)
    if face is None:
        pytest.skip("AR PL UMing is not installed")
    return face


def test_marks_behind_the_characters_that_tell_the_face_are_as_wide_as_they_are() -> None:
    name = "甘肃栎衡煤层气（瓦斯）250MW发电项目"
    picture, place = screen(name, 12.85, _uming())
    for read_as in (name, name.replace("（", "(").replace("）", ")")):
        assert Typefaces(picture).proves_whole(place, read_as, asked([2, 3, 11, 12, 13]))


def test_a_stroke_is_not_the_character_that_has_it() -> None:
    picture, place = screen("福建茂沛煤层气发电项目", 13.0, _uming())
    told = Typefaces(picture).mended(place, "福建茂制煤层气发电项目", [3])
    assert told == "福建茂沛煤层气发电项目"


@pytest.mark.parametrize("level", [150, 200, 220, 235])
@pytest.mark.parametrize("at", [0, 6])
def test_a_figure_that_is_paler_than_the_others_is_no_paper(level: int, at: int) -> None:
    number = "4719362"
    lost = number[:at] + number[at + 1 :]
    picture, place = screen(number)
    wide = packaged().width(number[0], 13.0)
    part = picture[40:100, round(_LEFT + at * wide) : round(_LEFT + (at + 1) * wide)]
    part[:] = 255 - (255 - part.astype(int)) * (255 - level) // (255 - min(INK))
    one = replace(place, text=lost, confidence=0.96)
    height = place.box[3] - place.box[1]
    first, second = ({(0, "raw"): (text, 0.96)} for text in (lost, number))
    engines = shelf(First(first, height=height), second, height=height)
    found = read(hit("quantity_t", one), engines, page([one], picture=picture))
    assert DRAWN not in found.evidence
    assert not _accepted("quantity_t", found)


@pytest.mark.parametrize(("top", "proven"), [(0, True), (62, False)])
def test_a_pale_rule_beside_a_number_is_no_figure(top: int, proven: bool) -> None:
    """It goes on above and below the line; what ends within it may be a 1."""
    number = "4719362"
    picture, place = screen(number)
    picture[top or 31 : (72 if top else 105), round(place.box[0]) - 2] = 225
    found = Typefaces(picture).proves_whole(place, number, asked(range(len(number))))
    assert found is proven


def test_a_name_whose_figures_are_wide_lacks_no_character_where_it_is_drawn_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doubts, "skips", lambda *_: True)
    name = "吉林瑞远20MW光伏发电项目"
    assert "unread-ink" not in _voted(name, name, name, "project_name", sure=0.999).against
    lost = "吉林瑞远翎20MW光伏发电项目"
    assert "unread-ink" in _voted(lost, name, name, "project_name", sure=0.999).against


def test_an_account_that_is_drawn_otherwise_than_both_read_it() -> None:
    found = _voted("CN-100-4232412", "QN-100-4232412", "QN-100-4232412", "account_no")
    assert found.value == "CN-100-4232412"
    assert _accepted("account_no", found)
    as_printed = _voted("QN-100-4232412", "QN-100-4232412", "QN-100-4232412", "account_no")
    assert as_printed.value == "QN-100-4232412"
    assert not _accepted("account_no", as_printed)


@pytest.mark.parametrize(("em", "first"), [(12.0, 0), (13.0, 1), (15.0, 2)])
def test_a_hyphen_that_all_engines_lost_is_put_back_where_it_is_drawn(
    em: float, first: int
) -> None:
    read_as = "CN100-3540545"
    found = _voted("CN-100-3540545", read_as, read_as, "account_no", sure=0.99, em=em)
    assert (found.value, found.against) == ("CN-100-3540545", ())
    assert _accepted("account_no", found)
    for mark in ("", " ", ".", "_", "=", "¯", "ˉ", "‾", "~"):
        # Each face at one of the sizes: all at all of them takes three times as long.
        for face in drawing_faces()[first::3]:
            printed = f"CN{mark}100-3540545"
            other = _voted(printed, read_as, read_as, "account_no", sure=0.99, em=em, face=face)
            assert other.value == read_as
            assert not _accepted("account_no", other)


@pytest.mark.parametrize(
    ("field", "printed", "first", "second"),
    [
        ("account_no", "CN-10075450723", "CN-100-5450723", "CN-10075450723"),
        ("account_no", "CN100-3540545", "CN100-3540545", "CN100-3540545"),
        ("account_no", "CN-100-5450723", "CN-100-5450728", "CN-100-5450723"),
        ("project_name", "云南华坤水力发电项目", "云南华坤火力发电项目", "云南华坤水力发电项目"),
        ("project_name", "云南华坤光热电站工程", "云南华坤光伏电站工程", "云南华坤光热电站工程"),
        ("project_name", "江西九龙江水电站", "江西白龙江水电站", "江西九龙江水电站"),
        ("project_name", "云南华坤20KW光伏电站", "云南华坤20MW光伏电站", "云南华坤20KW光伏电站"),
        ("project_name", "云南1-3号水电站工程", "云南1.3号水电站工程", "云南1-3号水电站工程"),
    ],
)
@pytest.mark.parametrize("em", [12.0])
def test_a_drawing_settles_no_word_mark_or_figure_that_engines_differ_on(
    field: str, printed: str, first: str, second: str, em: float
) -> None:
    for face in drawing_faces():
        found = _voted(printed, first, second, field, em=em, face=face)
        record = decide(DocumentReading("cancellation", fields={field: found})).fields[field]
        assert not record.accepted or record.value == printed, face.name
        assert found.value != "CN-100-3540545"


@pytest.mark.parametrize(
    ("field", "printed", "first", "second"),
    [
        # The second engine read nothing: what the first one says of a word is nobody else's.
        ("project_name", "云南华坤火力发电项目", "云南华坤水力发电项目", ""),
        ("project_name", "云南华坤光伏电站工程", "云南华坤光热电站工程", ""),
        ("account_no", "CN-100-5450723", "CN-100-5450723", ""),
        # A figure too many in a run of equal ones.
        ("account_no", "411100123", "4111100123", "4111100123"),
        ("account_no", "400000123", "4000000123", "4000000123"),
    ],
)
def test_a_drawing_speaks_for_no_single_engine_and_no_figure_too_many(
    field: str, printed: str, first: str, second: str
) -> None:
    for em in (11.0, 13.0):
        found = _voted(printed, first, second, field, sure=0.93, em=em)
        assert DRAWN not in found.evidence
        assert not _accepted(field, found)


def test_a_word_that_only_looks_from_near_agree_on_is_not_drawn() -> None:
    printed, first = "云南华坤火力发电项目", "云南华坤水力发电项目"
    picture, place = screen(printed)
    one = replace(place, text=first, confidence=0.92)
    height = place.box[3] - place.box[1]
    engines = shelf(
        First({(0, "raw"): (first, 0.92), (0, "near"): (first, 0.92)}, height=height),
        {(0, "raw"): (printed, 0.92), (0, "near"): (first, 0.92)},
        height=height,
    )
    found = read(hit("project_name", one), engines, page([one], picture=picture))
    assert DRAWN not in found.evidence
    assert not _accepted("account_name", found)


@pytest.mark.parametrize("text", ["䶮霁光伏发电项目", "山西 昊茂 光伏发电项目", "山西　昊茂光伏"])
def test_an_empty_place_in_a_face_or_a_line_harms_nothing(text: str) -> None:
    """Some faces have a glyph without an outline for a character (䶮, a surname)."""
    for face in faces.faces():
        for soft in (None, 0.4, 1.1):
            setting = Setting(np.ones((20, 9 * len(text)), np.float32), text, face, soft)
            assert setting.glance() >= 0.0
            setting.covers()
    picture, place = screen("山西昊茂光伏发电项目")
    assert not Typefaces(picture).resembles(place, text, asked([1]))


def test_a_font_that_is_taken_away_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "山西昊茂光伏发电项目"
    picture, place = screen(text)
    gone = Face(str(tmp_path / "gone.ttf"))
    monkeypatch.setattr(typeface, "faces", lambda: (gone,))
    assert not Typefaces(picture).proves(place, text, asked([2]))


def test_nobody_s_home_has_no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _: (_ for _ in ()).throw(KeyError("nobody")))
    assert faces.faces.__wrapped__()[0] == Face(packaged().path)


def test_a_page_of_many_doubtful_names_is_a_person_s(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "山西昊茂光伏发电项目"
    picture, place = screen(text)
    monkeypatch.setattr(typeface, "_MOST_LINES", 2)
    page_of_names = Typefaces(picture)
    # The same line is compared once, however often it is asked for.
    lines = [replace(place, box=(*place.box[:3], place.box[3] + n // 2)) for n in range(8)]
    found = [page_of_names.proves(one, text, asked([2])) for one in lines][::2]
    assert found == [True, True, False, False]


def test_headings_are_not_compared() -> None:
    """Print of 90 pixels would take half a minute, and engines read it well."""
    text = "山西昊茂光伏发电项目"
    picture, place = screen(text, 48)
    assert not Typefaces(picture).proves(place, text, asked([2]))
