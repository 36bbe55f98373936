"""Two at the same time, truly: threads on one database."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

from casework import decisions, digests
from casework.filing import file_mail
from procedure.errors import Conflict
from store.rows import Envelope, MailFacts
from tests.casework.made import Firm, form, mail
from tests.casework.office import HANDLER, HEBEI, OPERATOR, Office

A = Firm(1)


def together(*acts: Callable[[], object]) -> list[object]:
    """What each gave, or the conflict that it met; they start at the same moment."""
    gate, found = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            found.append(act())
        except Conflict as conflict:
            found.append(conflict)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_a_confirmation_and_a_return_at_once_one_wins(office: Office) -> None:
    for _ in range(5):
        number = office.apply(A)
        count = len(office.state(number).applications)
        found = together(
            partial(decisions.confirm, office.desk, HEBEI, number, count),
            partial(decisions.return_, office.desk, HANDLER, number, count, "盖章不清"),
        )
        (lost,) = [one for one in found if isinstance(one, Conflict)]
        assert "已由" in lost.user_message
        app = office.state(number).applications[-1]
        if app.confirmed:
            decisions.withdraw(office.desk, HEBEI, number, count)


def test_two_workers_file_one_mail_once(office: Office) -> None:
    incoming = mail(A.email, office.reader.lay(form(A)))
    taken = office.store.take(Envelope("smtp", "k", A.email, (), office.clock.now()), b"mail")
    with office.store.write() as tx:
        tx.messages.describe(taken.message_id, MailFacts("application"))
    together(*[lambda: file_mail(office.desk, taken.message_id, incoming, office.reader)] * 3)
    assert office.events(office.case(A)) == {"application-filed": 1}
    assert len(office.letters("receipt")) == 1


def test_three_timetables_make_each_digest_once(office: Office) -> None:
    office.apply(A)
    now = office.clock.to("2021-11-05 17:35")
    together(*[lambda: digests.make_due(office.desk, now)] * 3)
    lines = digests.listed(office.desk, OPERATOR)
    kinds = Counter((one.kind, one.period, one.province) for one in lines)
    assert set(kinds.values()) == {1}
    assert len(office.letters("weekly")) == len(lines) == 2
    # Rounds before the installation began are not owed: one week, late, and today without an
    # import.
    assert len(office.letters("notice")) == 2
    assert office.tray() == ["digest-held"] * 3
