"""Pictures of pages in a headless Chromium, through its debugging protocol.

``python -m dev.browser URL FILE [--login agent] [--phone]`` (needs websocket-client).
"""

import argparse
import base64
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=zh-CN",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
DESKTOP, PHONE = (1440, 900, 1, False), (390, 844, 2, True)


def session(url, login, password=None):
    """Log in over HTTP.

    :return: (urllib opener, value of the session cookie)
    """
    root = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{root}/web/login").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    fields = {"csrf_token": token, "login": login, "password": password or login}
    opener.open(f"{root}/web/login", urllib.parse.urlencode(fields).encode())
    cookie = next(c.value for c in jar if c.name == "session_id")
    return opener, cookie


class Browser:
    """One page of a headless Chromium."""

    def __init__(self, size=DESKTOP):
        self.size = size
        self.count = 0

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        names = ("chromium", "google-chrome", "chromium-browser")
        program = next(filter(None, map(shutil.which, names)))
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.folder.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._connect()
        width, height, scale, mobile = self.size
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=mobile,
        )
        self.call("Emulation.setTimezoneOverride", timezoneId="Asia/Shanghai")
        return self

    def __exit__(self, *_error):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def _connect(self):
        import websocket

        port_file = Path(self.folder.name) / "DevToolsActivePort"
        for _attempt in range(200):
            if port_file.exists() and port_file.read_text().strip():
                break
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            pages = [p for p in json.load(answer) if p["type"] == "page"]
        url = pages[0]["webSocketDebuggerUrl"]
        self.socket = websocket.create_connection(url, timeout=60)

    def call(self, method, **params):
        """Send one command and return its result."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.count:
                return answer.get("result", {})

    def evaluate(self, expression):
        """Value of a JavaScript expression in the page."""
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return result.get("result", {}).get("value")

    def open(self, url, cookie=None, settle=1.5, seconds=60):
        """Go to a page and wait until the client has drawn it."""
        if cookie:
            root = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
            self.call("Network.setCookie", name="session_id", value=cookie, url=root)
        self.call("Page.navigate", url=url)
        ready = (
            "document.readyState === 'complete'"
            " && !document.querySelector('form.oe_login_form.d-none')"
            " && (!document.querySelector("
            "'body.o_web_client') || !!document.querySelector('.o_action, .modal'))"
        )
        deadline = time.monotonic() + seconds
        while not self.evaluate(ready) and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(settle)

    def screenshot(self, file, whole=True):
        """Save the page as PNG."""
        result = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole
        )
        Path(file).write_bytes(base64.b64decode(result["data"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("file")
    parser.add_argument("--login", default="")
    parser.add_argument("--phone", action="store_true")
    arguments = parser.parse_args()
    cookie = None
    if arguments.login:
        _opener, cookie = session(arguments.url, arguments.login)
    with Browser(PHONE if arguments.phone else DESKTOP) as browser:
        browser.open(arguments.url, cookie)
        browser.screenshot(arguments.file)


if __name__ == "__main__":
    main()
