"""Every text that a page asks for exists in the three languages of the house (F-26)."""

import re
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import Environment, TemplateSyntaxError

from chassis.speech import Entry, load_catalogues
from contracts.personal import Category

ROOT = Path(__file__).parents[2]
SPEAKING = {
    "gateway": ("templates/*.html", "rendering.py"),
    "notify": ("templates/*.mjml", "templates/*.txt", "paper.py"),
}
ASKED = re.compile(r"""\bt\(\s*["']([a-z_.]+)["'](\s*~)?""")
FAMILIES = {
    "category": {one.value for one in Category},
    "privacy.service": {"accounts", "gateway", "notify", "orders", "retention", "sharing"},
}


def _forms(entry: Entry) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def _values(entry: Entry) -> set[str]:
    return {
        name for form in _forms(entry) for _, name, _, _ in Formatter().parse(form) if name and name != "n"
    }


def _asked(service: str) -> set[tuple[str, bool]]:
    folder = ROOT / "services" / service
    files = [file for pattern in SPEAKING[service] for file in folder.glob(pattern)]
    found = [match for file in files for match in ASKED.finditer(file.read_text(encoding="utf-8"))]
    return {(match[1], match[2] is not None) for match in found}


@pytest.mark.requirement("F-26")
@pytest.mark.parametrize("service", SPEAKING)
def test_the_three_catalogues_say_the_same_things(service: str) -> None:
    catalogues = load_catalogues(ROOT / "services" / service / "catalogues")
    dutch = catalogues["nl"].entries
    for language in ("fr", "en"):
        other = catalogues[language].entries
        assert set(other) == set(dutch)
        for key, entry in dutch.items():
            assert _values(other[key]) == _values(entry), f"{language} {key} names other values than nl"
            assert isinstance(other[key], str) == isinstance(entry, str), f"{language} {key} lacks its plural"


@pytest.mark.parametrize("service", SPEAKING)
def test_every_text_that_a_template_asks_for_exists(service: str) -> None:
    keys = set(load_catalogues(ROOT / "services" / service / "catalogues")["nl"].entries)
    asked = _asked(service)
    assert len(asked) > 20
    for key, is_prefix in asked:
        assert any(one.startswith(key) for one in keys) if is_prefix else key in keys, key


@pytest.mark.parametrize("family", FAMILIES)
def test_every_word_of_a_closed_list_has_a_text(family: str) -> None:
    keys = set(load_catalogues(ROOT / "services" / "gateway" / "catalogues")["nl"].entries)
    assert {f"{family}.{word}" for word in FAMILIES[family]} <= keys


@pytest.mark.parametrize("service", SPEAKING)
def test_no_text_shouts(service: str) -> None:
    for catalogue in load_catalogues(ROOT / "services" / service / "catalogues").values():
        loud = [key for key, entry in catalogue.entries.items() if any("!" in form for form in _forms(entry))]
        assert not loud


def test_every_template_can_be_read() -> None:
    templates = ROOT / "services" / "gateway" / "templates"
    broken = []
    for file in sorted(templates.glob("*.html")):
        try:
            Environment().parse(file.read_text(encoding="utf-8"))
        except TemplateSyntaxError as fault:
            broken.append(f"{file.name}:{fault.lineno} {fault.message}")
    assert broken == []
