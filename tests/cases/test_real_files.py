"""Stories told once more with real files through the real readers: what the tables say is what readers give."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.engine import Store
from tests.cases.office import clear, quick_store
from tests.cases.real_mail import RealOffice
from tests.cases.story import Story, all_stories
from tests.cases.truth import expected_register

pytestmark = pytest.mark.slow

TOLD = (
    "answers-our-letter/photos-answer-our-letter-without-a-name-anywhere",
    "bundle-by-file-name/many-files-side-by-side-each-with-its-firms-name-1",
    "bundle-by-folder/one-archive-with-a-folder-for-each-firm-1",
    "corrected-version/a-corrected-form-replaces-the-older-one-1",
    "forwarded/a-colleague-forwards-the-firms-mail",
    "forwarded/only-the-forwarded-mail-names-the-firm",
    "machine-mail/an-automatic-reply-to-our-letter-is-nobodys-submission",
    "no-recommender/the-field-of-the-recommender-says-that-there-is-none-member",
    "nothing-brought/a-mail-without-materials-opens-nothing-question",
    "nothing-brought/a-mail-without-materials-opens-nothing-templates",
    "nothing-brought/a-mail-without-materials-opens-nothing-withdrawal",
    "number-and-sender/the-number-in-the-subject-with-the-sender-we-know",
    "placeholder-name/a-placeholder-stands-where-the-name-should-be-xx",
    "second-case/a-second-case-of-the-same-firm-is-opened-apart-and-asked-1",
    "sent-twice/the-very-same-form-sent-twice-1",
    "stranger-form/a-strangers-form-with-the-firms-full-name-waits-for-staff-1",
    "supplement-closes-items/what-was-lacking-comes-1",
)
SCANNED = ("parts-in-several-mails/three-mails-in-a-row-that-together-are-complete",)
"""Told with a stamped and scanned form, which only OCR can read."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = quick_store(tmp_path_factory.mktemp("real"))
    yield store
    store.close()


def story_of(path: str) -> Story:
    return next(one for one in all_stories() if f"{one.shape}/{one.name}" == path)


@pytest.mark.parametrize("path", [*TOLD, *SCANNED])
def test_the_same_story_with_real_files_gives_the_same_register(opened: Store, path: str) -> None:
    clear(opened)
    story = story_of(path)
    office = RealOffice(opened, story, scanned=path in SCANNED)
    office.play()
    assert office.faults() == []
    assert office.teller.register() == expected_register(story.then, story.mails)
    assert office.teller.asked() == story.then.get("asked", [])
    if "kinds" in story.then:
        assert [office.examined[place].kind for place in sorted(office.examined)] == story.then["kinds"]
