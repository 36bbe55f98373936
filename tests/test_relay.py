"""Letters leave through a real Postfix: taken, refused for a while, refused for good, queued."""

import io
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from clerk.demo import data, mails
from tests.house import RunningHouse, free_port, until
from tests.postfix import USABLE, WHY, Postfix
from tests.sink import Sink

if not USABLE and not os.environ.get("CI"):
    pytest.skip(WHY, allow_module_level=True)

EVENING = "2021-10-26T18:00:00+08:00"
COMPLETE = "2021-10-26T17:30:00+08:00"
PROVINCE, CRC = "hebei@province.example", "ccer@chinacrc.net.cn"
HEADINGS = "一般持有账户账号,账户名称,项目编号,注销数量（吨）,操作类型,状态,完成时间,省份\n"


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def postfix(sink: Sink) -> Iterator[Postfix]:
    server = Postfix(free_port(), sink.port)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def house(tmp_path: Path, postfix: Postfix) -> Iterator[RunningHouse]:
    """On the first day, whose records are in: one letter is due, to the province and to CRC."""
    opened = RunningHouse(tmp_path, postfix, EVENING)
    opened.run("init")
    none = tmp_path / "cancellations.csv"
    none.write_text(HEADINGS, encoding="utf-8")
    opened.run("registry", "import", "cancellations", str(none), "--until", COMPLETE)
    yield opened
    opened.stop()


def delivery(house: RunningHouse) -> str:
    """What became of the day's letter: of its two recipients the worse."""
    lines = [json.loads(line) for line in house.run("digest", "list", "--json").splitlines()]
    return "".join(line["delivery"] for line in lines if line["kind"] == "daily")


def told(sink: Sink) -> list[tuple[str, str]]:
    """Message-ID and recipient of what arrived, but for the registration body's own file."""
    own = ((one, to) for one, to in sink.letters() if "全国" not in str(one["Subject"]))
    return [(str(one["Message-ID"]), each) for one, to in own for each in to]


def arrived(sink: Sink) -> list[str]:
    return sorted(to for _, to in told(sink))


def test_letters_arrive_whole_and_once(house: RunningHouse, postfix: Postfix, sink: Sink) -> None:
    form = mails.applications(data.world())[0]
    house.start()
    house.send(form.raw, form.sender)
    wanted = sorted((PROVINCE, CRC, form.sender))
    until(lambda: arrived(sink) == wanted, missing=lambda: (arrived(sink), postfix.log()[-2000:]))
    until(lambda: delivery(house) == "sent")
    identities = Counter(message_id for message_id, _ in told(sink))
    assert sorted(identities.values()) == [1, 2]
    (receipt,) = [one for one in sink.messages() if "回执" in str(one["Subject"])]
    # Postfix passed it on, and changed neither its text nor its threading.
    assert "relay.example (Postfix)" in str(receipt["Received"])
    assert str(receipt["In-Reply-To"]) in form.raw.decode("ascii", "replace")
    body = receipt.get_body(("plain",))
    assert body is not None
    assert form.subject in body.get_content()
    daily = next(one for one in sink.messages() if "注销记录" in str(one["Subject"]))
    sheets = [one for one in daily.iter_attachments() if str(one.get_filename()).endswith(".xlsx")]
    payload = sheets[0].get_payload(decode=True)
    assert isinstance(payload, bytes)
    book = load_workbook(io.BytesIO(payload))
    assert book.sheetnames
    assert "status=sent" in postfix.log()


def test_a_letter_waits_in_the_relay_while_nobody_takes_it(
    house: RunningHouse, postfix: Postfix, sink: Sink
) -> None:
    sink.stop()
    house.start()
    until(lambda: delivery(house) == "sent")
    until(lambda: postfix.log().count("status=deferred") >= 2)
    assert arrived(sink) == []
    sink.start()
    until(lambda: arrived(sink) == [CRC, PROVINCE])
    assert len({message_id for message_id, _ in told(sink)}) == 1


def test_not_now_is_tried_again_later(house: RunningHouse, postfix: Postfix, sink: Sink) -> None:
    postfix.answer({PROVINCE: "450 4.2.1 mailbox busy"})
    house.start()
    until(lambda: arrived(sink) == [CRC])
    until(lambda: delivery(house) == "deferred")
    postfix.answer({})
    # Not before its time.
    house.set_clock("2021-10-26T18:00:59+08:00")
    tries = postfix.log().count("450 4.2.1")
    assert delivery(house) == "deferred"
    house.set_clock("2021-10-26T18:01:01+08:00")
    until(lambda: arrived(sink) == [CRC, PROVINCE])
    until(lambda: delivery(house) == "sent")
    assert postfix.log().count("450 4.2.1") == tries == 1


def test_a_refusal_for_good_stops_no_other(
    house: RunningHouse, postfix: Postfix, sink: Sink
) -> None:
    postfix.answer({PROVINCE: "550 5.1.1 no such mailbox"})
    house.start()
    until(lambda: arrived(sink) == [CRC])
    until(lambda: delivery(house) == "failed")
    # Whatever time passes, nobody asks again.
    house.set_clock("2021-10-27T09:00:00+08:00")
    house.kill()
    house.start()
    until(lambda: delivery(house) == "failed")
    assert postfix.log().count("550 5.1.1") == 1
    # The mailbox is there again: the operator sends it once more, under the same identity.
    postfix.answer({})
    lines = house.run("digest", "list", "--json").splitlines()
    (line,) = [one for one in lines if json.loads(one)["kind"] == "daily"]
    assert house.run("digest", "resend", json.loads(line)["key"]).split()[1:] == [PROVINCE]
    until(lambda: PROVINCE in arrived(sink))
    assert len({message_id for message_id, _ in told(sink)}) == 1


def test_letters_wait_while_the_relay_is_away(
    house: RunningHouse, postfix: Postfix, sink: Sink
) -> None:
    postfix.halt()
    house.start()
    until(lambda: delivery(house) == "deferred")
    postfix.start()
    house.set_clock("2021-10-26T18:01:01+08:00")
    until(lambda: arrived(sink) == [CRC, PROVINCE])
    until(lambda: delivery(house) == "sent")
