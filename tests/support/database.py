"""The migrated database of which every test database is a copy, and how copies are emptied.

Running all migrations takes much longer than copying the database they leave behind. So that
database is built once, kept in the server and named by a digest of all that decides what it
contains; a change there makes another one and drops the old. Copies carry the name of their
original as comment: `--reuse-db` takes up only a copy of the present one.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

ROOT = Path(__file__).resolve().parents[2]

#: Where temporary tables go, if it exists (settings/test.py), and the folder it is made in.
MEMORY, _SHARED_MEMORY = "tests_memory", Path("/dev/shm")
#: Bytes that have to be free there.
_ROOM = 1 << 30
#: Bytes of a table that is worth a visit.
_GROWN = 1_000_000
#: Comes with the code after each migration.
CONSTANT = {"django_content_type", "auth_permission", "compliance_retirement_date"}

_PLACE = "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = %s"


def provide_template(connection: Any, *, keep: bool) -> None:
    """Have Django create the test database of `connection` as a copy of the migrated one.

    With `keep`, a test database of an earlier run stays if it is such a copy; else it goes.
    Any number of processes may call this at once: one builds, the others wait for it.
    """
    prefix = f"{connection.settings_dict['NAME']}_template_"
    template = prefix + _digest()
    with connection.creation._nodb_cursor() as cursor:
        # Of the session: given back when the connection ends, in whatever way.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [prefix])
        known = _databases(cursor)
        if template not in known:
            for stale in known:
                if stale.startswith(prefix):
                    cursor.execute(f'DROP DATABASE "{stale}"')
            _build(connection, cursor, template)
        test_database = connection.creation._get_test_db_name()
        if keep and known.get(test_database, template) != template:
            cursor.execute(f'DROP DATABASE "{test_database}"')
    connection.settings_dict["TEST"]["TEMPLATE"] = template


def provide_memory(connection: Any) -> None:
    """Let the embedded server keep the files of temporary tables in memory, where there is room.

    Each check makes and drops a dozen; on a disk that is a sixth of the server's own time. What
    outlives a session stays on the disk.
    """
    if not _SHARED_MEMORY.is_dir() or _free(_SHARED_MEMORY) < _ROOM:
        return
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [MEMORY])
        cursor.execute(_PLACE, [MEMORY])
        if known := cursor.fetchone():
            if Path(known[0]).is_dir():
                return
            cursor.execute(f"DROP TABLESPACE {MEMORY}")  # the machine was started anew
        cursor.execute("SHOW data_directory")
        server = Path(cursor.fetchone()[0]).stat()
        if os.geteuid() in (0, server.st_uid):
            folder = tempfile.mkdtemp(prefix="cadre-portal-tests-", dir=_SHARED_MEMORY)
            os.chown(folder, server.st_uid, server.st_gid)
            cursor.execute(f"CREATE TABLESPACE {MEMORY} LOCATION %s", [folder])


def give_back_memory(cursor: Any) -> None:
    """Undo `provide_memory`; when nobody works in the test databases any more."""
    cursor.execute(_PLACE, [MEMORY])
    if known := cursor.fetchone():
        cursor.execute(f"DROP TABLESPACE {MEMORY}")
        Path(known[0]).rmdir()


def note_standing(connection: Any) -> None:
    """Keep copies of the rows that migrations left, and write down what the database copies.

    From now on autovacuum stays away. It would come whenever a minute is over, see no rows, since
    tests commit none, and have the planner believe that the next test's tables are empty.
    """
    database = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True)
        cursor.execute(
            "; ".join(f'ALTER TABLE "{table}" SET (autovacuum_enabled = off)' for table in tables)
        )
        if template := connection.settings_dict["TEST"].get("TEMPLATE"):
            cursor.execute(f'COMMENT ON DATABASE "{database}" IS %s', [template])
        cursor.execute("CREATE SCHEMA IF NOT EXISTS standing")
        for table in _full(cursor, connection):
            cursor.execute(f'CREATE TABLE IF NOT EXISTS standing."{table}" AS TABLE "{table}"')


def empty(connection: Any) -> bool:
    """Leave the rows that migrations left and no others; False if the account may not.

    Django's `flush` truncates all tables and sends `post_migrate`. But TRUNCATE makes every
    table and index anew, full or not, and each costs a file; and what comes with the code
    (CONSTANT) no test changes. Silencing triggers and foreign keys is a superuser's right.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() != ("on",):
            return False
        cursor.execute("SET LOCAL session_replication_role = replica")
        acts = [f'DELETE FROM "{table}"' for table in _full(cursor, connection)]
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'standing'")
        acts += [f'INSERT INTO "{table}" TABLE standing."{table}"' for (table,) in cursor]
        cursor.execute("; ".join(acts))
    return True


def vacuum(connection: Any) -> None:
    """Take away what tests left behind in tables that have grown; outside of transactions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " 'public'::regnamespace AND pg_relation_size(oid) > %s",
            [_GROWN],
        )
        if grown := [table for (table,) in cursor]:
            cursor.execute(f"VACUUM {', '.join(grown)}")


def _full(cursor: Any, connection: Any) -> list[str]:
    """Return the tables of models that have rows, without those that no test changes."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    cursor.execute(
        " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"
            for table in sorted({*tables} - CONSTANT)
        )
    )
    return [table for (table,) in cursor]


def _free(folder: Path) -> int:
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize


def _databases(cursor: Any) -> dict[str, str | None]:
    """Return the comments of all databases by name."""
    cursor.execute("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database")
    return dict(cursor.fetchall())


def _build(connection: Any, cursor: Any, template: str) -> None:
    """Migrate an empty database; it gets its name when it is whole."""
    options, ordinary = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
    test_name, unfinished = options["NAME"], f"{template}_unfinished"
    options["NAME"] = unfinished
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        options["NAME"] = test_name
        connection.creation.destroy_test_db(ordinary, verbosity=0, keepdb=True)
    # A database that somebody is connected to cannot be copied.
    cursor.execute(f'ALTER DATABASE "{unfinished}" WITH ALLOW_CONNECTIONS false')
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')


def _digest() -> str:
    """Return a digest of the migrations of all applications and of the packages they use."""
    digest = hashlib.sha256()
    for path in (ROOT / "requirements.txt", *_migration_files()):
        digest.update(b"%s %d\n" % (path.name.encode(), path.stat().st_size))
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _migration_files() -> Iterator[Path]:
    for application in apps.get_app_configs():
        folder = Path(application.path) / "migrations"
        yield from sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".sql"})
