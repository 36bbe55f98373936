"""The flood of one province keeps no other one waiting: on both databases."""

from datetime import timedelta

from casework.lanes import NOBODY_KNOWN, sort_waiting
from store.rows import Envelope
from tests.casework.made import Firm
from tests.casework.office import Office

HEBEI = [Firm(n, f"河北示例{n}有限公司", email=f"a{n}@hebei.example") for n in range(1, 13)]
SHANXI = [
    Firm(n, f"山西示例{n}有限公司", "14", "山西省", email=f"a{n}@shanxi.example")
    for n in range(1, 4)
]


def _come(office: Office, senders: list[str]) -> None:
    for sender in senders:
        office.clock.step(seconds=1)
        envelope = Envelope("smtp", sender, sender, (), office.clock.now())
        office.store.take(envelope, sender.encode())


def _served(office: Office, worker: str = "w", most: int = 99) -> list[str]:
    """The senders of what waits, in the order in which one worker takes them."""
    served: list[str] = []
    now, lane = office.clock.now(), ""
    while len(served) < most:
        with office.store.write() as tx:
            found = tx.messages.claim_next(worker, now + timedelta(hours=1), now, lane)
            if found is None:
                break
            lane = tx.messages.lane(found)
            served.append(tx.messages.raw(found).decode())
    return served


def _registered(office: Office) -> None:
    assert office.entities(*HEBEI, *SHANXI).ok


def test_lanes_are_served_in_turn_and_each_of_them_the_oldest_first(office: Office) -> None:
    _registered(office)
    flood, few = [f.email for f in HEBEI], [f.email for f in SHANXI]
    _come(office, [*flood, *few, "who@nowhere.example"])
    assert sort_waiting(office.desk) == 16
    order = _served(office)
    assert sorted(order) == sorted([*flood, *few, "who@nowhere.example"])
    assert order[:4] == ["who@nowhere.example", flood[0], few[0], flood[1]]
    assert [one for one in order if one in flood] == flood
    assert [one for one in order if one in few] == few
    assert max(order.index(one) for one in few) <= 6


def test_the_same_order_for_several_workers(office: Office) -> None:
    _registered(office)
    _come(office, [f.email for f in (*HEBEI, *SHANXI)])
    sort_waiting(office.desk)
    first = {one for n in range(3) for one in _served(office, f"w{n}", 2)}
    assert {f.email for f in SHANXI} <= first


def test_several_workers_go_through_the_lanes_together(office: Office) -> None:
    """Each by himself would begin with the same province, and come to the last one late."""
    places = {"13": "河北省", "14": "山西省", "37": "山东省", "44": "广东省", "61": "陕西省"}
    firms = [
        Firm(n, f"{name}示例{n}有限公司", code, name, email=f"a{n}@{code}.example")
        for code, name in places.items()
        for n in (1, 2, 3)
    ]
    assert office.entities(*firms).ok
    _come(office, [firm.email for firm in firms])
    sort_waiting(office.desk)
    at: dict[str, str] = {}
    served = []
    for turn in range(10):
        worker, now = f"w{turn % 3}", office.clock.now()
        with office.store.write() as tx:
            last = at.get(worker, "")
            if last:
                tx.messages.failed(last, "later", now + timedelta(hours=1))
            lane = tx.messages.lane(last)
            found = tx.messages.claim_next(worker, now + timedelta(hours=1), now, lane)
            assert found is not None
            at[worker] = found
            served.append(tx.messages.lane(found))
    assert sorted(served[:5]) == sorted(places)
    assert sorted(served[5:]) == sorted(places)


def test_what_came_since_the_sorting_passes_nobody_by_and_is_not_left(office: Office) -> None:
    """Of one province the mail that came first is filed first, and gets the smaller number."""
    _registered(office)
    first, second, third, fourth = [f.email for f in HEBEI[:4]]
    _come(office, [first, second])
    assert sort_waiting(office.desk) == 2
    _come(office, [third, fourth])
    assert _served(office) == [first, second, third, fourth]


def test_one_that_comes_while_others_wait_is_sorted_among_them(office: Office) -> None:
    _registered(office)
    _come(office, [HEBEI[0].email])
    assert sort_waiting(office.desk) == 0, "alone it has no order to keep"
    _come(office, [f.email for f in HEBEI[1:]])
    assert sort_waiting(office.desk) == len(HEBEI)
    _come(office, [SHANXI[0].email])
    assert sort_waiting(office.desk) == 1
    assert SHANXI[0].email in _served(office, most=2)


def test_the_province_s_own_mailbox_is_in_its_lane_and_others_in_one(office: Office) -> None:
    _come(office, ["HEBEI@p.example", "x@a.example", "y@b.example"])
    assert sort_waiting(office.desk, limit=2) == 2
    _come(office, ["z@b.example"])
    sort_waiting(office.desk)
    with office.store.read() as tx:
        lanes = {tx.messages.raw(one).decode(): tx.messages.lane(one) for one in tx.messages.ids()}
    assert lanes == {
        "HEBEI@p.example": "13",
        **dict.fromkeys(("x@a.example", "y@b.example", "z@b.example"), NOBODY_KNOWN),
    }


def test_a_sender_s_next_message_waits_for_the_one_at_work(office: Office) -> None:
    one, other = HEBEI[0].email, HEBEI[1].email
    _come(office, [one, one.upper(), other])
    assert _served(office, "w1", 1) == [one]
    assert _served(office, "w2", 2) == [other], "the second of the same sender waits"
    with office.store.write() as tx:
        first = tx.messages.ids()[0]
        tx.messages.failed(first, "later", office.clock.now() + timedelta(hours=1))
    assert _served(office, "w2", 1) == [], "the first is tried again soon"
    with office.store.write() as tx:
        for _ in range(2):
            tx.messages.failed(first, "later", office.clock.now() + timedelta(hours=1))
    assert _served(office, "w2", 1) == [one.upper()], "one that fails again and again blocks nobody"
