#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Capture the screens of the README anew.

usage: tools/screens.py BUILD_FOLDER

The README has them between lines such as

    <!-- screen sorting 80x20 2 -->
    <!-- end of screen -->

that say which example is recorded, the size of the screen and the keys that
are pressed. Python is $VIZTRACER_PYTHON, or what viztracer finds.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCREEN = re.compile(r"(<!-- screen (\w+) (\d+x\d+)(.*?) -->\n).*?"
                    r"(<!-- end of screen -->\n)", re.DOTALL)


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          universal_newlines=True, **options).stdout


class Screens:
    def __init__(self, build, folder):
        self.viztracer = os.path.join(build, "bin", "viztracer")
        self.folder = folder
        package = run(self.viztracer, "--python_path").strip()
        self.environment = dict(os.environ, PYTHONPATH=package,
                                LC_ALL="C.UTF-8", NO_COLOR="1")

    def record(self, example):
        """The path of the example's recording, made at its first use."""
        path = os.path.join(self.folder, example + ".vzt")
        if not os.path.exists(path):
            run(self.viztracer, "--quiet", "-o", path,
                os.path.join("examples", example + ".py"), cwd=ROOT,
                env=self.environment)
        return path

    def capture(self, match):
        head, example, size, keys, tail = match.groups()
        screen = run(self.viztracer, "view", "--quiet", "--headless", size,
                     "--dump", "text", "--keys", keys.strip(),
                     self.record(example), env=self.environment)
        return "%s```text\n%s```\n%s" % (head, screen, tail)


def main():
    readme = os.path.join(ROOT, "README.md")
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as folder:
        screens = Screens(os.path.abspath(sys.argv[1]), folder)
        text, count = SCREEN.subn(screens.capture, text)
    with open(readme, "w", encoding="utf-8") as file:
        file.write(text)
    print("%d screens of README.md are new" % count)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
