# SPDX-License-Identifier: Apache-2.0
"""VizTracer in a package without the extension: what is asked of it with one,
but for what the recorder in Python cannot see."""
import unittest

import without_extension  # noqa: F401  comes first

import recorded
import test_api
import test_inline

VERSION = recorded.version()


SUBSTITUTE = ("viztracer: there is no extension for CPython %d.%d; recording "
              "in Python, which is slow\n" % VERSION)


class WithoutExtension:
    """Programs whose VizTracer says that it has no extension."""

    def run_program(self, *arguments, **options):
        done = super().run_program(*arguments, **options)
        self.assertLess(done.stderr.count(SUBSTITUTE), 2)
        self.has_said = SUBSTITUTE in done.stderr
        return done._replace(stderr=done.stderr.replace(SUBSTITUTE, ""))


class InlineTest(WithoutExtension, test_inline.InlineTest):
    def test_without_an_extension_it_says_so_once(self):
        text = """
for i in range(2):
    with VizTracer(%s, output_file="x.json"):
        pass
"""
        for options, is_said in (("", True), ("verbose=0", False),
                                 ("'c'", True), ("'python'", False)):
            self.run_program(text % (options or "tracer='c'"))
            self.assertEqual(self.has_said, is_said, options)

    # They ask the extension itself.
    test_the_tool_ids_of_others_are_left_alone = None
    test_without_a_free_tool_id_start_refuses = None
    test_without_an_output_file_there_is_a_report = None

    @unittest.skipIf(VERSION < (3, 8), "the module time is loaded")
    def test_importing_is_light(self):
        super().test_importing_is_light()

    @unittest.skipIf(VERSION < (3, 12), "threads that run are not seen")
    def test_stop_pauses_all_threads(self):
        super().test_stop_pauses_all_threads()


class ApiTest(WithoutExtension, test_api.ApiTest):
    # They ask the extension itself, or for a print() that looks built in.
    test_a_report_as_a_text = None
    test_pages_that_show_a_flame_graph = None
    test_what_is_printed_is_recorded_and_printed = None
    # The file is made before the first call, which takes a visible while.
    test_a_pause_is_drawn = None

    def test_printed_is_recorded(self):
        done = self.run_program('''
import sys

with VizTracer("python", log_print=True, verbose=0):
    print("one", 2, sep="-")
    print("three", end="", file=sys.stderr)
    print("")
print("not recorded")
''')
        self.assertEqual(done.stdout, "one-2\n\nnot recorded\n")
        self.assertEqual(done.stderr, "three")
        names = [event["name"] for event in self.report()["traceEvents"]
                 if event["ph"] == "i"]
        self.assertEqual(names, ["print - one-2\n", "print - three",
                                 "print - \n"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
