from dataclasses import replace
from typing import Any

import pytest

from procedure.acceptance import accepts, decide, families, unclear
from procedure.evidence import AMBIGUOUS
from procedure.readings import DocumentReading, ProjectRow, Reading, RecordRow
from procedure.registry import Entity
from tests.procedure.made import NAME, USCC, form, native, registry, seal, seen, shot

ONE = ("ppocr-v6",)
THREE = ("ppocr-v6", "ppocr-v4", "tesseract")
BOTH_CHECKS = ("check-character", "organisation-check")
DIFFER = ("engine-disagrees",)
STEADY = ("steady",)
UNSURE = ("unsure-character",)
DISPUTED = replace(seen(USCC, *ONE, against=DIFFER), candidates=(USCC[:-1] + "Z",))
UNLIKE = replace(DISPUTED, candidates=("0" + USCC[1:],))
"""Another engine's reading begins otherwise."""


def dated(text: str, value: str = "2021-11-24") -> Reading:
    """A date that both engines read in each drawing of its ink."""
    return replace(seen(value, evidence=STEADY, confidence=0.95), text=text)


@pytest.mark.parametrize(
    ("field", "reading", "wanted"),
    [
        # A person's word, and no value.
        ("offset_t", Reading(5, evidence=("person",)), True),
        ("offset_t", Reading(None, evidence=("native-text",)), False),
        # Native text is what the paper says, whatever is wrong with it.
        ("uscc", Reading("X", evidence=("native-text",), against=("check-fails",)), True),
        ("offset_t", Reading(5, evidence=("native-text",), against=("sum-differs",)), True),
        ("offset_t", Reading(5, evidence=("native-text",), against=(AMBIGUOUS,)), False),
        ("offset_t", Reading(5, evidence=("native-text", "sum"), against=(AMBIGUOUS,)), True),
        ("offset_t", Reading(5, evidence=("native-text",), against=("layers-differ",)), False),
        # Two engines of independent families; never confidence alone.
        ("offset_t", seen(5), True),
        ("offset_t", seen(5, *ONE, confidence=1.0), False),
        ("offset_t", seen(5, "ppocr-v6/raw", "ppocr-v6/red", confidence=1.0), False),
        ("offset_t", seen(5, against=("engine-disagrees",)), False),
        ("offset_t", seen(5, confidence=0.3), False),
        ("offset_t", seen(5, *ONE, evidence=("sum",)), True),
        ("offset_t", seen(5, *ONE, evidence=("sum",), confidence=0.5), False),
        ("offset_t", seen(5, *ONE, evidence=("repeated",), confidence=0.95), True),
        ("offset_t", seen(5, *ONE, evidence=("repeated",), confidence=0.8), False),
        ("quantity_t", seen(5, *ONE, evidence=("serial-span",)), True),
        ("serial", seen("1000-1004", *ONE, evidence=("serial-span",)), False),
        # A credit code needs its check character in any case.
        ("uscc", seen(USCC), False),
        ("uscc", seen(USCC, evidence=("check-character",)), True),
        # One of 31 misread codes passes it: one engine alone needs the organisation code's too.
        ("uscc", seen(USCC, *ONE, evidence=("check-character",)), False),
        ("uscc", seen(USCC, *ONE, evidence=BOTH_CHECKS), True),
        ("uscc", seen(USCC, *ONE, evidence=BOTH_CHECKS, confidence=0.7), False),
        ("uscc", seen("X", evidence=("check-character",), against=("check-fails",)), False),
        # Names need sure engines, or the registry or the seal beside one.
        ("enterprise_name", seen(NAME), True),
        ("enterprise_name", seen(NAME, confidence=0.7), False),
        # A speck on the paper that both read as a point; a point within a figure is none.
        ("enterprise_name", seen("吉林恒祥示例能源（集团）.有限公司"), False),
        ("enterprise_name", seen("吉林恒祥示例能源（集团）.有限公司", evidence=("seal",)), False),
        ("name", seen("东县49.5MW风电项目", confidence=0.99), True),
        ("name", seen("东县风电项目."), False),
        ("enterprise_name", seen(NAME, *ONE), False),
        ("enterprise_name", seen(NAME, *ONE, evidence=("registry",)), True),
        # The picture has the one engine's characters where the other read others.
        ("enterprise_name", seen(NAME, *ONE, evidence=("shape",)), True),
        ("enterprise_name", seen(NAME, *ONE, evidence=("shape",), confidence=0.96), False),
        # Three voices may be less sure.
        ("enterprise_name", seen(NAME, *THREE, confidence=0.955), True),
        ("offset_t", seen(5, *THREE, confidence=0.91), True),
        ("offset_t", seen(5, *THREE, confidence=0.89), False),
        ("offset_t", seen(5, *THREE, confidence=0.91, against=("engine-disagrees",)), False),
        ("contact", seen("顾言"), True),
        ("contact", seen("顾言", confidence=0.8), False),
        ("contact", seen("顾言13"), False),
        # 王 with its top stroke worn to a dot: no family name.
        ("contact", seen("主样", confidence=0.99), False),
        ("contact", seen("欧阳示例", confidence=0.99), True),
        ("operation", seen("自愿注销", *ONE), True),
        ("operation", seen("自原注销", *ONE), False),
        # Shapes that engines of all families misread alike.
        ("account_no", seen("CN-100-2055383", confidence=0.985), True),
        ("account_no", seen("CN100-2055383"), False),
        ("account_no", seen("CN100-2055383", evidence=("registry",)), True),
        ("account_no", seen("967949133018", confidence=0.985), True),
        ("code", seen("CCER-1194"), True),
        ("code", seen("OCER-1194"), False),
        ("code", seen("OCER-1194", evidence=("registry",)), True),
        ("code", seen("IX-2013-684"), False),
        ("code", seen("GS-2013-684"), True),
        ("account_no", seen("GN-100-2055383"), False),
        # A worn 9 beside a hyphen, which both read as 0 at 0.983: a third voice is needed.
        ("account_no", seen("CN-100-2085383", confidence=0.9832), False),
        ("account_no", seen("CN-100-2055383", *THREE, confidence=0.9767), True),
        ("code", seen("CCER-1194", confidence=0.975), True),
        ("project_code", seen("CCER-1194", confidence=0.965), False),
        # An engine is unsure of a character: but the registry or a ring has it too.
        ("account_no", seen("CN-100-1886978", confidence=0.99, against=UNSURE), False),
        ("account_no", seen("CN-100-1886978", against=UNSURE, evidence=("registry",)), True),
        ("account_no", seen("CN-100-1886978", against=("unsure-figure",)), False),
        (
            "account_no",
            seen("CN-100-1886978", against=("unsure-figure",), evidence=("registry",)),
            True,
        ),
        ("account_name", seen(NAME, confidence=0.99, against=UNSURE), False),
        ("account_name", seen(NAME, confidence=0.99, against=UNSURE, evidence=("seal",)), True),
        ("time", seen("2021-12-14T03:06:22+08:00", confidence=0.99, against=UNSURE), False),
        # Nearly sure, and read so in further drawings too; of usual length, and no screen's code.
        ("account_no", seen("CN-100-1886978", confidence=0.984), False),
        ("account_no", seen("CN-100-1886978", evidence=STEADY, confidence=0.95), True),
        ("account_no", seen("CN-100-1886978", evidence=STEADY, confidence=0.949), False),
        ("account_no", seen("CN-100-18869781", evidence=STEADY, confidence=0.97), False),
        ("account_no", seen("CN-100-1886978", *ONE, evidence=STEADY, confidence=0.99), False),
        ("code", seen("CCER-1194", evidence=STEADY, confidence=0.95), True),
        ("project_code", seen("CCER-1194", evidence=STEADY, confidence=0.969), False),
        ("serial", seen("1000-1004", evidence=("serial-span",), confidence=0.94), False),
        # Figures that begin with a year are what is left of a code with letters.
        *(
            ("project_code", seen(one, confidence=1.0), False)
            for one in ("203129", "2031291", "20312912")
        ),
        *(
            ("project_code", seen(one, confidence=1.0), True)
            for one in ("2031", "20312", "2041291", "0203129")
        ),
        # With its seal the page reads otherwise than without it.
        ("offset_t", seen(5, against=("seal-differs",)), False),
        ("offset_t", seen(5, evidence=("sum",), against=("seal-differs",)), True),
        ("offset_t", seen(5, evidence=("sum",), against=("seal-differs", "unit-unclear")), False),
        # 2726+9: the span of the serial numbers says the same.
        ("quantity_t", seen(5, *ONE, against=("ambiguous-number",)), False),
        ("quantity_t", seen(5, against=("ambiguous-number",), evidence=("repeated",)), False),
        ("quantity_t", seen(5, against=("ambiguous-number",), evidence=("serial-span",)), True),
        ("quantity_t", seen(5, against=("unit-unclear",), evidence=("serial-span",)), True),
        ("quantity_t", seen(5, against=("unit-unclear",), evidence=("repeated",)), False),
        (
            "quantity_t",
            seen(5, against=("ambiguous-number", "unread-ink"), evidence=("serial-span",)),
            True,
        ),
        # No figure of it is missing where the serial numbers are just so many; of these both ends
        # may have lost the same one. A record of another operation may have just that quantity.
        ("quantity_t", seen(5, against=("unread-ink",)), False),
        ("quantity_t", seen(5, against=("unread-ink",), evidence=("serial-span",)), True),
        ("quantity_t", seen(5, against=("unread-ink",), evidence=("registry",)), False),
        ("quantity_t", seen(5, *ONE, against=DIFFER, evidence=("serial-span",)), False),
        ("serial", seen("1000-1004", against=("unread-ink",), evidence=("serial-span",)), False),
        ("serial", seen("1000-1004", against=("seal-differs",), evidence=("serial-span",)), False),
        ("account_name", seen(NAME, against=("unread-ink",), evidence=("registry",)), False),
        # A credit code with both its checks, beside one that fails the first. The organisation's
        # check is not of the first eight: there both must read the same.
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS), True),
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS[:1]), False),
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS, candidates=(USCC,)), False),
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS, candidates=("0" + USCC[1:],)), False),
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS, against=("engine-disagrees", "x")), False),
        ("operation", seen("自愿注销", against=("seal-differs",)), True),
        ("operation", seen("自愿注销", *ONE, confidence=0.75), True),
        ("operation", seen("自愿注销", *ONE, confidence=0.74), False),
        ("operation", seen("交易转出", confidence=0.7), True),
        ("operation", seen("交易转出", *ONE, confidence=0.84), False),
        ("status", seen("已完成", confidence=0.69), False),
        # A misread word, by both: none that a registry prints, but for one character.
        ("operation", seen("交易转人"), False),
        ("operation", seen("自动注销"), False),
        ("status", seen("已完戍"), False),
        ("operation", seen("账户冻结"), True),
        ("status", seen("待省级复核"), True),
        ("code", seen("CCER1194"), False),
        ("phone", seen("0703-55507577"), True),
        ("phone", seen("070355507577"), False),
        ("serial", seen("321836834-321843015"), True),
        ("serial", seen("321836834321843015"), False),
        ("project_name", seen("减排量序列号注销数量操作类型"), False),
        # Both families lost the worn MW.
        ("project_name", seen("陕西隆凌20光伏发电项目", confidence=0.99), False),
        ("project_name", seen("陕西隆凌20MW光伏发电项目", confidence=0.99), True),
        # 吴 may be 昊, however sure the engines are: only the picture or the registry tells.
        ("project_name", seen("陕西吴润碳汇造林项目", confidence=0.9957), False),
        ("project_name", seen("陕西隆润碳汇造林项目", confidence=0.98), True),
        # Worn print: 衡 was read as 街 by both at 0.974; below 0.98 the picture must bear it out.
        ("project_name", seen("湖南弘街20MW光伏发电项目", confidence=0.9743), False),
        (
            "project_name",
            seen("湖南弘衡20MW光伏发电项目", confidence=0.9743, evidence=("shape",)),
            True,
        ),
        # Plain from near: brackets and words of the trade alone are unsure.
        ("account_name", seen(NAME, confidence=0.96, evidence=("near",)), True),
        ("account_name", seen(NAME, confidence=0.94, evidence=("near",)), False),
        ("account_name", seen(NAME, *ONE, confidence=0.99, evidence=("near",)), False),
        ("project_name", seen("陕西吴润碳汇造林项目", confidence=0.99, evidence=("near",)), False),
        # It makes no other field easier.
        ("account_no", seen("CN-100-2055383", confidence=0.975, evidence=("near",)), False),
        ("time", seen("2021-12-13T04:02:27+08:00", confidence=0.94, evidence=("near",)), False),
        ("project_name", seen("陕西吴润碳汇造林项目", confidence=0.98, evidence=("shape",)), True),
        ("project_name", seen("陕西吴润碳汇造林项目", confidence=0.9, evidence=("shape",)), False),
        ("enterprise_name", seen("陕西吴润热力有限公司", evidence=("seal",)), False),
        ("enterprise_name", seen("陕西吴润热力有限公司", evidence=("seal", "registry")), True),
        ("enterprise_name", seen("陕西栋润热力有限公司", confidence=0.99), False),
        ("enterprise_name", seen("陕西栋润热力有限公司", evidence=("shape",)), True),
        ("enterprise_name", seen("陕西隆润热力有限责任公司"), True),
        # No span of serial numbers: another cell's number was read with it.
        ("serial", seen("4042832153323-833148334", confidence=0.99), False),
        ("serial", seen("832153323-833148334995012", confidence=0.99), False),
        ("serial", seen("832153323-83314833401", confidence=0.99), False),
        ("serial", seen("832153323-832153323", confidence=0.99), True),
        ("phone", seen("1380013", confidence=0.99), False),
        ("phone", seen("5550757", confidence=0.99), True),
        ("serial", seen("832153323-833148334", confidence=0.99), True),
        ("serial", seen("999999-1000001", confidence=0.99), True),
        ("project_name", seen("陕西吴润碳汇造林项目", *ONE, evidence=("registry",)), True),
        # The registry's record is no reading: without a voice nothing is accepted.
        (
            "project_name",
            replace(seen("陕西吴润碳汇造林项目", evidence=("registry",)), engines=()),
            False,
        ),
        ("something-new", seen("A", *ONE, confidence=1.0), False),
    ],
)
def test_rules(field: str, reading: Reading, wanted: bool) -> None:
    assert accepts(field, reading) is wanted


@pytest.mark.parametrize(
    ("field", "reading", "wanted"),
    [
        ("enterprise_name", seen(NAME), False),
        ("enterprise_name", seen(NAME, evidence=("registry",)), True),
        ("enterprise_name", seen("陕西吴润热力有限公司", *ONE, evidence=("registry",)), False),
        ("enterprise_name", seen("陕西吴润热力有限公司", evidence=("registry",)), True),
        ("offset_t", seen(5), False),
        ("offset_t", seen(5, evidence=("sum",)), True),
        ("offset_t", seen(5, *ONE, evidence=("sum",)), False),
        ("uscc", seen(USCC, evidence=("check-character",)), True),
        ("contact", seen("顾言"), False),
        ("contact", native("顾言"), True),
        ("enterprise_name", seen(NAME, *ONE, evidence=("shape",)), False),
        ("enterprise_name", seen(NAME, evidence=("seal",)), True),
        ("enterprise_name", seen(NAME, *ONE, evidence=("seal",)), False),
        ("project_name", seen(NAME, confidence=1.0), False),
        ("offset_t", seen(5, *THREE), False),
        # Figures that both are surer of than elsewhere; a person's name never.
        ("offset_t", seen(5, confidence=1.0), False),
        ("code", seen("CCER-1194", confidence=0.99), True),
        ("code", seen("CCER-1194", confidence=0.985), False),
        ("project_code", seen("CCER-1194", confidence=0.985), True),
        ("account_no", seen("CN-100-2055383", confidence=0.98), False),
        ("phone", seen("0703-55507577", confidence=0.985), True),
        ("date", seen("2021-11-04", confidence=1.0), False),
        ("time", seen("2021-12-13T04:02:27+08:00", confidence=0.985), True),
        ("contact", seen("顾言", confidence=1.0), False),
        # With what speaks for it besides, less.
        ("offset_t", seen(5, evidence=("sum",), confidence=0.85), True),
        ("offset_t", seen(5, evidence=("sum",), confidence=0.84), False),
        ("offset_t", seen(5, evidence=("repeated",), confidence=0.95), False),
        ("quantity_t", seen(5, evidence=("serial-span",), confidence=0.85), True),
        ("quantity_t", seen(5, *ONE, evidence=("serial-span",), confidence=1.0), False),
        ("serial", seen("1000-1004", evidence=("serial-span",), confidence=0.9), True),
        ("serial", seen("1000-1004", evidence=("serial-span",), confidence=0.89), False),
        ("province", seen("河北省", evidence=("place",), confidence=0.85), True),
        ("province", seen("河北省", *ONE, evidence=("place",), confidence=0.6), True),
        ("province", seen("河北省", *ONE, evidence=("place",), confidence=0.59), False),
        ("province", seen("河北省", *ONE, confidence=1.0), False),
        # What further drawings of the same ink say too.
        ("code", seen("CCER-1194", evidence=STEADY, confidence=0.95), True),
        ("code", seen("JX-2016-471", evidence=STEADY, confidence=0.95), True),
        ("code", seen("0007", evidence=STEADY, confidence=0.95), True),
        ("code", seen("CCER-1194", evidence=STEADY, confidence=0.94), False),
        ("code", seen("CCER-1194", *ONE, evidence=STEADY, confidence=1.0), False),
        ("code", seen("CCER-1S94", evidence=STEADY, confidence=1.0), False),
        ("account_no", seen("CN-100-2055383", evidence=STEADY, confidence=0.95), True),
        ("account_no", seen("967949133018", evidence=STEADY, confidence=0.95), True),
        ("phone", seen("0703-55507577", evidence=STEADY, confidence=0.9), True),
        ("phone", seen("0703-55507577", evidence=STEADY, confidence=0.89), False),
        ("phone", seen("13800138036", evidence=STEADY, confidence=0.9), True),
        # A pale figure is lost in all of them, whoever reads it.
        ("code", seen("CCER-119", evidence=STEADY, confidence=1.0), False),
        ("code", seen("JX-2016-47", evidence=STEADY, confidence=1.0), False),
        ("code", seen("194", confidence=1.0), False),
        ("account_no", seen("CN-100-205538", evidence=STEADY, confidence=1.0), False),
        ("account_no", seen("96794913301", evidence=STEADY, confidence=1.0), False),
        ("phone", seen("0703-5550757", evidence=STEADY, confidence=1.0), False),
        ("phone", seen("55507577", evidence=STEADY, confidence=1.0), False),
        # The registry has it: it is whole.
        ("code", seen("CCER-119", evidence=("registry",), confidence=0.95), True),
        ("contact", seen("顾言", evidence=STEADY, confidence=1.0), False),
        ("date", dated("2021年11月24日"), True),
        ("date", dated("2021年11月24日", "2021-10-10"), True),
        ("date", dated("2021年1月24日", "2021-01-24"), False),
        ("date", dated("2021年2月24日", "2021-02-24"), False),
        ("date", dated("2021-11-03", "2021-11-03"), False),
        ("date", dated("二〇二一年十一月二十四日"), False),
        # An amount that a figure is lost of is read steadily too: it must stand there twice.
        ("obligation_t", seen(5, evidence=STEADY, confidence=1.0), False),
        ("offset_t", seen(5, evidence=(*STEADY, "repeated"), confidence=0.85), True),
        ("offset_t", seen(5, evidence=(*STEADY, "repeated"), confidence=0.84), False),
        ("offset_t", seen(5, *ONE, evidence=(*STEADY, "repeated"), confidence=1.0), False),
        ("uscc", seen(USCC, *ONE, evidence=(*BOTH_CHECKS, *STEADY), confidence=0.8), True),
        ("uscc", replace(UNLIKE, evidence=(*BOTH_CHECKS, *STEADY)), True),
        ("uscc", replace(UNLIKE, evidence=BOTH_CHECKS), False),
        (
            "uscc",
            replace(UNLIKE, evidence=(*BOTH_CHECKS, *STEADY), candidates=(USCC,)),
            False,
        ),
        ("uscc", seen(USCC, *ONE, evidence=("check-character", *STEADY)), False),
        ("uscc", seen(USCC, *ONE, evidence=BOTH_CHECKS, confidence=1.0), False),
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS, confidence=0.8), True),
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS, confidence=0.79), False),
        ("uscc", replace(DISPUTED, evidence=BOTH_CHECKS, candidates=("0" + USCC[1:],)), False),
        ("operation", seen("自愿注销", *ONE, confidence=0.75), True),
        ("operation", seen("自愿注销", *ONE, confidence=0.74), False),
        ("operation", seen("交易转出", *ONE, confidence=1.0), False),
        ("operation", seen("交易转出", confidence=0.7), True),
        ("operation", seen("自愿注消", confidence=1.0), False),
        ("status", seen("已完成", confidence=0.7), True),
        ("status", seen("已完成", confidence=0.69), False),
        ("status", seen("已完成", *ONE, confidence=1.0), False),
    ],
)
def test_handwriting_is_stricter(field: str, reading: Reading, wanted: bool) -> None:
    assert accepts(field, reading, handwritten=True) is wanted


def test_families() -> None:
    assert families(("ppocr-v6", "ppocr-v6/raw", "Tesseract:psm6")) == {"ppocr-v6", "tesseract"}


def one(value: Any) -> Reading:
    return seen(value, *ONE)


def test_rows_that_add_up_speak_for_the_amounts() -> None:
    doc = decide(form(one))
    assert doc.fields["offset_t"].accepted
    assert all(row.amount_t and row.amount_t.accepted for row in doc.projects)
    assert not doc.fields["obligation_t"].accepted


def test_rows_that_do_not_add_up_keep_recognised_amounts_out() -> None:
    doc = decide(form(seen, offset_t=5_100))
    assert not doc.fields["offset_t"].accepted
    assert not any(row.amount_t and row.amount_t.accepted for row in doc.projects)
    assert decide(form(native, offset_t=5_100)).fields["offset_t"].accepted


def test_the_odd_one_of_three_is_kept_out() -> None:
    doc = decide(replace(form(seen, offset_t=5_100), rows_total=seen(5_000)))
    assert not doc.fields["offset_t"].accepted
    assert doc.rows_total is not None
    assert doc.rows_total.accepted
    assert all(row.amount_t and row.amount_t.accepted for row in doc.projects)


def test_an_ambiguous_amount_needs_an_unambiguous_one_that_agrees() -> None:
    point = native(418_871, against=(AMBIGUOUS,))
    rows = (("CCER-1", "某项目一", 418_871),)
    assert (
        decide(form(native, rows, obligation_t=10**7, offset_t=point)).fields["offset_t"].accepted
    )
    both = form(native, (), obligation_t=10**7, offset_t=point)
    both = replace(both, projects=(ProjectRow(amount_t=point),))
    assert not decide(both).fields["offset_t"].accepted


def test_a_failing_check_character_is_never_accepted_from_a_picture() -> None:
    wrong = USCC[:-1] + ("0" if USCC[-1] != "0" else "1")
    assert not decide(form(seen, uscc=wrong)).fields["uscc"].accepted
    assert decide(form(native, uscc=wrong)).fields["uscc"].accepted
    assert decide(form(seen)).fields["uscc"].accepted


def test_serial_span_speaks_for_the_quantity() -> None:
    kind = seen("自愿注销")
    row = RecordRow(quantity_t=one(6182), operation=kind, serial=one("321836834-321843015"))
    doc = decide(DocumentReading("cancellation", records=(row,)))
    assert doc.records[0].quantity_t is not None
    assert doc.records[0].quantity_t.accepted
    odd = RecordRow(quantity_t=seen(6183), operation=kind, serial=seen("321836834-321843015"))
    doc = decide(DocumentReading("cancellation", records=(odd,)))
    assert doc.records[0].quantity_t is not None
    assert not doc.records[0].quantity_t.accepted


def test_a_registry_record_confirms_but_never_overwrites() -> None:
    doc = decide(form(one), registry())
    assert doc.fields["obligation_t"].accepted
    assert doc.fields["enterprise_name"].accepted
    assert doc.projects[0].code is not None
    assert doc.projects[0].code.accepted
    other = registry(entities=[Entity(NAME, USCC, "13", 100_001)])
    doc = decide(form(seen), other)
    assert not doc.fields["obligation_t"].accepted
    assert doc.fields["obligation_t"].value == 100_000
    assert decide(form(native), other).fields["obligation_t"].accepted


def test_a_neighbouring_project_number_is_no_evidence() -> None:
    doc = form(one, rows=(("CCER-1194", "甘肃远岫风电场项目", 5_000),))
    found = decide(doc, registry()).projects[0].code
    assert found is not None
    assert not found.accepted


def test_an_implausible_share_is_a_lost_digit() -> None:
    assert not decide(form(seen, obligation_t=8_000)).fields["obligation_t"].accepted


def test_deciding_again_judges_afresh() -> None:
    doc = decide(form(one))
    changed = replace(doc, fields={**doc.fields, "offset_t": one(5_001)})
    again = decide(changed)
    assert not any(row.amount_t and row.amount_t.accepted for row in again.projects)
    assert decide(doc) == doc


def test_records_confirm_a_screenshot() -> None:
    doc = decide(shot(one), registry())
    assert doc.fields["account_no"].accepted
    for row in doc.records:
        assert row.quantity_t is not None
        assert row.quantity_t.accepted
        assert row.time is not None
        assert row.time.accepted


def test_unclear_lists_required_fields() -> None:
    doc = decide(form(native, obligation_t=None, offset_t=one(4_000)))
    assert unclear(doc) == ("obligation_t", "offset_t")


def test_a_row_whose_operation_is_not_known_counts_for_nothing() -> None:
    sure = RecordRow(operation=seen("自愿注销"), quantity_t=seen(5))
    unsure = RecordRow(operation=seen(None), quantity_t=seen(5))
    lost = RecordRow(quantity_t=seen(5), time=seen("2021-11-25T10:00:00+08:00"))
    typed = RecordRow(quantity_t=native(5))
    doc = decide(DocumentReading("cancellation", records=(sure, unsure, lost, typed)))
    accepted = [row.quantity_t and row.quantity_t.accepted for row in doc.records]
    assert accepted == [True, False, False, True]


RING, SLIP = "河北洺岚热力有限公司", "河北洛岚热力有限公司"


@pytest.mark.parametrize(
    ("text", "tries", "wanted"),
    [
        # Print and one lonely reading of the ring made the same slip: the ring says otherwise.
        (SLIP, (RING, RING[:-1], SLIP), False),
        (SLIP, (SLIP, RING), True),
        (SLIP, (), True),
        (RING, (RING, SLIP), False),
    ],
)
def test_a_seal_speaks_for_the_name_that_most_read_in_it(
    text: str, tries: tuple[str, ...], wanted: bool
) -> None:
    alone = seen(SLIP, *ONE, confidence=0.75)
    doc = decide(replace(form(seen, enterprise_name=alone), seals=(seal(text, tries=tries),)))
    assert ("seal" in doc.fields["enterprise_name"].evidence) is wanted
    assert doc.fields["enterprise_name"].accepted is wanted


@pytest.mark.parametrize(
    ("engines", "other", "evidence", "wanted"),
    [
        # One engine takes the 9 of a type for a Q, where only figures can stand.
        (("ppocr-v6", "tesseract"), "Q1549QQ9MA8348198X", BOTH_CHECKS, True),
        # It needs a third engine that reads the 9, both checks, and no other figure.
        (ONE, "Q1549QQ9MA8348198X", BOTH_CHECKS, False),
        (("ppocr-v6", "tesseract"), "Q1549QQ9MA8348198X", BOTH_CHECKS[:1], False),
        (("ppocr-v6", "tesseract"), "Q1540QQ9MA8348198X", BOTH_CHECKS, False),
        (("ppocr-v6", "tesseract"), "N1549999MA8348198X", BOTH_CHECKS, False),
    ],
)
def test_letters_for_figures_are_no_other_reading_of_a_code(
    engines: tuple[str, ...], other: str, evidence: tuple[str, ...], wanted: bool
) -> None:
    reading = seen("91549999MA8348198X", *engines, evidence=evidence, against=DIFFER)
    reading = replace(reading, candidates=(other,))
    assert accepts("uscc", reading) is wanted
