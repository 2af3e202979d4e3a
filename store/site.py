"""Which installation these data are (站点): one id in the database, in the data folder and beside the bytes.

A database that is lost, or that belongs to another installation, is noticed by comparing the three before anything is
read or answered: with an empty database every mail of the season would be new, and everybody would be answered again.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlmodel import Session, select

from config.settings import kept_once
from store import watermarks
from store.engine import Store, StoreError
from store.tables import LedgerRow, ListRow, MessageRow

SITE = "site-id"
FILE = "site"
"""Name of the file in the data folder that holds the id."""

_LOST = (
    "数据库不见了或是空的，而原件库里还有来信：继续运行会把全部来信当作新信，再答复一遍。"
    "请停止服务，从备份恢复 {database}；确要从头开始，请另设一个空的 ZHENGJI_HOME（已答复过的会再答复一遍）。"
)
_OTHER = (
    "数据库与{what}不是同一个站点的（数据库 {ours}，{what} {theirs}）："
    "请核对 ZHENGJI_HOME 和 ZHENGJI_DATABASE_URL，或把数据库、原件库从同一次备份恢复。"
)
_NO_BYTES = "原件库 {blobs} 是空的，而数据库里有来信：请核对它所在的磁盘是否挂载，或从备份恢复原件库。"


def site_of(session: Session) -> str:
    """Return the id of this installation; empty where it has none yet."""
    return watermarks.get(session, SITE) or ""


def settle_site(store: Store, now: datetime) -> str:
    """Return the id of this installation, given to it at its first start; ``StoreError`` where its parts disagree.

    The database is written first, so a start that is killed in the middle is completed by the next one.
    """
    with store.reading() as session:
        known, untouched = site_of(session), _untouched(session)
    place = store.home / FILE
    in_home = place.read_text("ascii", errors="replace").strip() if place.is_file() else ""
    beside = store.blobs.mark()
    bytes_there = bool(beside) or next(store.blobs.hashes(), None) is not None
    if not known:
        if untouched and (in_home or bytes_there):
            raise StoreError(_LOST.format(database=store.engine.url.render_as_string()))
        known = _given(store, now)
    for what, theirs in (("数据文件夹", in_home), ("原件库", beside)):
        if theirs and theirs != known:
            raise StoreError(_OTHER.format(what=what, ours=known, theirs=theirs))
    if not untouched and not bytes_there:
        raise StoreError(_NO_BYTES.format(blobs=store.home / "blobs"))
    if not in_home:
        kept_once(place, known)
    if not beside:
        store.blobs.set_mark(known)
    return known


def _given(store: Store, now: datetime) -> str:
    """Write down a new id, or return the one that another process wrote meanwhile."""
    with store.transaction() as session:
        if not site_of(session):
            watermarks.put(session, SITE, f"zj-{secrets.token_hex(6)}", now)
        return site_of(session)


def _untouched(session: Session) -> bool:
    """Whether nothing was ever taken in."""
    return all(
        session.exec(query.limit(1)).first() is None
        for query in (select(MessageRow.sha256), select(LedgerRow.id), select(ListRow.id))
    )
