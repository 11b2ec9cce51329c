# SPDX-License-Identifier: Apache-2.0
"""The recorder in Python, in a package without the extension: every call that
the oracle sees, gaps, and what a kill leaves."""
import dis
import importlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

import without_extension  # noqa: F401  comes first

import recorded
import test_oracle
import test_process
from recorded import vzt_reader

VERSION = recorded.version()


class OracleTest(test_oracle.OracleTest):
    test_churn = None  # takes long: in test_python_recorder_process.py

    @unittest.skipIf(VERSION < (3, 12), "only threading tells of threads")
    def test_threads(self):
        super().test_threads()


class SlotTest(test_process.RecordedTest):
    """The slot is the program's once it has taken it: there is a gap from then
    on, until our function is put back."""

    def gaps(self, process):
        stream = recorded.main_stream(process)
        return [event.payload.reason for event in process.events(stream.id)
                if isinstance(event.payload, vzt_reader.Gap)]

    def test_a_slot_that_is_given_back_is_a_gap(self):
        process = self.record_one('''
import sys

def before(): pass
def inside(): pass
def after(): pass

before()
ours = sys.getprofile()
sys.setprofile(lambda *arguments: None)
inside()
sys.setprofile(ours)
after()
''')
        names = recorded.names(process)
        self.assertEqual((names["before"], names["inside"], names["after"]),
                         (1, 0, 1))
        self.assertEqual(self.gaps(process), [1])
        self.assert_balanced(process)

    def test_a_slot_that_is_taken_for_good_is_a_gap(self):
        process = self.record_one('''
import sys

def before(): pass
def after(): pass

before()
sys.setprofile(None)
after()
''')
        names = recorded.names(process)
        self.assertEqual((names["before"], names["after"]), (1, 0))
        self.assertEqual(self.gaps(process), [1])
        self.assertEqual(process.status.state, vzt_reader.STATE_ENDED)
        self.assert_balanced(process)


class CommandTest(test_process.RecordedTest):
    """The viztracer command of a package without the extension."""
    PROGRAM = """
def outer(n):
    return inner(n) + 1

def inner(n):
    return abs(n)

outer(-1)
"""

    def run_command(self, *arguments):
        command = os.path.join(recorded.PACKAGE, "..", "..", "..", "..", "bin",
                               "viztracer")
        environment = dict(recorded.clean_environment(),
                           VIZTRACER_PYTHON=recorded.PYTHON,
                           XDG_STATE_HOME=self.folder)
        done = subprocess.run((command,) + arguments, cwd=self.folder,
                              env=environment, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.stderr = done.stderr.decode()
        return done.stdout.decode()

    def test_a_recording_is_shown_and_exported(self):
        program = self.write("program.py", self.PROGRAM)
        self.run_command("--tracer", "python", "-o", "result.vzt", program)
        self.assertNotIn("extension", self.stderr)
        process, = vzt_reader.read(
            os.path.join(self.folder, "result.vzt")).processes
        self.assertEqual(process.status.flags & 5, 1)  # as was asked for
        screen = self.run_command("view", "--headless", "80x24", "--dump",
                                  "text", "result.vzt")
        self.assertIn("MainThread", screen)
        self.run_command("--tracer", "python", "-o", "result.json", program)
        with open(os.path.join(self.folder, "result.json")) as file:
            names = [event["name"].partition(" ")[0]
                     for event in json.load(file)["traceEvents"]
                     if event["ph"] in "XB"]
        self.assertEqual(names[:4], ["<module>", "outer", "inner",
                                     "builtins.abs"])

    def test_that_there_is_no_extension_is_said_once(self):
        program = self.write("program.py", self.PROGRAM)
        self.run_command("-o", "result.json", program)
        self.assertEqual(self.stderr.count(
            "1 process was recorded in Python, which is slow: viztracer was "
            "built without an extension for its interpreter\n"), 1)


class IdentityTest(test_process.RecordedTest):
    @unittest.skipIf(VERSION < (3, 8), "no replace() of code objects")
    def test_the_next_code_at_an_address_has_its_own_name(self):
        process = self.record_one("""
import types

def base(): pass

keys = ("co_name", "co_qualname")[:1 + hasattr(base.__code__, "co_qualname")]
named = [dict.fromkeys(keys, "f%d" % i) for i in range(1000)]
nothing = {}
for names in named:  # nothing else that the recorder would meet first
    types.FunctionType(base.__code__.replace(**names), nothing)()
""")
        names = recorded.names(process)
        self.assertEqual([i for i in range(1000) if names["f%d" % i] != 1], [])

    def test_a_child_returns_from_what_its_parent_called(self):
        trace = self.record("""
import os

def outer():
    middle()
    after()

def middle():
    global child
    child = os.fork()
    after()

def after(): pass

outer()
after()
if child:
    os.wait()
""")
        parent, child = sorted(trace.processes,
                               key=lambda process: process.parent is not None)
        self.assertIs(child.parent, parent)
        for process in trace.processes:
            self.assert_balanced(process)
            self.assertEqual(recorded.names(process)["after"], 3)
            self.assertEqual(process.status.mismatched_returns, 0)
        block = child.streams[1].blocks[0]
        self.assertEqual(
            [parent.functions[call.function].name
             for call in block.open_calls if call.flags == 1],
            ["<module>", "outer", "middle", "posix.fork"])


    def test_a_grandchild_returns_from_what_was_called_before(self):
        trace = self.record("""
import os

def first():
    second()

def second():
    if os.fork():
        os.wait()
    else:
        third()

def third():
    if os.fork():
        os.wait()

first()
""")
        self.assertEqual(len(trace.processes), 3)
        for process in trace.processes:
            self.assert_balanced(process)


class OutputTest(unittest.TestCase):
    """The file alone, with blocks of all sizes and little room."""

    def setUp(self):
        sys.path.insert(0, recorded.PACKAGE)
        self.addCleanup(sys.path.remove, recorded.PACKAGE)
        self.output = importlib.import_module("recording.output")
        self.words = importlib.import_module("recording.words")
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def chunks(self, data):
        """{offset: (kind, body)}, which have to follow each other."""
        result = {}
        at = 4096
        while at < len(data):
            self.assertEqual(data[at:at + 8], b"\x89VZCHUNK", at)
            kind = int.from_bytes(data[at + 8:at + 12], "little")
            size = int.from_bytes(data[at + 16:at + 24], "little")
            result[at] = kind, data[at + 96:at + size]
            at += size
        self.assertEqual(at, len(data))
        return result

    def test_blocks_of_all_sizes_take_the_room_of_others(self):
        options = importlib.import_module("recording.options").Options()
        file = self.output.Output(os.fsencode(self.folder), b"", options)
        file.limit = 30000
        source = random.Random(1)
        bodies = []
        for i in range(400):
            body = bytes([i % 256]) * (8 * source.randrange(1, 400))
            bodies.append(body)
            file.append(self.words.chunk(2, body, 0, i, 1), 1, 1)
            with open(file.path, "rb") as written:
                data = written.read()
            found = self.chunks(data)
            kept = [found[block[0]][1] for block in file.blocks]
            self.assertEqual(kept, bodies[len(bodies) - len(kept):])
            self.assertEqual(sum(kind == 2 for kind, _ in found.values()),
                             len(kept))
            self.assertEqual(file.dropped_calls + len(kept), i + 1)
            self.assertLessEqual(len(data), 30000)
        self.assertEqual(file.failure, 0)


class ModuleTest(unittest.TestCase):
    def names_used(self, code):
        """The names of variables that functions look up outside of them."""
        for instruction in dis.get_instructions(code):
            if instruction.opname == "LOAD_GLOBAL":
                yield instruction.argval
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                for name in self.names_used(constant):
                    yield name

    def test_nothing_is_looked_up_among_the_builtins(self):
        """They are gone when the last calls are recorded."""
        sys.path.insert(0, recorded.PACKAGE)
        self.addCleanup(sys.path.remove, recorded.PACKAGE)
        count = 0
        for file in os.listdir(os.path.join(recorded.PACKAGE, "recording")):
            if not file.endswith(".py"):
                continue
            module = importlib.import_module(
                "recording." + file[:-len(".py")])
            with open(module.__file__) as source:
                code = compile(source.read(), module.__file__, "exec")
            missing = {name for name in self.names_used(code)
                       if name not in vars(module)}
            self.assertEqual(missing, set(), file)
            count += 1
        self.assertGreater(count, 10)


class BoundTest(test_process.RecordedTest):
    PROGRAM = """
def call(): pass

for i in range(%d):
    call()
last = lambda: None
last()
"""

    def record_bounded(self, calls, options):
        program = self.write("program.py", self.PROGRAM % calls)
        os.makedirs(self.recording)
        done = recorded.run([program], recorded.recording_environment(
            self.recording, options))
        self.assertEqual((done.status, done.stderr), (0, ""))
        process, = vzt_reader.read(self.recording).processes
        for stream in process.streams.values():
            self.assertEqual(process.check_nesting(stream.id)[0], 0)
        names = recorded.names(process)
        kept = sum(names.values())
        # <module>, <lambda>, and what the interpreter's own packages do at exit
        others = process.status.dropped_calls + kept - calls
        self.assertIn(others, range(2, 30))
        self.assertEqual(names["<lambda>"], 1)
        self.assertEqual(process.status.flags & 2, 2)
        return kept, os.path.getsize(process.path)

    def test_the_latest_calls_are_kept(self):
        kept, size = self.record_bounded(30000, "entries=3000 c_functions=0")
        self.assertGreaterEqual(kept, 3000)
        self.assertLess(kept, 3000 + 2 * 2048)
        self.assertLess(size, 300000)

    def test_the_file_is_bounded(self):
        kept, size = self.record_bounded(100000,
                                         "limit_bytes=1 c_functions=0")
        self.assertGreater(kept, 50000)
        self.assertLess(size, (1 << 20) + 100000)


class LimitTest(test_process.RecordedTest):
    def test_the_recursion_limit_is_silent(self):
        """It takes our slot, for the recorder needs some of it, too."""
        process = self.record_one('''
def endless():
    endless()

try:
    endless()
except RecursionError:
    print("caught")
''')
        self.assertEqual(self.done, recorded.Run("caught\n", "", 0))
        self.assertEqual(process.status.state, vzt_reader.STATE_ENDED)
        self.assert_balanced(process)


class KillTest(test_process.RecordedTest):
    def test_a_kill_leaves_all_but_the_last_block(self):
        """The program says how many calls it has made when it is killed."""
        program = self.write("program.py", '''
import sys

def call(): pass

for i in range(10000):
    call()
print("done", flush=True)
sys.stdin.readline()
''')
        os.makedirs(self.recording)
        with subprocess.Popen(
                [recorded.PYTHON, program], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=recorded.recording_environment(self.recording)) as child:
            self.assertEqual(child.stdout.readline(), b"done\n")
            child.kill()
        process, = vzt_reader.read(self.recording).processes
        self.assertEqual(process.status.state, vzt_reader.STATE_RECORDING)
        self.assertEqual(process.status.flags & 1, 1)
        self.assertGreater(recorded.names(process)["call"], 10000 - 2048)
        for stream in process.streams.values():
            self.assertEqual(process.check_nesting(stream.id)[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
