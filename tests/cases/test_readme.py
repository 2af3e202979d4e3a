"""Every shape of issue 7 is told at least three times, each time in other words, and the README lists them all."""

from __future__ import annotations

import os
from collections import defaultdict

from tests.cases.readme import README, readme_text, shapes
from tests.cases.story import Story, all_stories

STORIES = all_stories()


def by_shape() -> dict[str, list[Story]]:
    found: dict[str, list[Story]] = defaultdict(list)
    for story in STORIES:
        found[story.shape].append(story)
    return found


def test_every_shape_is_told_at_least_three_times() -> None:
    told = by_shape()
    expected = {name for folders in shapes().values() for name in folders}
    assert {name: len(told[name]) for name in expected if len(told[name]) < 3} == {}
    assert set(told) == expected


def test_no_two_stories_of_a_shape_are_told_in_the_same_words() -> None:
    for shape, stories in by_shape().items():
        words = [_words(story) for story in stories]
        assert len(words) == len(set(words)), shape


def test_at_least_twelve_stories_play_under_the_second_call() -> None:
    assert sum(story.call == "key-sme-2025" for story in STORIES) >= 12


def test_the_readme_lists_every_shape_with_its_stories() -> None:
    found = readme_text(STORIES)
    if os.environ.get("ZHENGJI_ACCEPT_GOLDENS"):
        README.write_text(found, encoding="utf-8")
    assert found == README.read_text(encoding="utf-8")


def _words(story: Story) -> str:
    """What people wrote, without the names of firms and addresses: subjects, texts, file names; and what was known."""
    parts = [f"{mail.subject}|{mail.text}|{mail.name}|{mail.signature}|{mail.cc}" for mail in story.mails]
    names = {file.applicant for mail in story.mails for file in mail.files} | {
        name for mail in story.mails for file in mail.files for name in file.names
    }
    parts += [file.path for mail in story.mails for file in mail.files]
    text = "\n".join([*parts, str(story.lists), str(story.telling), str(story.policies), str(story.acts)])
    for name in sorted(names - {""}, key=len, reverse=True):
        text = text.replace(name, "某")
    return text
