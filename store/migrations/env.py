"""Alembic's environment: one connection, one transaction, no ini file."""

from alembic import context

from store import hints
from store.dialect import begin, make_engine
from store.tables import metadata

engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    # All steps or none; and of two programs that upgrade, the second finds the work done.
    begin(connection, write=True)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    hints.make(connection)
    connection.commit()
engine.dispose()
