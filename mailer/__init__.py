"""The mail door: listener, mailbox watcher, parsing, one file a filter, outbox's sender.

Public doors of this room::

    mailer.mail.Mail, Part, Link, MailProblem
    mailer.parse.parse(raw, own=frozenset(), envelope_from=None) -> Mail
    mailer.parse.limited(raw, own=…, envelope_from=…, seconds=…, memory=…) -> Mail
    mailer.listener.Listener(store, ListenerSettings(…), clock, on_taken=None).start() / .stop()
    mailer.watcher.Watcher(store, Mailbox(…), clock, on_taken=None).run(stop) ; watch(…)
    mailer.compose.compose(dressed, intent, message_id, date) -> bytes ; message_id(key, domain)
    mailer.sender.Sender(relay_url, office_address).send(row) -> Outcome
    mailer.outbox.dress_due(store, clock, domain) ; send_due(store, sender, clock)

Nothing is imported here: parsing runs in a child process that starts often.
"""
