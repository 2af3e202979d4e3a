"""Our letters, read by our own reader: a second installation would never answer them, and the words come through."""

import pytest

from flows.replies.letter import LetterKind
from flows.replies.mime import to_bytes
from parsers.mail.machine import machine_reason
from parsers.mail.message import decode_mail
from tests.replies.situations import NOW, SCENES, Scene

ONE_OF_EACH = list({scene.kind: scene for scene in SCENES}.values())


def sent(scene: Scene) -> bytes:
    return to_bytes(
        scene.letter(),
        sender="call@example.org",
        sender_name="浙江省“三会”专精特新企业促进分会",
        message_id="<zj.1@example.org>",
        date=NOW,
        instance_id="zj-1",
    )


@pytest.mark.parametrize("scene", ONE_OF_EACH, ids=lambda scene: scene.kind)
def test_no_letter_of_ours_would_be_answered_by_another_installation(scene: Scene) -> None:
    assert machine_reason(decode_mail(sent(scene)), ("other@example.net",)) is not None


def test_every_kind_is_read_back() -> None:
    assert {scene.kind for scene in ONE_OF_EACH} == set(LetterKind) - {LetterKind.DIGEST, LetterKind.ALARM}


def test_subject_sender_and_text_come_through_our_own_reader() -> None:
    scene = ONE_OF_EACH[0]
    mail = decode_mail(sent(scene))
    letter = scene.letter()
    assert mail.subject == letter.subject
    assert mail.message_id == "<zj.1@example.org>"
    assert mail.sender.address == "call@example.org"
    assert mail.sender.name == "浙江省“三会”专精特新企业促进分会"
