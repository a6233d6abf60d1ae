"""Somebody in front of the product: reads Chinese, clicks by the words on the screen, and notices everything that is wrong."""

from __future__ import annotations

import base64
import hmac
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Download, Locator, Request, Response

from archive.demo import PASSWORD, TOTP_SECRET
from tests.conftest import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
})).violations.map((v) => `${v.id}: ${v.help} @ ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`)"""
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (e) =>
  console.error(`CSP ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`));"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE = 30_000
SESSIONS: dict[tuple[str, str], Any] = {}  # (address, user name) → cookies
SHOTS = os.environ.get("JOURNEY_SHOTS")  # a folder, to look at every page afterwards


def zh(message: str, **values: Any) -> str:
    """What stands on the screen for a message."""
    with translation.override("zh-hans"):
        text = translation.gettext(message)
    return text % values if values else text


def six_digits(secret: str, *, ahead: int = 0) -> str:
    """RFC 6238, as an authenticator app computes it; each works once, so a second sign-in takes the one `ahead`."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + ahead), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Walker:
    def __init__(self, browser: Browser, address: str, *, phone: bool = False, who: str = "somebody") -> None:
        self.address, self.who = address, who
        self.problems: list[str] = []
        self.expected: set[int] = set()
        self.seen: set[str] = set()
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        self.context = browser.new_context(
            base_url=address, locale="zh-CN", viewport=size, has_touch=phone, is_mobile=phone
        )  # type: ignore[arg-type]
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self._note(f"script error {error.error}"))
        self.context.on("request", self._request)
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._response)
        self.page = self.context.new_page()

    def _note(self, problem: str) -> None:
        self.problems.append(f"{self.who} at {self.page.url.removeprefix(self.address)}: {problem}")

    def _console(self, message: ConsoleMessage) -> None:
        # A status that nobody expected is noted by _response.
        told = "Failed to load resource" in message.text and self.expected
        if message.type in {"error", "warning"} and not told:
            self._note(f"console {message.type} {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self._note(f"request to the outside {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # by going on, or because a download is not shown
            self._note(f"request failed {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self._note(f"status {response.status} {response.url}")

    # Going

    def open(self, path: str, *, status: int = 200) -> None:
        self.expect(status)
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status
        self.look()

    def expect(self, status: int) -> None:
        """From here on this answer is meant, as 404 is for a page that is not there."""
        if status >= 400:
            self.expected.add(status)

    def press(self, words: str, *, within: str = "main", nth: int = 0) -> None:
        """Press a button or follow a link by its words, wait for the next page and look at it."""
        where = self.page.locator(within)
        target = where.get_by_role("button", name=words).or_(where.get_by_role("link", name=words)).nth(nth)
        with self.page.expect_navigation():
            target.click()
        self.look()

    def download(self, words: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=words).first.click()
        download: Download = waiting.value
        return Path(download.path()).read_bytes()

    @contextmanager
    def new_tab(self, words: str) -> Iterator[None]:
        """Press what opens a second window, and be in it for a while."""
        with self.page.expect_popup() as opened:
            self.page.locator("main").get_by_role("button", name=words).click()
        first, self.page = self.page, opened.value
        self.look()
        yield
        self.page.close()
        self.page = first

    def field(self, label: str) -> Locator:
        return self.page.locator("main").get_by_label(label).first

    def wait_for(self, words: str) -> None:
        self.page.locator("main").get_by_text(words).first.wait_for()
        self.look(again=True)

    def sign_in(self, username: str, password: str = PASSWORD, secret: str = TOTP_SECRET, *, ahead: int = 0) -> None:
        """Once with all that it takes; later walkers take the open session up, as six digits work only once."""
        self.who = username
        cookies = SESSIONS.get((self.address, username))
        if cookies is not None:
            self.context.add_cookies(cookies)
            self.open("/desk/")
            return
        self.open("/accounts/login/")
        self.field(zh("Username")).fill(username)
        self.field(zh("Password")).fill(password)
        self.press(zh("Sign in"))
        self.page.locator("main").get_by_role("textbox").fill(six_digits(secret, ahead=ahead))
        self.press(zh("Sign in"))
        SESSIONS[self.address, username] = self.context.cookies()

    # Looking

    def look(self, *, again: bool = False) -> None:
        """Every page once: no sideways scrolling, a title, the language, no violation of WCAG 2.2 AA."""
        path = self.page.url.removeprefix(self.address)
        if path in self.seen and not again:
            return
        self.seen.add(path)
        self.page.wait_for_load_state("load")
        if self.page.evaluate(WIDER) > 0:
            self._note("is wider than the screen")
        if self.page.locator("html").get_attribute("lang") not in {"zh-hans", "zh-Hans"}:
            self._note("does not say that it is Chinese")
        if not self.page.title().strip(" ·"):
            self._note("has no title")
        if path.startswith("/editor/"):  # Wagtail's pages are not ours to mend
            return
        self.page.evaluate(AXE)
        self.problems += [f"{self.who} at {path}: {violation}" for violation in self.page.evaluate(RUN_AXE)]
        if SHOTS:
            name = f"{self.who}-{len(self.seen):02d}{'' if not again else '-again'}-{path.strip('/').replace('/', '_')[:60]}.png"
            self.page.screenshot(path=str(Path(SHOTS) / name), full_page=True)

    def leave(self) -> list[str]:
        self.context.close()
        return self.problems
