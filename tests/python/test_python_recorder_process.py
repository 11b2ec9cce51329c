# SPDX-License-Identifier: Apache-2.0
"""The recorder in Python, in a package without the extension: what is asked of
the recorder in C, but for what it cannot see."""
import os
import re
import unittest

import without_extension  # noqa: F401  comes first

import recorded
import test_oracle
import test_process

VERSION = recorded.version()


class ChurnTest(test_oracle.OracleTest):
    """Only the scenario that takes long."""


for name in dir(ChurnTest):
    if name.startswith("test_") and name != "test_churn":
        setattr(ChurnTest, name, None)


class StartTest(test_process.StartTest):
    def assert_same_run(self, arguments, path=""):
        """sys.getprofile() is how the program can see us."""
        plain = recorded.clean_environment()
        if path:
            plain["PYTHONPATH"] = path
        expected = recorded.run(arguments, plain, self.folder)
        os.makedirs(self.recording, exist_ok=True)
        actual = recorded.run(
            arguments,
            recorded.recording_environment(self.recording, path=path),
            self.folder)
        stdout = re.sub("^hooks <.*?> ", "hooks None ", actual.stdout,
                        flags=re.MULTILINE)
        self.assertEqual(actual._replace(stdout=stdout), expected)
        return expected


class NameTest(test_process.NameTest):
    def test_threads_have_their_names(self):
        if VERSION >= (3, 12):
            super().test_threads_have_their_names()
            return
        process = self.record_one('''
import threading

def work(rename):
    if rename:
        threading.current_thread().name = "renamed"
    after()

def after(): pass

for name in ("first", "to be renamed"):
    thread = threading.Thread(target=work, args=(name != "first",), name=name)
    thread.start()
    thread.join()
''')
        names = sorted(stream.name for stream in process.streams.values())
        self.assertEqual(names, ["MainThread", "first", "renamed"])
        self.assertEqual(recorded.names(process)["work"], 2)


class ProfilerTest(test_process.ProfilerTest):
    test_recording_survives_setprofile_none = None  # see SlotTest

    @unittest.skipIf(VERSION < (3, 12), "cProfile takes the slot")
    def test_cprofile_and_we_both_work(self):
        super().test_cprofile_and_we_both_work()


class EndTest(test_process.EndTest):
    pass


class ChildTest(test_process.ChildTest):
    # What is not written yet goes when C code executes another program.
    test_a_function_before_exec_is_recorded_as_such = None
    # sys.setprofile does not tell what C functions are called with.
    test_a_successor_that_cannot_be_followed_is_counted = None
    test_children_of_posix_spawn_are_counted = None
    test_children_that_cannot_be_followed_are_counted = None


class OneProcessTest(test_process.RecordedTest):
    def test_only_the_first_process(self):
        process = self.record_one('''
import os, subprocess, sys

def here(): pass

if os.fork() == 0:
    here()
    os._exit(0)
os.wait()
subprocess.check_call([sys.executable, "-c", "pass"])
here()
''', options="processes=0")
        self.assertEqual(recorded.names(process)["here"], 1)
        self.assert_balanced(process)


@unittest.skipIf(VERSION >= (3, 13), "they run in threads that are not heard")
class InterpreterTest(test_process.InterpreterTest):
    def record_one(self, text, **options):
        """Each interpreter has a file of its own."""
        first, second = self.record(text, **options).processes
        return first if recorded.names(first)["inner"] else second


if __name__ == "__main__":
    unittest.main(verbosity=2)
