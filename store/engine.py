"""The database and the blobs behind one value (存储): transactions, and the schema brought up to date at open."""

from __future__ import annotations

import contextlib
import fcntl
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlmodel import Session

from store import shelf_due
from store.blobs.open_blobs import open_blobs
from store.blobs.protocol import Blobs

__all__ = [
    "BUSY_SECONDS",
    "Session",
    "Store",
    "StoreError",
    "blobs_of",
    "open_store",
    "schema_fault",
    "sentence_of",
    "serialise",
    "storable",
    "upgrade",
]

BUSY_SECONDS = 30
"""How long a writer waits for another one before SQLite says that the database is locked."""

_READING, _BLOBS = "zhengji_reading", "zhengji_blobs"
_UPGRADE_LOCK = "zhengji-upgrade"


Transaction: TypeAlias = Session
"""An open transaction, as steps hand it on without knowing what a database is."""

DATABASE_ERRORS = (SQLAlchemyError,)
"""What reading and writing may raise where the database is broken, out of reach, or of another version."""


class StoreError(Exception):
    """The store cannot be opened. The message is one Chinese sentence with the cure."""


_KEPT = "再运行一次；已收的都在，没有收的来信都还在邮箱里。"
_HELD = f"数据库正被别的程序占用，等了 {BUSY_SECONDS} 秒：请关闭打开着 zhengji.db 的程序（如数据库浏览器），"
_BROKEN = "数据库文件已损坏或磁盘有故障：请停止服务，从备份恢复 zhengji.db；来信原件在 blobs 里。"
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"database (table )?is locked|busy", re.IGNORECASE), _HELD + _KEPT),
    (re.compile(r"disk is full|no space", re.IGNORECASE), f"磁盘已满，数据库写不进：请清理磁盘，{_KEPT}"),
    (re.compile(r"readonly|read-only", re.IGNORECASE), "数据库不能写入：请核对数据文件夹的权限，它不能是只读的。"),
    (re.compile(r"unable to open", re.IGNORECASE), "打不开数据库文件：请核对数据文件夹还在、权限没有改变。"),
    (re.compile(r"malformed|not a database|disk I/O", re.IGNORECASE), _BROKEN),
)


def sentence_of(error: BaseException) -> str:
    """Say what a fault of the database is and how to mend it, in one Chinese sentence; empty for any other error."""
    if not isinstance(error, DBAPIError):
        return ""
    told = " ".join(str(error.orig).split())
    for words, sentence in _WORDS:
        if words.search(told):
            return sentence
    if not isinstance(error, OperationalError):
        return ""
    return f"数据库出错或断开：请确认它已启动、网络通畅，{_KEPT}原话：{told[:200]}"


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: the database, the blobs, and the data folder they belong to."""

    engine: Engine
    blobs: Blobs
    home: Path

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session in one transaction: all of it is kept, or (on any exception) nothing.

        On SQLite the write lock is taken at the start (BEGIN IMMEDIATE), so no transaction fails half way because
        another one wrote in between. ``OperationalError`` where the lock cannot be had in time: trying again is the
        caller's decision.
        """
        with self._session(self.engine) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only looks; nothing done in it is kept."""
        with self._session(self.engine.execution_options(**{_READING: True})) as session:
            yield session

    def _session(self, engine: Engine) -> Session:
        # Rows that keep only the hash of their bytes need the blobs beside them.
        session = Session(engine, expire_on_commit=False, info={_BLOBS: self.blobs})
        shelf_due.follow(session)
        return session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str, home: Path, *, migrate: bool = True) -> Store:
    """Open the database at this SQLAlchemy address and the blobs below ``home``; bring the schema up to date.

    ``url`` empty means SQLite in ``home/zhengji.db``. ``migrate`` false leaves the schema as it is (``doctor``).
    ``StoreError`` where the address is wrong, the server does not answer, or the schema is newer than this program.
    """
    home.mkdir(parents=True, exist_ok=True)
    store = Store(engine=_engine(url or _file_in(home)), blobs=open_blobs(home), home=home)
    try:
        if migrate:
            upgrade(store)
    except BaseException:
        store.close()
        raise
    return store


def _file_in(home: Path) -> URL:
    # Not as text: a ``?`` or ``#`` in the folder's name would cut an address.
    return URL.create("sqlite", database=str(home / "zhengji.db"))


def blobs_of(session: Session) -> Blobs:
    """Return the blobs of the store that a transaction belongs to."""
    blobs: Blobs = session.info[_BLOBS]
    return blobs


def serialise(session: Session, name: str) -> None:
    """Let only one transaction at a time past this point until it ends.

    SQLite writers already stand in one line. On PostgreSQL an advisory lock makes them do so.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key(name)})


def upgrade(store: Store) -> None:
    """Bring the schema to the newest revision; does nothing where it is there. Safe to run from several processes."""
    with _one_at_a_time(store) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        config = migration_config(connection, store.blobs)
        if current == ScriptDirectory.from_config(config).get_current_head():
            return
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            sentence = f"数据库的结构版本 {current} 比本程序新，请改用写入它的那个版本或更新的版本。"
            raise StoreError(sentence) from error


def schema_fault(store: Store) -> str:
    """Say why the database cannot be used as it is: out of reach, damaged, of another version; empty where it can."""
    try:
        with store.engine.execution_options(**{_READING: True}).connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            scripts = ScriptDirectory.from_config(migration_config(connection, store.blobs))
            if connection.dialect.name == "sqlite":
                checked = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
                if checked != "ok":
                    return f"{_BROKEN}原话：{checked[:120]}"
    except DBAPIError as error:
        return _cannot_open(store.engine, error)
    if current == scripts.get_current_head():
        return ""
    if current in {one.revision for one in scripts.walk_revisions()} or current is None:
        return "数据库的结构是旧版本的：下次启动（zhengji run --once 或 serve）时自动更新，请先备份。"
    return f"数据库的结构版本 {current} 比本程序新，请改用写入它的那个版本或更新的版本。"


def migration_config(connection: Connection, blobs: Blobs) -> Config:
    """Return Alembic's configuration for our migrations, bound to this connection and these blobs."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes |= {"connection": connection, "blobs": blobs}
    return config


@contextlib.contextmanager
def _one_at_a_time(store: Store) -> Iterator[Connection]:
    with (store.home / ".upgrade.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            connection = store.engine.connect()
        except DBAPIError as error:
            raise StoreError(_cannot_open(store.engine, error)) from error
        with connection, connection.begin():
            if connection.dialect.name == "postgresql":
                # Workers on other machines do not see the file lock.
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key(_UPGRADE_LOCK)})
            yield connection


def _cannot_open(engine: Engine, error: DBAPIError) -> str:
    """Say what of the database does not answer, where it is, and how to mend it."""
    if engine.dialect.name == "sqlite":
        return f"{sentence_of(error)}（{engine.url.database}）"
    where = engine.url.render_as_string()
    if re.search(r"password|authentication|no pg_hba|role .* does not exist", str(error.orig), re.IGNORECASE):
        return f"数据库 {where} 拒绝登录：请核对 ZHENGJI_DATABASE_URL 中的用户名和密码。"
    if re.search(r"database .* does not exist", str(error.orig), re.IGNORECASE):
        return f"数据库服务器上没有这个库 {where}：请先建库，或核对 ZHENGJI_DATABASE_URL 末尾的库名。"
    return f"打不开数据库 {where}：服务器没有应答，请核对 ZHENGJI_DATABASE_URL，并确认其已启动。"


def _lock_key(name: str) -> int:
    return zlib.crc32(name.encode())


def _engine(address: str | URL) -> Engine:
    try:
        url = make_url(address)
    except ArgumentError as error:
        sentence = (
            "ZHENGJI_DATABASE_URL 写法不对：应形如 sqlite:////data/zhengji.db 或 postgresql://用户:密码@主机/库名。"
        )
        raise StoreError(sentence) from error
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    elif url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        sentence = f"ZHENGJI_DATABASE_URL 不支持 {url.get_backend_name()}：请用 sqlite 或 postgresql。"
        raise StoreError(sentence)
    event.listen(engine, "before_cursor_execute", _storable_parameters, retval=True)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would otherwise begin transactions by its own rules, late and deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _storable_parameters(
    _connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    """Take out what no database stores as text: NUL (PostgreSQL refuses it) and halves of surrogate pairs."""
    if isinstance(parameters, dict):
        return statement, _storable_row(parameters)
    if isinstance(parameters, list):
        return statement, [_storable_row(row) for row in parameters]
    return statement, _storable_row(parameters)


def _storable_row(row: Any) -> Any:
    if isinstance(row, dict):
        return {key: storable(value) if isinstance(value, str) else value for key, value in row.items()}
    return tuple(storable(value) if isinstance(value, str) else value for value in row)


def storable(value: str) -> str:
    """Return the text without NUL and with ``?`` for each half of a surrogate pair; mostly the text itself."""
    if "\0" in value:
        value = value.replace("\0", "")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode(errors="replace").decode()
    return value
