"""Letters from templates: a subject, an HTML part made from MJML, and a text part written by hand.

Nothing in a letter is fetched from anywhere: no fonts, no images, no counting pixel (G-41, W-35).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.speech import Catalogue, Formats, load_catalogues

HERE = Path(__file__).parent
MARKUP = mrml.RenderOptions(disable_comments=True, fonts={})
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
FUNCTIONS = ("money", "day", "long_day", "clock", "moment")


@dataclass(frozen=True)
class Letter:
    """A letter that is ready: one-line subject, HTML part, text part."""

    subject: str
    html: str
    text: str


@cache
def _environment(autoescape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        # Off for the text part only, which nobody renders as HTML.
        autoescape=autoescape,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _catalogues() -> Mapping[str, Catalogue]:
    return load_catalogues(HERE / "catalogues")


def word(language: str, key: str) -> str:
    """A text of the catalogue by itself, to stand in a letter."""
    return _catalogues()[language].plain(key)


def render(template: str, language: str, context: Mapping[str, Any], words: str | None = None) -> Letter:
    """Write `template` in nl, fr or en; `words` is the part of the catalogue where it is not named alike.

    The context holds `files` (the tables of deploy/house.toml) and what the header of
    templates/<template>.mjml lists. A value or a text that is absent is an error: jinja2's UndefinedError,
    MissingText or KeyError.
    """
    files, catalogue = context["files"], _catalogues()[language]
    formats = Formats(language, ZoneInfo(files["house"]["time_zone"]), files["house"]["currency"])
    functions = {name: getattr(formats, name) for name in FUNCTIONS}
    given = {**files, "language": language, "words": words or template, **functions, **context}
    mjml = _environment(True).get_template(f"{template}.mjml").render(t=catalogue.text, **given)
    text = _environment(False).get_template(f"{template}.txt").render(t=catalogue.plain, **given)
    subject = catalogue.plain(
        f"{words or template}.subject", **{k: v for k, v in context.items() if isinstance(v, str)}
    )
    return Letter(" ".join(subject.split()), _html(mjml), text.strip() + "\n")


def _html(mjml: str) -> str:
    return INLINER.inline(mrml.to_html(mjml, render_options=MARKUP).content)
