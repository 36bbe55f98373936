"""A seal beside the name on its paper."""

from dataclasses import replace

from ocr.matching import matched
from procedure.evidence import collect
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
