#!/usr/bin/env python3
"""The console in a real browser: who signs in, what they see, and what they can't do.

    browser_test.py TOTE DIRECTORY_OF_PICTURES
"""
import hashlib
import http.client
import json
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time
import unittest

import xxhash
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from served import Served  # noqa: E402

PROGRAM, PICTURES = sys.argv[1], pathlib.Path(sys.argv[2])
TOKENS = {"reader": "token-of-ann", "issuer": "token-of-cleo", "club": "token-of-dora", "server": "token-of-olga"}
HOSTILE = "<img/src=x/onerror=document.title='broken'>"
WAIT_S = 30


def hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()


class Server(Served):
    """With two tenants, an operator of the whole server and a place for backups, on a directory that stays."""

    def __init__(self):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="tote-console-"))
        lines = ['[[tenant]]', 'id = "shop"', 'tokens = [']
        for name, role in (("ann", "reader"), ("cleo", "issuer")):
            lines.append(f'  {{ sha256 = "{hashed(TOKENS[role])}", role = "{role}", name = "{name}" }},')
        lines.append("]")
        lines += ['[[tenant]]', 'id = "club"', f'token_sha256 = ["{hashed(TOKENS["club"])}"]', '[console]',
                  f'operator_tokens = [{{ sha256 = "{hashed(TOKENS["server"])}", role = "operator", name = "olga" }}]',
                  '[backup]', f'directory = "{directory}/backups"']
        (directory / "tote.toml").write_text("\n".join([*lines, ""]))
        super().__init__(PROGRAM, directory, "--config", "tote.toml", "--gateway", "test")

    def close(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def ask(self, method, path, body=None, key=None, token="issuer"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        headers = {"Authorization": f"Bearer {TOKENS[token]}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None and not isinstance(body, str):
            body = json.dumps(body)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def must(self, method, path, body=None, key=None):
        status, text = self.ask(method, path, body, key)
        if status >= 300:
            raise AssertionError(f"{method} {path}: {status} {text}")
        return json.loads(text) if "batch" not in path else text


def fill(server):
    for name in ("alice", "bob", "hot"):
        server.must("PUT", f"/v1/wallets/{name}", {"currency": "EUR"})
    server.must("POST", "/v1/wallets/alice/credits", {"amount": 1000, "reference": "topup-1"}, "topup-1")
    server.must("POST", "/v1/wallets/alice/debits", {"amount": 300}, HOSTILE)
    server.must("POST", "/v1/transfers", {"from": "alice", "to": "bob", "amount": 50}, "gift-1")
    server.must("POST", "/v1/wallets/alice/holds", {"hold": "h1", "amount": 200})
    lines = [json.dumps({"put": f"/v1/wallets/w{i}", "body": {"currency": "EUR"}}) for i in range(2000)]
    server.must("POST", "/v1/batch", "\n".join(lines))
    for path, body in (("PUT /v1/wallets/members", {"currency": "EUR"}), ("POST /v1/wallets/members/credits", {"amount": 4200})):
        assert server.ask(*path.split(), body, token="club")[0] < 300


def make_stuck(server):
    """The gateway's file says that a card was charged, but not under which id: nobody can pay that back."""
    server.must("PUT", "/v1/matches/thu", {"seats": 1, "price": {"amount": 500, "currency": "EUR"}})
    booked = server.must("POST", "/v1/matches/thu/bookings", {"player": "p1", "pay": {"card": {"token": "tok_slow"}}})
    number = booked["saga"].split(":", 1)[1]
    server.stop()
    line = f"charge\tshop/booking:{number}:{number}:charge\t\tsucceeded\t\t\t500\tEUR\tshop"
    with open(server.directory / "data-gateway/test-gateway.log", "a") as file:
        file.write(f"{xxhash.xxh3_64_hexdigest(line)} {line}\n")
    server.start()
    return booked["saga"]


class Load:
    """Requests to many wallets, and to one of them far more."""

    def __init__(self, server):
        self.server, self.ends = server, threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()

    def run(self):
        draw = random.Random(1)
        while not self.ends.wait(0.05):
            lines = [{"wallet": "hot", "credit": 1} for _ in range(60)]
            lines += [{"wallet": f"w{draw.randrange(2000)}", "credit": 2} for _ in range(60)]
            lines += [{"wallet": "hot", "debit": 10 ** 12} for _ in range(6)]
            draw.shuffle(lines)
            self.server.must("POST", "/v1/batch", "\n".join(map(json.dumps, lines)))
            self.server.must("GET", "/v1/wallets/hot")


def browser(width=1280, height=860, dark=False):
    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
                 f"--window-size={width},{height}"):
        options.add_argument(flag)
    if dark:
        options.add_argument("--force-dark-mode")
        options.add_argument("--blink-settings=preferredColorScheme=0")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = shutil.which("chromium")
    service = webdriver.chrome.service.Service(shutil.which("chromedriver"))
    return webdriver.Chrome(service=service, options=options)


class Pages:
    """What a person does with the pages of one server, in one browser."""

    @classmethod
    def setUpClass(cls):
        PICTURES.mkdir(parents=True, exist_ok=True)
        cls.server = Server()
        fill(cls.server)
        cls.saga = make_stuck(cls.server)
        cls.browser = browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.server.close()

    def setUp(self):
        self.open("issuer")

    def tearDown(self):
        entries = self.browser.get_log("browser")
        broken = [entry["message"] for entry in entries
                  if "Content Security Policy" in entry["message"] or "Uncaught" in entry["message"]]
        self.assertEqual(broken, [])
        self.assertNotEqual(self.browser.title, "broken")

    # -- what a person does

    def open(self, role, page=""):
        self.browser.get(f"{self.server.url}/console")
        self.browser.execute_script("sessionStorage.clear()")
        self.browser.get(f"{self.server.url}/console?{random.random()}{page}")
        self.find("input[name=token]").send_keys(TOKENS[role] + Keys.ENTER)
        self.find("nav")

    def go(self, page):
        self.browser.execute_script("location.hash = arguments[0]", page)

    def find(self, selector):
        return self.until(lambda: self.browser.find_elements(By.CSS_SELECTOR, selector), selector)[0]

    def until(self, what, told="it", seconds=WAIT_S):
        ends = time.monotonic() + seconds
        while True:
            try:
                found = what()
            except StaleElementReferenceException:  # the page has drawn itself anew
                found = None
            if found:
                return found
            self.assertLess(time.monotonic(), ends, f"{told} doesn't come: {self.text()[:1500]}")
            time.sleep(0.05)

    def text(self):
        return self.browser.execute_script("return document.body.innerText")

    def says(self, part, seconds=WAIT_S):
        self.until(lambda: part in self.text(), part, seconds)

    def press(self, label, within="main"):
        button = self.until(lambda: [one for one in self.browser.find_elements(By.CSS_SELECTOR, f"{within} button")
                                     if one.text == label], label)[0]
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    def picture(self, name):
        self.browser.save_screenshot(str(PICTURES / f"{name}.png"))


class Console(Pages, unittest.TestCase):
    def test_signs_in_with_a_token_that_is_in_no_address(self):
        self.browser.execute_script("sessionStorage.clear()")
        self.browser.get(f"{self.server.url}/console?wrong")
        self.find("input[name=token]").send_keys("token-of-nobody" + Keys.ENTER)
        self.says("No tenant of this server has this token.")
        self.picture("sign-in")
        self.find("input[name=token]").clear()
        self.find("input[name=token]").send_keys(TOKENS["reader"] + Keys.ENTER)
        self.find("nav")
        self.says("ann, reader")
        self.assertNotIn("token-of", self.browser.current_url)
        self.assertEqual(self.browser.execute_script("return localStorage.length + document.cookie.length"), 0)
        self.press("Sign out", ".side")
        self.find("input[name=token]")

    def test_overview_moves_under_load(self):
        self.says("Requests by outcome")
        commands = self.find(".tile dd")
        with Load(self.server):
            self.until(lambda: self.find(".tile dd").text.split("/s")[0].strip() not in ("0", ""), "commands")
            time.sleep(8)
            self.picture("overview")
            self.press("24 h")
            self.find("button[aria-pressed=true]")
        self.assertIsNotNone(commands)
        self.assertGreaterEqual(len(self.browser.find_elements(By.CSS_SELECTOR, ".plot canvas")), 8)

    def test_radar_shows_the_hot_wallet_first_within_two_seconds(self):
        self.go("#/radar")
        self.says("Radar")
        # What other tests have asked is no longer in the window.
        self.until(lambda: not json.loads(self.server.ask("GET", "/v1/hot")[1])["entities"], "a quiet window")
        with Load(self.server):
            began = time.monotonic()
            self.until(lambda: self.browser.execute_script(
                "const row = document.querySelector('tbody tr'); return row && row.dataset.entity") == "wallet/hot",
                "the hot wallet", 5)
            self.assertLess(time.monotonic() - began, 2.5)  # 2 s, and what the browser is asked by
            self.says("insufficient_funds", 5)
            time.sleep(8)
            self.picture("radar")

    def test_entity_page_explains_a_balance(self):
        self.go("#/entity/wallet/alice")
        self.says("How it came to be")
        self.says("= 10.00 EUR \u2212 3.00 EUR \u2212 0.50 EUR")
        self.says("with wallet/bob")
        self.picture("entity")
        slider = self.find("input[type=range]")
        self.browser.execute_script(
            "arguments[0].value = 1; arguments[0].dispatchEvent(new Event('input'))", slider)
        self.says("the balance was 10.00 EUR")
        self.assertGreater(len(self.browser.find_elements(By.CSS_SELECTOR, "tr.later")), 0)
        self.browser.find_element(By.LINK_TEXT, "wallet/bob").click()
        self.says("with wallet/alice")

    def test_a_hostile_key_is_text_everywhere(self):
        self.go("#/entity/wallet/alice")
        self.says(HOSTILE)
        self.go("#/log")
        self.server.must("POST", "/v1/wallets/bob/credits", {"amount": 5}, HOSTILE + "again")
        self.says(HOSTILE + "again")
        self.browser.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("onerror")
        self.picture("log")
        self.go("#/entity/wallet/" + HOSTILE.replace("/", "%2F"))
        self.says(HOSTILE)
        self.assertEqual(self.browser.find_elements(By.CSS_SELECTOR, "main img"), [])

    def test_the_log_keeps_the_newest_of_more_than_it_can_show(self):
        self.go("#/log")
        self.says("a second")
        for number in range(700):
            self.server.must("POST", "/v1/wallets/bob/credits", {"amount": 1}, f"one-of-many-{number}")
        self.says("one-of-many-699")
        records = self.browser.find_elements(By.CSS_SELECTOR, ".record summary")
        self.assertEqual(len(records), 500)
        self.assertIn("one-of-many-699", records[0].text)
        self.assertIn("one-of-many-200", records[499].text)

    def test_a_stuck_saga_is_retried_and_skipped_by_who_may_and_not_by_a_reader(self):
        self.open("reader")
        self.go("#/saga/" + self.saga)
        self.says("Retry and skip need the role operator.")
        self.assertEqual(self.browser.find_elements(By.CSS_SELECTOR, "main button"), [])
        self.assertEqual(self.browser.execute_async_script(
            "const done = arguments[1]; fetch('/v1/sagas/' + arguments[0] + '/retry', {method: 'POST', body: "
            "'{\"reason\":\"x\"}', headers: {Authorization: 'Bearer ' + sessionStorage.getItem('tote.token')}})"
            ".then((answer) => done(answer.status))", self.saga), 403)
        self.open("server")
        self.go("#/work")
        self.says("stuck: step")
        self.says("/v1/sagas/{id}/retry or /skip, with a reason")
        self.says("of shop")
        self.picture("work-of-all")
        self.open("issuer")
        self.go("#/work")
        self.says("stuck: step")
        self.go("#/saga/" + self.saga)
        self.until(lambda: "stuck" in self.text(), "stuck")
        self.picture("saga")
        for verb, label in (("Retry", "tried again"), ("Skip the step", "skipped")):
            self.press(verb)
            self.find("dialog textarea").send_keys("looked at by hand")
            self.press(verb.split()[0], "dialog")
            self.says(label)
        self.says("compensated")
        self.go("#/work")
        self.until(lambda: "stuck: step" not in self.text() and "Alerts" in self.text(), "no alert")

    def test_an_operator_of_the_whole_server_sees_all_tenants_and_works_for_one(self):
        self.open("server")
        self.says("console:olga, operator")
        for wallet, token in (("alice", "issuer"), ("members", "club")):
            for _ in range(3):
                self.server.ask("GET", f"/v1/wallets/{wallet}", token=token)
        self.go("#/radar")
        self.until(lambda: {"shop: wallet/alice", "club: wallet/members"} <= {
            row.get_attribute("data-entity") for row in self.browser.find_elements(By.CSS_SELECTOR, "tbody tr")}, "both tenants")
        self.go("#/log")
        self.server.ask("POST", "/v1/wallets/members/credits", {"amount": 1}, token="club")
        self.until(lambda: {"shop", "club"} <= {one.text for one in self.browser.find_elements(By.CSS_SELECTOR, ".record summary .quiet")}, "both tenants")
        self.go("#/entity/wallet/members")
        self.says("choose which")
        self.go("#/work")
        self.says("are shown of one tenant")
        self.go("#/server")
        self.says("Beyond a limit")
        self.picture("server")
        # Whom it is about is chosen by name, and is in no address that leaves the page.
        self.find("select[aria-label=Tenant] option[value=''] ~ option")
        self.browser.execute_script("const choice = document.querySelector('select[aria-label=Tenant]'); choice.value = 'club';"
                                    "choice.dispatchEvent(new Event('change'))")
        self.go("#/entity/wallet/members")
        self.says("42.0")
        self.go("#/entity/wallet/alice")
        self.says("What the path names doesn't exist.")
        self.go("#/in/shop/entity/wallet/alice")
        self.says("How it came to be")
        self.assertEqual(self.browser.find_element(By.CSS_SELECTOR, "select[aria-label=Tenant]").get_property("value"), "shop")
        self.assertNotIn("token-of", self.browser.current_url)
        urls = self.browser.execute_script("return performance.getEntriesByType('resource').map((one) => one.name).join(' ')")
        self.assertNotIn("token-of", urls)
        self.press("Sign out", ".side")
        self.find("input[name=token]")
        self.assertEqual(self.browser.execute_script("return sessionStorage.length"), 0)

    def test_a_backup_is_made_by_the_whole_servers_operator_alone(self):
        self.go("#/server")
        self.says("They are the whole server\u2019s operators\u2019.")
        self.open("server")
        self.go("#/server")
        self.says("There is none yet.")
        self.press("Back up now")
        self.says("The newest is")
        self.says("up to LSN")

    def test_the_log_is_looked_up_by_time(self):
        first = json.loads(self.server.ask("GET", "/v1/log?limit=1")[1])
        self.go("#/log")
        self.browser.execute_script("const by = document.querySelector('select[aria-label=\"Look up by\"]'); by.value = 'time'")
        self.find("input[aria-label='What to look up']").send_keys(first["time"] + Keys.ENTER)
        self.says("oldest first")
        self.assertEqual(self.find(".record .lsn").text, "1")
        self.go("#/log/time/2200-01-01T00:00:00Z")
        self.says("Nothing has happened since.")
        self.go("#/log/time/never")
        self.says("isn\u2019t a time")

    def test_work_followers_and_try_it(self):
        self.go("#/work")
        self.says("Refunds that wait or failed")
        self.says("Alerts")
        self.picture("work")
        self.go("#/followers")
        self.says("Nobody follows this server")
        self.picture("followers")
        self.go("#/try/" + "GET%20%2Fv1%2Fwallets%2F%7Bid%7D")
        self.says("curl -i")
        self.press("Send")
        self.says('"currency": "EUR"')
        self.assertIn("$TOTE_TOKEN", self.text())
        self.assertNotIn(TOKENS["issuer"], self.text())
        self.picture("try-it")

    def test_asks_no_other_host_and_fits_a_phone(self):
        for page in ("overview", "radar", "entity/wallet/alice", "work", "followers", "log", "try"):
            self.go("#/" + page)
            time.sleep(0.5)
        hosts = self.browser.execute_script(
            "return [...new Set(performance.getEntriesByType('resource').map((one) => new URL(one.name).origin))]")
        self.assertEqual(hosts, [self.server.url])
        self.browser.set_window_size(400, 800)
        try:
            for page in ("overview", "radar", "entity/wallet/alice", "log"):
                self.go("#/" + page)
                time.sleep(1)
                wide = self.browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
                self.assertLessEqual(wide, 0, page)
            self.go("#/radar")
            time.sleep(1)
            self.picture("phone")
        finally:
            self.browser.set_window_size(1280, 860)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
