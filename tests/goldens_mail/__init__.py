"""Golden mails: made byte by byte by hand-written builders, each with everything that must be read from it."""

from tests.goldens_mail import bodies, heads, names, shapes, transfers
from tests.goldens_mail.kit import Golden


def all_goldens() -> list[Golden]:
    found = [golden for module in (names, heads, bodies, transfers, shapes) for golden in module.goldens()]
    assert len({golden.name for golden in found}) == len(found), "two goldens of one name"
    return found
