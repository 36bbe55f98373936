"""The original of an application, sent as it came."""

import mimetypes

from bot import pick, show, texts
from bot.messages import File, Reply
from bot.references import Reference
from casework import rights, views
from casework.desk import Desk
from store.rows import Person


def original(desk: Desk, person: Person, seen: Reference) -> Reply:
    """The latest version's document; bytes unchanged, its look is logged by casework."""
    view = views.case_view(desk, person, seen.case_no)
    card = pick.card_of(view, seen.application)
    if card is None or not card.versions:
        return Reply(
            texts.NO_SUCH_APPLICATION.format(case_no=seen.case_no, application=seen.application)
        )
    latest = max(card.versions, key=lambda one: one.version)
    name, data = views.document(desk, person, seen.case_no, latest.document)
    text = texts.DOCUMENT_SENT.format(
        case_no=seen.case_no, application=card.application, version=latest.version
    )
    decides = card.stage in show.DECIDABLE and rights.may(person, "confirm", view.province)
    then = str(texts.DOCUMENT_NEXT) if decides else show.next_step(view)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    buttons = (show.deciding(view.case_no, card.application),) if decides else ()
    return Reply(f"{text}\n{then}", buttons, (File(name, kind, data),))
