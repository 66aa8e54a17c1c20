"""Logging in as staff without waiting half a minute between two codes of the same app."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg
from playwright.async_api import Page

from deploy.local import postgres
from deploy.local.demo.doors import Browser
from deploy.local.demo.second_step import code_of
from deploy.local.instance import Instance
from deploy.topology.database import database_of, dsn_as
from services.accounts.passwords import user_key

REST = """
UPDATE totp SET last_step = 0 WHERE subject_id = (SELECT subject_id FROM login WHERE user_key = $1)
"""


async def rested(instance: Instance, login: Mapping[str, str]) -> None:
    """The code of a demo log-in may be used again, as if time had passed."""
    connection = await asyncpg.connect(dsn_as(postgres.of(instance).dsn, database_of("accounts")))
    try:
        await connection.execute(REST, user_key(login["user"]))
    finally:
        await connection.close()


async def fresh_code(instance: Instance, login: Mapping[str, str]) -> str:
    """The code that the app of a demo log-in shows now, whoever used it before."""
    await rested(instance, login)
    return code_of(login)


async def enter(browser: Browser, instance: Instance, login: Mapping[str, str]) -> None:
    """Log in through the API."""
    await rested(instance, login)
    await browser.log_in(login)


async def fill_in(page: Page, instance: Instance, login: Mapping[str, str]) -> None:
    """Fill in the log-in that a page shows, both steps of it."""
    await page.fill("#user", login["user"])
    await page.fill("#password", login["password"])
    await page.locator("form[action='/login'] button").click()
    if "totp" in login:
        await page.fill("#code", await fresh_code(instance, login))
        await page.locator("form[action^='/login/code'] button").click()
