"""What is remembered: messages, documents, cases, letters, digests, people.

SQLAlchemy lives in this room only. Everything happens in a transaction::

    store = Store.open("sqlite:///…/clerk.db", clock, create=True)
    with store.write() as tx:
        case_no = tx.cases.open(...)
"""

from store.core import Store, Tx
from store.errors import AlreadyServing, Clash, Damaged, SchemaMismatch, StoreBusy, StoreFault
from store.schema import upgrade

__all__ = [
    "AlreadyServing",
    "Clash",
    "Damaged",
    "SchemaMismatch",
    "Store",
    "StoreBusy",
    "StoreFault",
    "Tx",
    "upgrade",
]
