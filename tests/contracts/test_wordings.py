"""What people were asked never changes: proof of a choice points at it as long as it is kept (F-67)."""

from pathlib import Path

import pytest

from chassis.charter_words import DeclarationError
from chassis.purposes import known_purposes
from chassis.wordings import WORDINGS, fits, known_wordings, newest, of_the_page, read_wordings


@pytest.mark.requirement("F-67")
def test_no_wording_that_was_ever_shown_was_changed_or_taken_away() -> None:
    lines = WORDINGS.with_suffix(".sha256").read_text(encoding="utf-8").splitlines()
    frozen = {name: digest for digest, name in (line.split() for line in lines)}
    assert {one.id: one.digest for one in known_wordings().values()} == frozen


@pytest.mark.requirement("F-67")
def test_a_choice_points_at_a_wording_that_asked_for_it() -> None:
    assert fits("preferences.newsletter.v1", "newsletter", "given")
    assert not fits("preferences.newsletter.v1", "personal_tips", "given")
    assert not fits("unsubscribe.v1", "newsletter", "given")
    assert fits("unsubscribe.v1", "newsletter", "withdrawn")
    assert not fits("checkout.co_presentation_news.v1", "co_presentation_news", "given"), "it is retired"
    assert newest("checkout.co_presentation_news").id == "checkout.co_presentation_news.v2"


@pytest.mark.requirement("G-60")
def test_the_page_asks_about_every_purpose_that_a_visitor_can_choose_about() -> None:
    apart = {"contest", "survey"}  # Asked where somebody takes part.
    gated = {one.id for one in known_purposes().values() if one.gate != "none" and "visitor" in one.subjects}
    assert {name for name in gated if of_the_page(name) is None} == apart


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Ik ben {age} of ouder", "Ik ben oud genoeg", "old enough"),
        ('purposes = ["newsletter"]', 'purposes = ["gossip"]', "does not explain"),
        ('["preferences.newsletter.v1"]', '["preferences.newsletter"]', "no version"),
        (
            'purposes = ["benefits"]\nasks = "objection"',
            'purposes = ["benefits"]\nasks = "consent"',
            "decides",
        ),
    ],
)
def test_a_wording_that_cannot_be_true_names_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = WORDINGS.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "wordings.toml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=told):
        read_wordings(changed)
