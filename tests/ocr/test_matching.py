"""A seal beside the name on its paper."""

from dataclasses import replace

from ocr.matching import matched
from procedure.evidence import collect
from procedure.readings import SealReading
from tests.procedure.made import form, seal, seen


def test_a_name_taken_over_from_the_paper_leaves_what_most_read_in_the_ring() -> None:
    ring, slip = "河北锟岚热力有限公司", "河北银岚热力有限公司"
    # No single reading is the one that was voted by characters.
    voted = seal(ring, 0.93, tries=(slip, "河北锟岚热刀有限公司"))
    found = matched(voted, slip)
    assert (found.text, found.matches_name) == (slip, True)
    assert found.tries == (ring, slip, "河北锟岚热刀有限公司")
    doc = replace(form(seen, enterprise_name=slip), seals=(found,))
    assert "seal" not in collect(doc, None).fields["enterprise_name"].evidence


def test_a_seal_whose_kind_was_not_read_is_not_said_to_be_the_firm_s_own() -> None:
    seal = SealReading(1, None, text="河北宁远热力有限公司", confidence=0.99, kind_unread=True)
    assert matched(seal, seal.text).matches_name is None
    assert matched(replace(seal, kind_unread=False), seal.text).matches_name is True
    assert matched(seal, "四川澄野水泥股份有限公司").matches_name is False
