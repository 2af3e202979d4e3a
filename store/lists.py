"""Imported lists (名单): enterprises by title, members, recommenders; each import dated, older ones kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Text, cast
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from parsers.names.company import Sameness, normalise_name, same_company
from store import journal
from store.dossier.dossier import Membership, TitleHeld
from store.states import ListKind
from store.tables import ListEntryRow, ListRow

_CACHE, _WHOLE = "zhengji_lists", "zhengji_whole_lists"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list as read from its file; ``row`` is the row number there, from 1."""

    row: int
    name: str
    credit_code: str = ""
    region: str = ""
    batch: str = ""
    conferred_on: date | None = None
    valid_until: date | None = None
    pool: str = ""
    quota: int | None = None
    aliases: tuple[str, ...] = ()
    contact: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A whole list, read without a fault."""

    kind: ListKind
    name: str
    as_of: date
    file_sha256: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ListChange:
    """What an import changed against the list of the same name before it: names, sorted."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same_file: bool = False
    """The very same file was imported before with the same date: nothing was done."""


def save_list(session: Session, file: ListFile, *, by: str, at: datetime) -> ListChange:
    """Make this the current list of its kind and name; the one before stays as history."""
    before = _current(session, file.kind, file.name)
    if before and (before.file_sha256, before.as_of) == (file.file_sha256, file.as_of):
        return ListChange(same_file=True)
    change = _compare(_entries(session, before) if before else [], file.entries)
    if before:
        before.current = False
        session.add(before)
    session.info.pop(_CACHE, None)
    session.info.pop(_WHOLE, None)
    row = ListRow(kind=file.kind, name=file.name, as_of=file.as_of, file_sha256=file.file_sha256, imported=at)
    session.add(row)
    session.flush()
    session.add_all([_entry_row(row.id or 0, entry) for entry in file.entries])
    session.flush()
    sentence = (
        f"{by} 导入名单“{file.name}”（截至 {file.as_of.isoformat()}，{len(file.entries)} 行）："
        f"新增 {len(change.added)}，减少 {len(change.removed)}，变动 {len(change.changed)}。"
    )
    journal.write(session, at, by, "list-imported", f"list:{file.name}", sentence, {"file": file.file_sha256})
    return change


def titles_of(session: Session, name: str, credit_code: str) -> tuple[tuple[TitleHeld, ...], date | None]:
    """Return the titles that the current lists give an enterprise, and the oldest date among those lists."""
    lists = _current_of_kind(session, ListKind.TITLE)
    held = []
    for row in lists:
        entry = _find(session, [row], name, credit_code)
        if entry:
            held.append(TitleHeld(row.name, row.name, entry.row, row.as_of, entry.batch, entry.valid_until))
    return tuple(held), min((row.as_of for row in lists), default=None)


def membership_of(session: Session, name: str, credit_code: str) -> tuple[Membership | None, date | None]:
    """Return the enterprise's row in the current member lists, and the date of the lists (None: none imported)."""
    lists = _current_of_kind(session, ListKind.MEMBER)
    entry = _find(session, lists, name, credit_code)
    dates = {row.id: row for row in lists}
    as_of = min((row.as_of for row in lists), default=None)
    if entry is None:
        return None, as_of
    row = dates[entry.list_id]
    return Membership(row.name, entry.row, row.as_of), as_of


def recommender_of(session: Session, name: str) -> ListEntryRow | None:
    """Return a recommender's row by its full name or an alias from the current lists."""
    return _whole(session, ListKind.RECOMMENDER).find(name, "")


def is_member(session: Session, name: str, credit_code: str) -> bool:
    """Whether the current member lists have this enterprise; asked of every submission of a call at once."""
    return _whole(session, ListKind.MEMBER).find(name, credit_code) is not None


def recommender_by_address(session: Session, address: str) -> ListEntryRow | None:
    """Return the recommender whose listed contact address this is."""
    lists = _current_of_kind(session, ListKind.RECOMMENDER)
    if not lists or not address:
        return None
    query = _entries_query(lists).where(ListEntryRow.email == address.lower())
    return session.exec(query).first()


def listed_enterprise(session: Session, name: str, credit_code: str = "") -> ListEntryRow | None:
    """Return any current list row of an enterprise: its full name there is the one that counts."""
    lists = [*_current_of_kind(session, ListKind.TITLE), *_current_of_kind(session, ListKind.MEMBER)]
    return _find(session, lists, name, credit_code)


def known_names(session: Session) -> tuple[str, ...]:
    """Return all full names of the current lists, each once: OCR slips may be corrected to them."""
    lists = [row for kind in ListKind for row in _current_of_kind(session, kind)]
    if not lists:
        return ()
    return tuple(dict.fromkeys(entry.name for entry in session.exec(_entries_query(lists))))


def contact_addresses(session: Session, name: str, credit_code: str = "") -> frozenset[str]:
    """Return the addresses that the current lists give for an enterprise."""
    normal = normalise_name(name)
    lists = [*_current_of_kind(session, ListKind.TITLE), *_current_of_kind(session, ListKind.MEMBER)]
    if not lists or not (normal or credit_code):
        return frozenset()
    query = _entries_query(lists).where(ListEntryRow.email != "")
    found = session.exec(query.where(_same(normal, credit_code)))
    return frozenset(entry.email for entry in found)


class _Whole:
    """All entries of the current lists of one kind, for whoever looks up many names."""

    def __init__(self, entries: Sequence[ListEntryRow]) -> None:
        self.by_code: dict[str, ListEntryRow] = {}
        self.by_name: dict[str, list[ListEntryRow]] = defaultdict(list)
        for entry in entries:
            self.by_code.setdefault(entry.credit_code, entry)
            self.by_name[entry.normal_name].append(entry)
        self.aliased = [entry for entry in entries if entry.aliases]
        self.known: dict[tuple[str, str], ListEntryRow | None] = {}

    def find(self, name: str, credit_code: str) -> ListEntryRow | None:
        """Find as ``_find`` does."""
        key = (name, credit_code)
        if key not in self.known:
            self.known[key] = self._look(name, credit_code)
        return self.known[key]

    def _look(self, name: str, credit_code: str) -> ListEntryRow | None:
        normal = normalise_name(name)
        if credit_code and credit_code in self.by_code:
            return self.by_code[credit_code]
        for entry in self.by_name.get(normal, ()) if normal else ():
            if not (credit_code and entry.credit_code and entry.credit_code != credit_code):
                return entry
        for entry in self.aliased if normal else ():
            if any(same_company(alias, name) is Sameness.CERTAIN for alias in entry.aliases):
                return entry
        return None


def _whole(session: Session, kind: ListKind) -> _Whole:
    known: dict[ListKind, _Whole] = session.info.setdefault(_WHOLE, {})
    if kind not in known:
        lists = _current_of_kind(session, kind)
        known[kind] = _Whole(session.exec(_entries_query(lists)).all() if lists else ())
    return known[kind]


def _same(normal: str, credit_code: str) -> ColumnElement[bool]:
    by_name = col(ListEntryRow.normal_name) == normal
    return by_name | (col(ListEntryRow.credit_code) == credit_code) if credit_code else by_name


def _find(session: Session, lists: Sequence[ListRow], name: str, credit_code: str) -> ListEntryRow | None:
    """Find by credit code, then by full name, then by an alias; never by mere likeness."""
    normal = normalise_name(name)
    if not lists or not (normal or credit_code):
        return None
    query = _entries_query(lists)
    if credit_code and (entry := session.exec(query.where(ListEntryRow.credit_code == credit_code)).first()):
        return entry
    for entry in session.exec(query.where(ListEntryRow.normal_name == normal)) if normal else ():
        if not (credit_code and entry.credit_code and entry.credit_code != credit_code):
            return entry
    aliased = query.where(cast(ListEntryRow.aliases, Text) != "[]")
    for entry in session.exec(aliased) if normal else ():
        if any(same_company(alias, name) is Sameness.CERTAIN for alias in entry.aliases):
            return entry
    return None


def _entries_query(lists: Iterable[ListRow]) -> SelectOfScalar[ListEntryRow]:
    ids = [row.id for row in lists]
    return select(ListEntryRow).where(col(ListEntryRow.list_id).in_(ids)).order_by(col(ListEntryRow.id))


def _current(session: Session, kind: ListKind, name: str) -> ListRow | None:
    return next((row for row in _current_of_kind(session, kind) if row.name == name), None)


def _current_of_kind(session: Session, kind: ListKind) -> list[ListRow]:
    # One examination asks many times, and lists change only by an import.
    known: dict[str, list[ListRow]] = session.info.setdefault(_CACHE, {})
    if kind not in known:
        query = select(ListRow).where(ListRow.kind == kind, col(ListRow.current).is_(True))
        known[kind] = list(session.exec(query.order_by(col(ListRow.id))).all())
    return known[kind]


def _entries(session: Session, row: ListRow) -> list[ListEntryRow]:
    return list(session.exec(_entries_query([row])).all())


def _entry_row(list_id: int, entry: Entry) -> ListEntryRow:
    return ListEntryRow(
        list_id=list_id,
        row=entry.row,
        name=entry.name,
        normal_name=normalise_name(entry.name),
        credit_code=entry.credit_code,
        region=entry.region,
        batch=entry.batch,
        conferred_on=entry.conferred_on,
        valid_until=entry.valid_until,
        pool=entry.pool,
        quota=entry.quota,
        aliases=list(entry.aliases),
        contact=entry.contact,
        email=entry.email.lower(),
    )


def _compare(before: Sequence[ListEntryRow], now: Sequence[Entry]) -> ListChange:
    old = {row.credit_code or row.normal_name: row for row in before}
    new = {entry.credit_code or normalise_name(entry.name): entry for entry in now}
    changed = [new[key].name for key in new.keys() & old.keys() if _told(_entry_row(0, new[key])) != _told(old[key])]
    return ListChange(
        added=tuple(sorted(new[key].name for key in new.keys() - old.keys())),
        removed=tuple(sorted(old[key].name for key in old.keys() - new.keys())),
        changed=tuple(sorted(changed)),
    )


def _told(row: ListEntryRow) -> tuple[object, ...]:
    """Return what a row says, without where it stands."""
    return (
        *(row.name, row.credit_code, row.region, row.batch, row.conferred_on, row.valid_until),
        *(row.pool, row.quota, tuple(row.aliases), row.contact, row.email),
    )
