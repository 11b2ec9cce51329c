# SPDX-License-Identifier: Apache-2.0
"""A headless Firefox for tests, told what to do by its own remote protocol,
Marionette: each message is its length, ":" and a JSON array."""
import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
DEADLINE = 120  # seconds

PREFERENCES = """
user_pref("marionette.port", 0);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("ui.systemUsesDarkTheme", %d);
"""


class Firefox:
    def __init__(self, is_dark=False, size=(1280, 800)):
        self.profile = tempfile.mkdtemp(prefix="viztracer-firefox-")
        with open(os.path.join(self.profile, "user.js"), "w") as file:
            file.write(PREFERENCES % is_dark)
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("LD_PRELOAD", "ASAN_OPTIONS")}
        environment.update(HOME=self.profile, MOZ_HEADLESS_WIDTH=str(size[0]),
                           MOZ_HEADLESS_HEIGHT=str(size[1]))
        self.process = subprocess.Popen(
            [FIREFOX, "--headless", "--marionette", "--no-remote",
             "--remote-allow-system-access",
             "--profile", self.profile],
            env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.socket = None
        self.count = 0
        try:
            self.connect()
            self.tell("WebDriver:NewSession", {"strictFileInteractability": True})
        except Exception:
            self.close()
            raise

    def connect(self):
        """The port is in a file of the profile as soon as it is open."""
        path = os.path.join(self.profile, "MarionetteActivePort")
        end = time.monotonic() + DEADLINE
        while not (os.path.exists(path) and os.path.getsize(path) > 0):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("firefox opened no port")
            time.sleep(0.05)
        with open(path) as file:
            port = int(file.read())
        self.socket = socket.create_connection(("127.0.0.1", port), DEADLINE)
        self.stream = self.socket.makefile("rb")
        self.receive()  # who it is

    def receive(self):
        size = b""
        while not size.endswith(b":"):
            byte = self.stream.read(1)
            if not byte:
                raise RuntimeError("firefox is gone")
            size += byte
        return json.loads(self.stream.read(int(size[:-1])))

    def tell(self, command, arguments=None):
        self.count += 1
        text = json.dumps([0, self.count, command, arguments or {}]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, number, error, value = self.receive()
        assert number == self.count
        if error is not None:
            raise AssertionError("%s: %s" % (command, error["message"]))
        return value

    def open(self, path):
        self.tell("WebDriver:Navigate", {"url": "file://" + path})

    def call(self, text, *arguments):
        """The value of a function, in the page."""
        return self.tell("WebDriver:ExecuteScript", {
            "script": "return (%s)(...arguments)" % text,
            "args": arguments})["value"]

    def wait(self, text):
        """Until an expression is true."""
        end = time.monotonic() + DEADLINE
        while not self.call("() => " + text):
            if time.monotonic() > end:
                raise AssertionError("still waiting until " + text)
            time.sleep(0.02)

    def shot(self, path):
        value = self.tell("WebDriver:TakeScreenshot", {"full": False})["value"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(value))

    def problems(self, path):
        """What the browser's console has about a page: errors of its script,
        of its styles, and violations of its policy."""
        self.tell("Marionette:SetContext", {"value": "chrome"})
        messages = self.call("""() => Services.console.getMessageArray().map(
            (message) => [message.sourceName ?? "", String(message)])""")
        self.tell("Marionette:SetContext", {"value": "content"})
        return [text for source, text in messages
                if os.path.basename(path) in source + text]

    def close(self):
        if self.socket is not None:
            self.stream.close()
            self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
