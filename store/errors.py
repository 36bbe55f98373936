"""What can go wrong in the store."""

from procedure.errors import Permanent, Temporary, WrongUse


class StoreBusy(Temporary):
    """The database is locked or cannot be reached now."""

    code = "store-busy"


class StoreFault(Temporary):
    """The database refused for a reason outside a request: a full disk, a lost server."""

    code = "store-fault"


class Clash(Temporary):
    """A row that may be there only once is there already: somebody else was writing it too."""

    code = "store-clash"


class SchemaMismatch(WrongUse):
    """The database's schema is older or newer than this program."""

    code = "schema"


class AlreadyServing(WrongUse):
    """Another tree of serving processes holds the data directory."""

    code = "already-serving"


class Damaged(Permanent):
    """Bytes are not what their hash says."""

    code = "damaged-store"
