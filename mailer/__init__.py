"""The mail door: listener, mailbox watcher, parsing, one file a filter, outbox's sender."""
