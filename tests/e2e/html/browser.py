# SPDX-License-Identifier: Apache-2.0
"""A headless browser for tests: see browser.mjs for what it can be told."""
import json
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """Driven by a node that has playwright-core in the folder MODULES."""

    def __init__(self, modules):
        # Node looks for packages beside the script.
        script = os.path.join(modules, "browser.mjs")
        shutil.copyfile(os.path.join(HERE, "browser.mjs"), script)
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("LD_PRELOAD", "ASAN_OPTIONS")}
        self.node = subprocess.Popen(
            ["node", script, CHROMIUM], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __getattr__(self, method):
        def tell(*values):
            self.node.stdin.write(json.dumps([method, *values]) + "\n")
            self.node.stdin.flush()
            line = self.node.stdout.readline()
            if not line:
                raise RuntimeError("the browser is gone")
            answer = json.loads(line)
            if "error" in answer:
                raise AssertionError("%s: %s" % (method, answer["error"]))
            return answer["value"]
        return tell

    def close(self):
        self.node.stdin.close()
        self.node.wait(timeout=60)
        self.node.stdout.close()
