# SPDX-License-Identifier: Apache-2.0
"""Every call that a plain sys.setprofile counter sees is recorded, and no
other: per function, Python and C, in every thread."""
import os
import shutil
import tempfile
import unittest

import recorded
from recorded import vzt_reader

SCENARIOS = os.path.join(recorded.PROGRAMS, "scenarios.py")
VERSION = recorded.version()


class OracleTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def compare_streams(self, expected, process, stream, last=()):
        """last: names, without what they are in, of calls that may be open in
        the end, the outermost first."""
        actual = recorded.stream_calls(process, stream, VERSION >= (3, 11))
        wrong = ["%s: recorded %d, counted %d"
                 % (function, actual[function], expected[function])
                 for function in sorted(set(actual) | set(expected))
                 if actual[function] != expected[function]]
        self.assertEqual(wrong, [])
        mismatched, still_open = process.check_nesting(stream.id)
        self.assertEqual(mismatched, 0)
        names = [function.name.rpartition(".")[2] for function in still_open]
        self.assertEqual(names, list(last[:len(names)]))

    def check(self, scenario, last=()):
        arguments = [SCENARIOS, scenario]
        counted = recorded.count(arguments,
                                 os.path.join(self.folder, "counted"))
        trace, _ = recorded.record(arguments,
                                   os.path.join(self.folder, "recorded"))
        process, = trace.processes
        self.assertEqual(process.status.state, vzt_reader.STATE_ENDED)
        self.assertEqual(process.status.mismatched_returns, 0)
        streams = sorted(process.streams.values(),
                         key=lambda stream: stream.id)
        self.assertEqual(len(counted), len(streams))
        counted[1:] = sorted(counted[1:], key=lambda thread: sum(
            thread.calls.values()))
        streams[1:] = sorted(streams[1:], key=lambda stream: sum(
            process.entry_counts(stream.id).values()))
        for thread, stream in zip(counted, streams):
            self.compare_streams(thread.calls, process, stream, last)
        return process

    def test_generators(self):
        self.check("generators")

    def test_coroutines(self):
        self.check("coroutines")

    def test_exceptions(self):
        self.check("exceptions")

    def test_recursion(self):
        self.check("recursion")

    def test_functions(self):
        self.check("functions")

    def test_threads(self):
        # The program may end while one of them, made without threading,
        # returns: nothing can wait for that.
        self.check("threads", ("work", "release"))

    def test_at_exit(self):
        self.check("at_exit")

    def test_c_functions(self):
        self.check("c_functions")

    def test_churn(self):
        process = self.check("churn")
        names = recorded.names(process)
        for i in range(20000):
            self.assertEqual(names["function_%d" % i], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
