# SPDX-License-Identifier: Apache-2.0
"""--help, --version, usage errors, and that man pages and option table agree.

VIZTRACER_BLESS=1 rewrites the golden files from what is printed now.
"""
import os
import re
import shutil
import subprocess
import sys
import unittest

from launcher import HERE, PYTHON, ROOT, LauncherTest, VIZTRACER

GOLDEN = os.path.join(HERE, "golden")


def commands():
    """{command word: its rows of --list-options}."""
    rows = {}
    for line in subprocess.check_output([VIZTRACER, "--list-options"],
                                        universal_newlines=True).splitlines():
        command, *row = line.split(" ")
        rows.setdefault(command, []).append(row)
    return rows


class Help(LauncherTest):
    def check(self, name, text):
        path = os.path.join(GOLDEN, name)
        if os.environ.get("VIZTRACER_BLESS"):
            with open(path, "wb") as file:
                file.write(text)
        with open(path, "rb") as file:
            self.assertEqual(file.read().decode(), text.decode())

    def test_help(self):
        for command in commands():
            words = [] if command == "record" else [command]
            done = self.viztracer(*words, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.check("help_%s.txt" % command, done.stdout)

    def test_no_arguments_means_help(self):
        done = self.viztracer()
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, self.viztracer("--help").stdout)

    def test_no_program_means_help(self):
        for line in (["--quiet"], ["-o", "x.json"], ["--include_files"]):
            done = self.viztracer(*line)
            self.assertEqual((done.returncode, done.stderr), (0, b""), line)
            self.assertEqual(done.stdout, self.viztracer("--help").stdout)

    def test_version(self):
        with open(os.path.join(ROOT, "CMakeLists.txt")) as file:
            version = re.search(r"VERSION ([0-9.]+) LANG", file.read())[1]
        done = self.viztracer("--version")
        self.assertEqual(done.stdout.decode(), "viztracer %s\n" % version)

    def test_usage_errors(self):
        lines = (["--bogus"], ["--limit"], ["--limit", "x", "y"],
                 ["--log-gc", "app.py"], ["-t", "3", "app.py"], ["--"],
                 ["--include", "app.py"], ["--quiet=1", "app.py"],
                 ["--\x1b[31m", "x"], ["-o", "x.txt", "app.py"],
                 ["export"], ["export", "x.vzt"],
                 ["export", "x.vzt", "-o", "x.txt"], ["export", "--tui"],
                 ["report", "--limit", "0"], ["report", "--sort", "name"],
                 ["report", "--md", "--json"], ["diff", "a.vzt"],
                 ["report", "--fail_if", "parse > 20%", "x.vzt"],
                 ["view", "--headless", "80"], ["view", "--dump", "html"],
                 ["--limit", "1G", "view"],
                 ["--include_files", "src", "app.py"],
                 ["--include_files=a", "--exclude_files=b", "app.py"],
                 ["--max_stack_depth", "deep", "app.py"],
                 ["--min_duration", "5m", "app.py"],
                 ["--tracer_entries", "0", "app.py"],
                 ["--tracer", "rust", "app.py"], ["--trace", "c", "app.py"],
                 ["-u", "-o", "x.json", "app.py"],
                 ["--combine", "a.json", "--", "app.py"],
                 ["--combine", "a.json", "--align_combine", "b.json"],
                 ["--generate_flamegraph", "a.json", "-o", "x.json"],
                 ["--pid_suffix", "-o", "x.vzt", "-c", "pass"],
                 ["--rcfile", "no-such-file", "app.py"])
        said = []
        for line in lines:
            done = self.viztracer(*line)
            self.assertEqual((done.returncode, done.stdout), (2, b""), line)
            said.append("$ viztracer %s\n" % " ".join(line).replace(
                "\x1b", "ESC") + done.stderr.decode())
        self.check("usage_errors.txt", "".join(said).encode())

    def test_no_colour_without_a_terminal(self):
        self.environment["TERM"] = "xterm-256color"
        self.assertNotIn(b"\x1b", self.viztracer("--bogus").stderr)


COMPLETE = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_viztracer
printf '%s\\n' "${COMPREPLY[@]}"
"""


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class Completion(LauncherTest):
    def complete(self, *words):
        done = self.run_command(
            "bash", "-c", COMPLETE, "bash",
            os.path.join(ROOT, "src/cli/completion.bash"), VIZTRACER, *words)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode().split()

    def test_offers_the_options_of_the_command(self):
        for command, rows in commands().items():
            words = [] if command == "record" else [command]
            self.assertEqual(
                sorted(self.complete(*words, "-")),
                sorted("--" + name for _, name, _, is_there in rows
                       if is_there == "yes"))

    def test_knows_both_spellings_and_values(self):
        self.assertEqual(self.complete("--max-st"), ["--max_stack_depth"])
        self.assertEqual(self.complete("--quiet", "export", "--al"),
                         ["--align"])
        self.assertEqual(self.complete("--tracer", "p"), ["python"])
        known = self.viztracer("export", "a", "-o", "b", "--format", "")
        self.assertEqual(
            sorted(self.complete("export", "--format", "")),
            sorted(known.stderr.decode().strip().split("there are ")[1]
                   .split(", ")))
        self.assertEqual(self.complete("view", "--dump", "a"), ["ansi"])
        self.assertEqual(self.complete("view", "--view", "f"),
                         ["flame", "functions"])
        self.assertEqual(self.complete("diff", "a", "b", "--sort", "c"),
                         ["calls"])
        self.assertEqual(self.complete("view", "--align", "c"), ["clock"])
        self.assertEqual(self.complete("vi"), ["view"])
        self.write("view_of_mine.py", "")
        self.assertEqual(self.complete("vi"), ["view", "view_of_mine.py"])
        self.assertEqual(self.complete("app.py", "vi"), [])


class ManPages(LauncherTest):
    def pages(self):
        """{command word: text of its page}."""
        pages = {}
        for command in commands():
            name = "viztracer" if command == "record" else (
                "viztracer-" + command)
            with open(os.path.join(ROOT, "man", name + ".1")) as file:
                pages[command] = file.read()
        return pages

    def test_have_exactly_the_options_of_the_table(self):
        rows = commands()
        for command, page in self.pages().items():
            described = set()
            for line in re.findall(r"^\.It ((?:Fl|Xo).*)$", page, re.M):
                described.update(re.findall(r"Fl (\S+)", line))
            expected = set()
            for letter, name, _value, is_there in rows[command]:
                if is_there == "yes":
                    expected.add("-" + name)
                    expected.update([letter] if letter != "-" else [])
            self.assertEqual(described, expected, command)

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_are_sound_mdoc(self):
        folder = os.path.join(ROOT, "man")
        pages = [name for name in sorted(os.listdir(folder))
                 if name[-1].isdigit()]
        self.assertIn("vzt.5", pages)
        for name in pages:
            done = subprocess.run(
                ["mandoc", "-T", "lint", "-W", "warning",
                 os.path.join(folder, name)],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(done.stdout.decode(), "", name)


if __name__ == "__main__":
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    unittest.main()
