# SPDX-License-Identifier: Apache-2.0
"""What make demo and make test do about missing packages, on machines played
by small scripts: who we are, what is installed, what apt-get does."""
import os
import shutil
import sys
import unittest

from launcher import ROOT, LauncherTest

SCRIPT = os.path.join(ROOT, "tools", "packages.sh")


class Packages(LauncherTest):
    def setUp(self):
        super().setUp()
        for name in ("bash", "env", "mktemp", "rm", "tail"):
            self.link(name)
        self.play("dpkg-query", 'case $4 in ninja-build|tmux) '
                  '[ -e installed ] || exit 1 ;; esac\necho -n installed')
        self.play("apt-get", 'echo "$DEBIAN_FRONTEND $@" >>apt.log\n'
                  'case "$*" in *install*) : >installed ;; esac')
        self.environment["PATH"] = self.path("bin")

    def link(self, name):
        os.makedirs(self.path("bin"), exist_ok=True)
        os.symlink(shutil.which(name), self.path("bin/" + name))

    def play(self, name, text):
        self.write("bin/" + name, "#!%s/bin/bash\n%s\n" % (self.folder, text),
                   0o755)

    def packages(self, *groups):
        return self.run_command(self.path("bin/bash"), SCRIPT, *groups)

    def apt_log(self):
        try:
            with open(self.path("apt.log")) as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def test_root_installs_what_is_missing_and_says_why(self):
        self.play("id", "echo 0")
        done = self.packages("build", "test")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"to build viztracer: ninja-build\n", done.stdout)
        self.assertIn(b"to build and run its tests: tmux\n", done.stdout)
        update, install = self.apt_log().splitlines()
        self.assertTrue(update.startswith("noninteractive -q -y "))
        self.assertTrue(update.endswith(" update"))
        self.assertTrue(install.endswith(" ninja-build tmux"), install)
        self.assertEqual(self.packages("build", "test").stdout, b"")

    def test_sudo_without_a_password_will_do(self):
        self.play("id", "echo 1000")
        self.play("sudo", '[ "$1" = -n ] && shift; "$@"')
        self.link("true")
        self.assertEqual(self.packages("build").returncode, 0)
        self.assertIn("ninja-build", self.apt_log())

    def test_others_are_told_what_to_ask_for(self):
        self.play("id", "echo 1000")
        self.play("sudo", "exit 1")
        done = self.packages("build", "test")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"apt-get update && apt-get install -y ninja-build tmux",
                      done.stderr)
        self.assertEqual(self.apt_log(), "")

    def test_without_network_too(self):
        self.play("id", "echo 0")
        self.play("apt-get", "echo 'Could not resolve deb.debian.org' >&2\n"
                  "exit 100")
        done = self.packages("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Could not resolve", done.stderr)
        self.assertIn(b"apt-get install -y ninja-build\n", done.stderr)

    def test_nothing_is_done_when_all_is_there(self):
        self.write("installed", "")
        self.play("id", "echo 1000")
        done = self.packages("build", "test")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, b"", b""))


if __name__ == "__main__":
    print(SCRIPT, file=sys.stderr)
    unittest.main()
