"""The public statement: dated versions, a change is noticed, and the page says it plainly (W-50, W-51)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chassis.activities import Activity
from chassis.recipients import Recipient, read_recipients
from chassis.statement import FOLDER, dated, digest, statement, versions
from deploy.generate.documents import as_json
from deploy.generate.statements import standing
from services.gateway.declarations import read_declarations
from services.gateway.rendering import Pages, Reader

ROOT = Path(__file__).parents[2]
FIRST, LATER = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def content(
    facts: dict[str, Any], done: tuple[Activity, ...], recipients: tuple[Recipient, ...]
) -> dict[str, Any]:
    return statement(facts, done, recipients)


def publish(root: Path, content: dict[str, Any], day: date) -> None:
    """Keep a version as `make generate` does."""
    for path, version in standing(root, content, day).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(as_json(version), encoding="utf-8")


@pytest.mark.requirement("W-50")
def test_the_newest_version_says_what_the_walls_enforce(content: dict[str, Any]) -> None:
    assert versions(ROOT)[0].digest == digest(content), "the statement changed: run make generate"


@pytest.mark.requirement("W-50")
def test_a_change_becomes_a_version_and_the_earlier_one_stays(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    publish(tmp_path, content, FIRST)
    publish(tmp_path, content, LATER)
    assert [one.day for one in versions(tmp_path)] == [FIRST]
    changed = content | {"house:answerWithinDays": 14}
    publish(tmp_path, changed, LATER)
    assert [one.day for one in versions(tmp_path)] == [LATER, FIRST]
    assert [one.digest for one in versions(tmp_path)] == [digest(changed), digest(content)]


@pytest.mark.requirement("W-50")
def test_a_version_that_was_touched_afterwards_is_seen(tmp_path: Path, content: dict[str, Any]) -> None:
    publish(tmp_path, content, FIRST)
    path = tmp_path / FOLDER / f"{FIRST.isoformat()}.jsonld"
    touched = json.loads(path.read_text(encoding="utf-8")) | {"house:answerWithinDays": 90}
    path.write_text(as_json(touched), encoding="utf-8")
    with pytest.raises(ValueError, match=r"2026-01-01.jsonld was changed after it was published"):
        versions(tmp_path)


def test_the_date_is_no_part_of_the_content(content: dict[str, Any]) -> None:
    assert digest(dated(content, FIRST)) == digest(dated(content, LATER)) == digest(content)


@pytest.mark.requirement("W-51")
@pytest.mark.parametrize(
    ("language", "elsewhere"), [("nl", "Sites van anderen"), ("fr", "Les sites d"), ("en", "Other people")]
)
def test_the_page_says_who_until_when_to_whom_and_where_to_complain(
    facts: dict[str, Any], language: str, elsewhere: str
) -> None:
    page = drawn(facts, language)
    assert elsewhere in page
    for said in ("De Vloedlijn vzw", "privacy@devloedlijn.example", "gegevensbeschermingsautoriteit.be"):
        assert said in page
    assert all(one["name"] in page for one in facts["recipient"])
    assert 'href="/privacy.jsonld"' in page
    assert f'href="/privacy/{versions(ROOT)[0].day.isoformat()}.jsonld"' in page


@pytest.mark.requirement("W-50")
def test_a_page_that_says_more_than_its_last_version_admits_it(facts: dict[str, Any]) -> None:
    assert "Something changed since" not in drawn(facts, "en")
    facts["privacy"]["answer_within_days"] = 14
    assert "Something changed since" in drawn(facts, "en")


def drawn(facts: dict[str, Any], language: str) -> str:
    """The page of a house without co-presenters."""
    declarations, recipients = read_declarations(ROOT), read_recipients(facts)
    return Pages(facts, declarations).render(
        "privacy",
        Reader(language, "/privacy"),
        lines=declarations.statement(recipients),
        recipients=recipients,
        partners=(),
        published=declarations.publish(facts),
    )
