"""The web view of the inbox for people, and JSON for scripts."""

import base64
import json
import re
from pathlib import Path
from urllib.parse import quote

import jinja2
from aiohttp import web

from deploy.local.inbox.faults import Faults
from deploy.local.inbox.mail import Attachment, Mail
from deploy.local.inbox.mailbox import Mailbox, Summary

TEMPLATES = Path(__file__).parent / "templates"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# A mail may show its own pictures and open its links in a new window; it may load and run nothing.
MAIL_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


class Pages:
    """Routes over a mailbox."""

    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox, self._faults = mailbox, faults
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
        )

    def routes(self) -> list[web.RouteDef]:
        """All routes of the inbox."""
        return [
            web.get("/", self._list_page),
            web.post("/empty", self._empty),
            web.get("/inbox.css", self._style),
            web.get("/messages/{id}", self._mail_page),
            web.get("/messages/{id}/html", self._html),
            web.get("/api/messages", self._list),
            web.delete("/api/messages", self._delete),
            web.get("/api/messages/{id}", self._mail),
            web.get("/api/messages/{id}/raw", self._raw),
            web.get("/api/messages/{id}/attachments/{n}", self._attachment),
            web.get("/_simulator/faults", self._show_faults),
            web.post("/_simulator/faults", self._set_faults),
        ]

    def _page(self, template: str, **facts: object) -> web.Response:
        html = self._pages.get_template(template).render(**facts)
        headers = {
            "Content-Security-Policy": PAGE_POLICY,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _list_page(self, request: web.Request) -> web.Response:
        to = request.query.get("to", "").strip() or None
        return self._page("list.html", summaries=self._mailbox.summaries(to), to=to)

    async def _empty(self, _: web.Request) -> web.Response:
        self._mailbox.delete()
        raise web.HTTPSeeOther("/")

    async def _style(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(TEMPLATES / "inbox.css")

    def _find(self, request: web.Request) -> tuple[Summary, Mail]:
        found = self._mailbox.read(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound(text='{"error": "no such message"}', content_type="application/json")
        return found

    async def _mail_page(self, request: web.Request) -> web.Response:
        summary, mail = self._find(request)
        return self._page("mail.html", summary=summary, mail=mail)

    async def _html(self, request: web.Request) -> web.Response:
        _, mail = self._find(request)
        headers = {"Content-Security-Policy": MAIL_POLICY, "X-Content-Type-Options": "nosniff"}
        return web.Response(text=shown_html(mail), content_type="text/html", headers=headers)

    async def _list(self, request: web.Request) -> web.Response:
        summaries = self._mailbox.summaries(request.query.get("to"))
        return web.json_response([summary.document() for summary in summaries])

    async def _delete(self, request: web.Request) -> web.Response:
        return web.json_response({"deleted": self._mailbox.delete(request.query.get("to"))})

    async def _mail(self, request: web.Request) -> web.Response:
        summary, mail = self._find(request)
        parts = {"headers": mail.headers, "text": mail.text, "html": mail.html}
        return web.json_response({**summary.document(), **parts})

    async def _raw(self, request: web.Request) -> web.Response:
        raw = self._mailbox.raw(request.match_info["id"])
        if raw is None:
            raise web.HTTPNotFound(text='{"error": "no such message"}', content_type="application/json")
        headers = {
            "Content-Disposition": "attachment; filename=mail.eml",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=raw, content_type="message/rfc822", headers=headers)

    async def _attachment(self, request: web.Request) -> web.Response:
        """Downloads an attachment; with ``?show`` a PDF opens in the browser."""
        _, mail = self._find(request)
        n = request.match_info["n"]
        if not (n.isascii() and n.isdigit() and int(n) < len(mail.attachments)):
            raise web.HTTPNotFound(text='{"error": "no such attachment"}', content_type="application/json")
        return download(mail.attachments[int(n)], show="show" in request.query)

    async def _show_faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._faults.document())

    async def _set_faults(self, request: web.Request) -> web.Response:
        try:
            wrong = self._faults.set(json.loads(await request.read()))
        except ValueError:
            wrong = "The body is not valid JSON."
        return web.json_response(
            {"error": wrong} if wrong else self._faults.document(), status=400 if wrong else 200
        )


def download(attachment: Attachment, show: bool) -> web.Response:
    """The attachment as a file; only a PDF is ever opened in the browser."""
    inline = show and attachment.content_type == "application/pdf"
    kind = "inline" if inline else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(attachment.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=attachment.content, content_type=attachment.content_type, headers=headers)


def shown_html(mail: Mail) -> str:
    """The HTML of a mail, with its own pictures put in and links that open in a new window."""
    html = mail.html or ""
    for attachment in mail.attachments:
        if attachment.content_id and attachment.content_type.startswith("image/"):
            content = base64.b64encode(attachment.content).decode()
            picture = f"data:{attachment.content_type};base64,{content}"
            html = html.replace(f"cid:{attachment.content_id}", picture)
    base = '<base target="_blank">'
    headed, found = re.subn(r"(<head\b[^>]*>)", rf"\1{base}", html, count=1, flags=re.IGNORECASE)
    return headed if found else base + html
