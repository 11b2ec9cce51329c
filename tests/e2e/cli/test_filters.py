# SPDX-License-Identifier: Apache-2.0
"""Filters on the command line, and what is said when they leave nothing."""
import json
import unittest

from launcher import LauncherTest


class Filters(LauncherTest):
    def setUp(self):
        super().setUp()
        self.write("lib.py", "def enter(): inner()\ndef inner(): pass\n")
        self.write("app.py", "import lib\ndef main():\n    lib.enter()\nmain()\n"
                   "def last(): pass\nlast()\n")

    def names(self, *options):
        """Of the Python functions recorded, and what was said."""
        done = self.viztracer("--ignore_c_function", "-o", "out.json", *options,
                              "--", "app.py")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path("out.json")) as file:
            events = json.load(file)["traceEvents"]
        return ([event["name"].partition(" ")[0] for event in events
                 if event["ph"] == "X" and "frozen" not in event["name"]],
                done.stderr.decode())

    def test_choose(self):
        for options, expected in (
                (("--exclude_files", "lib.py"), ["<module>", "main", "last"]),
                (("--max_stack_depth", "2", "--include_files", "app.py"),
                 ["<module>", "main", "last"]),
                (("--include_files", "lib.py", "--keep_descendants"),
                 ["<module>", "enter", "inner"])):
            names, said = self.names(*options)
            self.assertEqual(names, expected)
            self.assertNotIn("filters", said)

    def test_say_when_nothing_is_left(self):
        for options, advice in (
                (("--max_stack_depth", "0"), "raise --max_stack_depth"),
                (("--include_files", "lib.py"),
                 "name more files with --include_files; add --keep_descendants,"
                 " since what is left out hides what it calls"),
                (("--exclude_files", "/", "--keep_descendants",
                  "--min_duration", "5s"),
                 "name fewer files with --exclude_files; lower --min_duration"),
        ):
            names, said = self.names(*options)
            self.assertEqual(names, [])
            self.assertIn("viztracer: the filters left no calls at all: %s\n"
                          % advice, said)
        self.assertEqual(self.names("--quiet", "--max_stack_depth", "0"),
                         ([], ""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
