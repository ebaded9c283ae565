#!/usr/bin/env python3
"""The console for everybody: axe-core finds nothing on any page, by day, by night, on a phone; all of it goes by keyboard.

    accessibility_test.py TOTE DIRECTORY_OF_PICTURES

axe-core is npm's (axe/package-lock.json pins it, `npm ci` brings it, beside the pictures). Where there is no registry the
test is skipped (exit code 77), and says so; with TOTE_REQUIRE_AXE=1 that is a failure.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import browser_test  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, summary, [tabindex='0']"


def axe_source():
    """The text of axe-core, or None where npm can't bring it."""
    place = browser_test.PICTURES / "axe"
    place.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "axe/package-lock.json").read_text()
    text, kept = place / "node_modules/axe-core/axe.min.js", place / "package-lock.json"
    if not text.exists() or not kept.exists() or kept.read_text() != wanted:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "axe" / name, place / name)
        try:
            made = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=place, timeout=120,
                                  capture_output=True, text=True, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"npm: {error}", file=sys.stderr)
            return None
        if made.returncode != 0:
            print(made.stderr, file=sys.stderr)
            return None
    return text.read_text()


class Accessible(browser_test.Pages, unittest.TestCase):
    axe = None

    def pages(self):
        return ["overview", "radar", "entities", "entity/wallet/alice", "saga/" + self.saga, "work", "followers", "log",
                "log/key/topup-1", "log/time/2020-01-01T00:00:00Z", "server", "try"]

    def settled(self, page):
        """Until what the page asks for is there."""
        self.go("#/" + page)
        self.until(lambda: self.browser.find_elements(By.CSS_SELECTOR, "main h1"), page)
        time.sleep(0.7)

    def violations(self):
        self.browser.execute_script(self.axe)
        found = self.browser.execute_async_script(
            "const done = arguments[1]; axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}})"
            ".then(done, (error) => done({error: String(error)}))", RULES)
        self.assertNotIn("error", found)
        self.assertGreater(len(found["passes"]), 5)  # it has looked
        return [f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
                for one in found["violations"] for node in one["nodes"]]

    def check_all(self, theme):
        for page in self.pages():
            self.settled(page)
            with self.subTest(page=page, theme=theme):
                self.assertEqual(self.violations(), [])

    def theme(self, scheme):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def test_axe_finds_nothing_by_day(self):
        self.check_all("light")

    def test_axe_finds_nothing_by_night(self):
        self.theme("dark")
        try:
            self.check_all("dark")
            self.settled("overview")
            self.picture("overview-dark")
            self.settled("entity/wallet/alice")
            self.picture("entity-dark")
        finally:
            self.theme("")

    def test_axe_finds_nothing_on_a_phone_where_nothing_is_too_wide(self):
        self.browser.set_window_size(400, 800)
        try:
            for page in self.pages():
                self.settled(page)
                with self.subTest(page=page):
                    self.assertEqual(self.violations(), [])
                    wide = self.browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
                    self.assertLessEqual(wide, 0)
        finally:
            self.browser.set_window_size(1280, 860)

    def test_axe_finds_nothing_where_one_signs_in_or_gives_a_reason(self):
        self.settled("saga/" + self.saga)
        self.press("Retry")
        self.find("dialog textarea")
        self.assertEqual(self.violations(), [])
        self.browser.find_element(By.CSS_SELECTOR, "dialog textarea").send_keys(Keys.ESCAPE)
        self.until(lambda: not self.browser.find_elements(By.CSS_SELECTOR, "dialog"), "no dialog")
        self.browser.execute_script("sessionStorage.clear()")
        self.browser.get(f"{self.server.url}/console?alone")
        self.find("input[name=token]")
        for scheme in ("light", "dark"):
            self.theme(scheme)
            self.assertEqual(self.violations(), [])
        self.theme("")

    def keys(self, *keys):
        actions = ActionChains(self.browser)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def focused(self):
        return self.browser.execute_script("return document.activeElement")

    def test_all_of_it_goes_by_keyboard(self):
        self.browser.refresh()
        self.find("nav")
        time.sleep(0.7)
        self.keys(Keys.TAB)
        self.assertEqual(self.focused().text, "To the content")
        self.keys(Keys.ENTER)
        self.assertEqual(self.focused().tag_name, "main")
        for page in ("overview", "entity/wallet/alice", "work", "log", "server", "try"):
            with self.subTest(page=page):
                self.settled(page)
                self.assertEqual(self.unreachable(), [])
        link = self.browser.find_element(By.LINK_TEXT, "Radar")
        self.browser.execute_script("arguments[0].focus()", link)
        self.keys(Keys.ENTER)
        self.says("Radar")
        self.assertTrue(self.browser.current_url.endswith("#/radar"))

    def unreachable(self):
        """What a mouse reaches and the tab key doesn't, or what doesn't show that it has the focus."""
        self.browser.execute_script("document.activeElement.blur(); document.body.focus(); window.scrollTo(0, 0)")
        script = ("const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 0;"
                  "const all = [...document.querySelectorAll(arguments[0])].filter(shown);")
        wanted = self.browser.execute_script(script + "all.forEach((one, i) => one.dataset.tab = i); return all.length",
                                             FOCUSABLE)
        self.assertGreater(wanted, 10)  # the navigation alone
        seen, without = set(), []
        for _ in range(2 * wanted + 10):
            self.keys(Keys.TAB)
            at = self.browser.execute_script(
                "const one = document.activeElement; const style = getComputedStyle(one);"
                "return [one.dataset.tab ?? null, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, one.outerHTML.slice(0, 120)]")
            if at[0] is not None:
                seen.add(at[0])
                if not at[1]:
                    without.append("no focus is shown: " + at[2])
            if len(seen) == wanted:
                break
        missing = self.browser.execute_script(
            "return [...document.querySelectorAll('[data-tab]')].filter((one) => !arguments[0].includes(one.dataset.tab) && one.isConnected)"
            ".map((one) => 'not reached: ' + one.outerHTML.slice(0, 120))", list(seen))
        return missing + without


if __name__ == "__main__":
    Accessible.axe = axe_source()
    if Accessible.axe is None:
        print("skipped: axe-core can't be had from npm", file=sys.stderr)
        sys.exit(1 if os.environ.get("TOTE_REQUIRE_AXE") else SKIPPED)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
