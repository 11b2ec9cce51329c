# SPDX-License-Identifier: Apache-2.0
"""A recorded program runs as if it were not recorded, through its whole life:
start, threads, children, its own profilers, and every way to end."""
import os
import shutil
import tempfile
import unittest

import recorded
from recorded import vzt_reader

VERSION = recorded.version()
STATE = os.path.join(recorded.PROGRAMS, "state.py")


class RecordedTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.recording = os.path.join(self.folder, "recording")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def record(self, text, **options):
        """Record the text of a program: its trace."""
        program = self.write("program.py", text)
        trace, self.done = recorded.record([program], self.recording, **options)
        return trace

    def record_one(self, text, **options):
        process, = self.record(text, **options).processes
        return process

    def assert_balanced(self, process):
        for stream in process.streams.values():
            self.assertEqual(process.check_nesting(stream.id), (0, []),
                             stream.name)


class StartTest(RecordedTest):
    def assert_same_run(self, arguments, path=""):
        plain = recorded.clean_environment()
        if path:
            plain["PYTHONPATH"] = path
        expected = recorded.run(arguments, plain, self.folder)
        os.makedirs(self.recording, exist_ok=True)
        actual = recorded.run(
            arguments,
            recorded.recording_environment(self.recording, path=path),
            self.folder)
        self.assertEqual(actual, expected)
        return expected

    def test_a_script_sees_nothing(self):
        self.assert_same_run([STATE, "a", "b"])

    def test_a_module_sees_nothing(self):
        shutil.copy(STATE, os.path.join(self.folder, "state.py"))
        self.assert_same_run(["-m", "state", "a"])

    def test_a_command_string_sees_nothing(self):
        with open(STATE) as file:
            self.assert_same_run(["-c", file.read(), "a"])

    def test_interpreter_options_work_as_before(self):
        self.assert_same_run(["-s", "-B", "-W", "error", "-O", STATE])

    def test_isolated_interpreters_run_unrecorded(self):
        for option in ("-I", "-E"):
            self.assert_same_run([option, STATE])

    def test_an_error_reads_as_before(self):
        program = self.write("program.py", "def f():\n    1 / 0\nf()\n")
        done = self.assert_same_run([program])
        self.assertEqual(done.status, 1)

    def test_the_hidden_sitecustomize_runs(self):
        self.write("site/sitecustomize.py", "import sys\nsys.seen = __file__\n")
        program = self.write("program.py", "import sys\nprint(sys.seen, "
                             "sys.modules['sitecustomize'])\n")
        path = os.path.join(self.folder, "site")
        done = self.assert_same_run([program], path)
        self.assertIn("sitecustomize.py", done.stdout)

    def test_a_failing_sitecustomize_fails_as_before(self):
        self.write("site/sitecustomize.py", "import sys\nraise KeyError('x')\n")
        program = self.write("program.py", "print('runs')\n")
        path = os.path.join(self.folder, "site")
        done = self.assert_same_run([program], path)
        self.assertIn("KeyError", done.stderr)

    def test_without_the_environment_nothing_is_recorded(self):
        environment = recorded.clean_environment()
        environment["PYTHONPATH"] = os.path.join(recorded.PACKAGE, "bootstrap")
        done = recorded.run([STATE], environment, self.folder)
        self.assertEqual(done, recorded.run(
            [STATE], recorded.clean_environment(), self.folder))

    def test_nothing_before_main_is_recorded(self):
        process = self.record_one("import json.tool\n")
        stream = recorded.main_stream(process)
        first = next(iter(process.events(stream.id)))
        self.assertEqual(process.functions[first.function].name, "<module>")
        self.assertEqual(process.functions[first.function].file,
                         os.path.join(self.folder, "program.py"))

    def test_startup_is_recorded_when_asked_for(self):
        process = self.record_one("pass\n", options="include_startup=1")
        stream = recorded.main_stream(process)
        first = next(iter(process.events(stream.id)))
        self.assertNotEqual(process.functions[first.function].file,
                            os.path.join(self.folder, "program.py"))

    def test_c_functions_are_left_out_when_asked_for(self):
        process = self.record_one("abs(1)\n", options="c_functions=0")
        kinds = {function.kind for function in process.functions.values()}
        self.assertEqual(kinds, {vzt_reader.FUNCTION_PYTHON})

    def test_sources_are_kept(self):
        text = "def f():\n    pass\nf()\n"
        process = self.record_one(text)
        path = os.path.join(self.folder, "program.py")
        self.assertEqual(bytes(process.sources[path]).decode(), text)

    def test_sources_are_left_out_when_asked_for(self):
        process = self.record_one("pass\n", options="source=0")
        self.assertEqual(process.sources, {})

    def test_the_process_is_named_after_the_program(self):
        process = self.record_one("pass\n")
        self.assertEqual(process.name, "program.py")
        self.assertIn(os.path.join(self.folder, "program.py"),
                      process.arguments)
        trace, _ = recorded.record(["-m", "json.tool", "--help"],
                                   os.path.join(self.folder, "module"))
        self.assertEqual(trace.processes[0].name, "json.tool")
        trace, _ = recorded.record(["-c", "pass"],
                                   os.path.join(self.folder, "string"))
        self.assertEqual(trace.processes[0].name, "python -c")


class FreeThreadedTest(RecordedTest):
    @unittest.skipIf(VERSION < (3, 13), "not before 3.13")
    def test_the_extension_is_not_loaded(self):
        """Played: an interpreter that says it is free-threaded. The objects of
        a real one are larger than those of the extension."""
        trace, self.done = recorded.record(["-S", "-c", """
import sys
sys.abiflags = "t"
import site
site.main()
with open("/proc/self/maps") as file:
    print("_tracer" in file.read())
"""], self.recording)
        self.assertEqual((self.done.stdout, self.done.stderr), ("False\n", ""))


class PackageTest(RecordedTest):
    def test_the_package_can_be_imported(self):
        process = self.record_one('''
import sys

finders = list(sys.meta_path)
path = list(sys.path)
from viztracer import get_tracer
import viztracer

assert sys.path == path
assert sys.meta_path[:len(finders)] == finders
print(viztracer.__name__, viztracer.__path__[0])
get_tracer().add_instant("mark", scope="t")
try:
    import viztracer.nothing
except ImportError:
    print("no such module")
''')
        self.assertEqual(self.done.stdout, "viztracer %s\nno such module\n"
                         % recorded.PACKAGE)
        instants = [event.payload.name for event
                    in process.events(recorded.main_stream(process).id)
                    if isinstance(event.payload, vzt_reader.Instant)]
        self.assertEqual(instants, ["mark"])

    def test_a_module_of_the_program_comes_first(self):
        self.write("viztracer.py", "print('mine')\n")
        self.record("import viztracer\n")
        self.assertEqual(self.done.stdout, "mine\n")


class NameTest(RecordedTest):
    def test_methods_are_named_with_their_class(self):
        process = self.record_one('''
import functools


def wraps(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper


class Outer:
    class Inner:
        def method(self):
            return lambda: self  # a closure takes self

    @classmethod
    def made(cls):
        pass

    @property
    def value(self):
        pass

    @wraps
    def wrapped(self):
        pass

    def __hidden(self):
        pass

    def call(self):
        self.__hidden()


class Derived(Outer):
    pass


def function(first):
    pass


Outer.Inner().method()
Derived.made()
Derived().value
Derived().wrapped()
Derived().call()
function(Derived())
''')
        names = recorded.names(process)
        for name in ("Outer.Inner.method", "Outer.made", "Outer.value",
                     "Outer.wrapped", "Outer.__hidden", "Outer.call",
                     "function"):
            self.assertIn(name, names)

    def test_a_name_is_not_given_to_the_next_function_at_its_address(self):
        process = self.record_one('''
for i in range(3000):
    exec("def f%d(): pass\\nf%d()" % (i, i), {})
''')
        names = recorded.names(process)
        wrong = [i for i in range(3000) if names["f%d" % i] != 1]
        self.assertEqual(wrong[:10], [])

    def test_threads_have_their_names(self):
        process = self.record_one('''
import _thread, threading

def work(rename):
    if rename:
        threading.current_thread().name = "renamed"
    after()

def after():
    pass

raw_done = _thread.allocate_lock()
raw_done.acquire()

def raw():
    threading.current_thread()
    raw_done.release()

for name in ("first", "to be renamed"):
    thread = threading.Thread(target=work, args=(name != "first",), name=name)
    thread.start()
    thread.join()
_thread.start_new_thread(raw, ())
raw_done.acquire()
''')
        names = sorted(stream.name for stream in process.streams.values())
        # the one that threading did not start has the kernel's name for it
        self.assertIn(names.pop(2)[:6], ("python",))
        self.assertEqual(names, ["MainThread", "first", "renamed"])


class ProfilerTest(RecordedTest):
    def test_cprofile_and_we_both_work(self):
        process = self.record_one('''
import cProfile, pstats

def inside():
    abs(1)

def after():
    abs(2)

profile = cProfile.Profile()
profile.enable()
inside()
profile.disable()
for i in range(100):  # pending calls run between instructions
    after()
stats = pstats.Stats(profile).stats
assert [key for key in stats if key[2] == "inside"], stats
''')
        names = recorded.names(process)
        if VERSION >= (3, 8):
            self.assertGreater(names["after"], 90)
            self.assert_balanced(process)
        if VERSION >= (3, 12):
            self.assertEqual(names["inside"], 1)

    @unittest.skipIf(VERSION < (3, 8), "nothing tells of it before 3.8")
    def test_recording_survives_setprofile_none(self):
        process = self.record_one('''
import sys

def after():
    pass

assert sys.getprofile() is None
sys.setprofile(None)
assert sys.getprofile() is None
for i in range(100):
    after()
''')
        self.assertGreater(recorded.names(process)["after"], 90)
        if VERSION < (3, 12):
            gaps = [event for event
                    in process.events(recorded.main_stream(process).id)
                    if isinstance(event.payload, vzt_reader.Gap)]
            self.assertEqual([gap.payload.reason for gap in gaps], [1])

    def test_tracing_by_the_program_works(self):
        process = self.record_one('''
import sys
lines = []

def trace(frame, event, argument):
    lines.append(event)
    return trace

def traced():
    a = 1
    return a

sys.settrace(trace)
traced()
sys.settrace(None)
assert lines == ["call", "line", "line", "return"], lines
''')
        self.assertEqual(recorded.names(process)["traced"], 1)
        self.assert_balanced(process)


class EndTest(RecordedTest):
    def test_endless_recursion_is_an_exception_as_before(self):
        process = self.record_one('''
def endless():
    endless()

try:
    endless()
except RecursionError:
    print("caught")
''')
        self.assertEqual(self.done.stdout, "caught\n")
        self.assert_balanced(process)

    def test_exit_status_is_kept(self):
        self.record("import sys; sys.exit(7)\n", status=7)

    def test_os_exit_leaves_the_calls(self):
        process = self.record_one('''
import os

def last():
    os._exit(3)

last()
''', status=3)
        self.assertEqual(recorded.names(process)["last"], 1)
        self.assert_left(process)

    def assert_left(self, process):
        self.assertEqual(
            (process.status.state, process.status.stop_reason),
            (vzt_reader.STATE_ENDED, vzt_reader.STOP_EXIT_CALL))

    def test_os_exit_is_seen_where_c_functions_are_left_out(self):
        self.assert_left(self.record_one("import os; os._exit(3)\n", status=3,
                                         options="c_functions=0"))

    def test_a_failed_os_exit_is_none(self):
        process = self.record_one('''
import os, signal

try:
    os._exit("no status")
except TypeError:
    os.kill(os.getpid(), signal.SIGKILL)
''', status=-9)
        self.assertEqual(
            (process.status.state, process.status.stop_reason),
            (vzt_reader.STATE_RECORDING, vzt_reader.STOP_NONE))

    def test_a_kill_leaves_the_calls(self):
        process = self.record_one('''
import os, signal

def last():
    os.kill(os.getpid(), signal.SIGKILL)

last()
''', status=-9)
        self.assertEqual(recorded.names(process)["posix.kill"], 1)
        self.assertEqual(process.status.state, vzt_reader.STATE_RECORDING)

    def test_daemon_threads_do_not_disturb_the_end(self):
        process = self.record_one('''
import threading

started = threading.Event()

def spin():
    while True:
        abs(1)
        started.set()

for i in range(4):
    threading.Thread(target=spin, daemon=True).start()
started.wait()
''')
        self.assertEqual(process.status.state, vzt_reader.STATE_ENDED)


class ChildTest(RecordedTest):
    def by_parent(self, trace):
        return {process.header.pid: process for process in trace.processes}

    def test_fork(self):
        trace = self.record('''
import os

def in_child():
    abs(1)

def in_parent():
    abs(2)

pid = os.fork()
if pid == 0:
    in_child()
    os._exit(0)
os.waitpid(pid, 0)
in_parent()
''')
        self.assertEqual(len(trace.processes), 2)
        names = [recorded.names(process) for process in trace.processes]
        self.assertEqual(sorted(name["in_child"] for name in names), [0, 1])
        self.assertEqual(sorted(name["in_parent"] for name in names), [0, 1])

    def test_subprocess_and_exec(self):
        trace = self.record('''
import os, subprocess, sys

subprocess.check_call([sys.executable, "-c", "def child(): pass\\nchild()"])
os.execv(sys.executable, [sys.executable, "-c", "def second(): pass\\nsecond()"])
''')
        self.assertEqual(len(trace.processes), 3)
        names = sum((recorded.names(process) for process in trace.processes),
                    recorded.collections.Counter())
        self.assertEqual((names["child"], names["second"]), (1, 1))

    def test_a_process_that_became_another_program_says_so(self):
        process = self.record_one('''
import os

try:
    os.execv("/nowhere", ["x"])
except OSError:
    print("went on", flush=True)

def last():
    os.execve("/bin/true", ["true"], {})

last()
''', options="c_functions=0")
        self.assertEqual(self.done.stdout, "went on\n")
        self.assertEqual(
            (process.status.state, process.status.stop_reason),
            (vzt_reader.STATE_STOPPED, vzt_reader.STOP_EXEC))
        self.assertEqual(recorded.names(process)["last"], 1)

    def test_a_function_before_exec_is_recorded_as_such(self):
        trace = self.record('''
import os, subprocess

def before():
    os.umask(0o77)

subprocess.check_call(["/bin/true"], preexec_fn=before)
''')
        child, = [process for process in trace.processes
                  if process.header.parent_section_id]
        self.assertEqual(recorded.names(child)["before"], 1)
        self.assertEqual(
            (child.status.state, child.status.stop_reason),
            (vzt_reader.STATE_STOPPED, vzt_reader.STOP_EXEC))

    def check_unfollowed(self, text, unfollowed, options=""):
        trace = self.record('''
import os, subprocess, sys

plain = [sys.executable, "-W", "ignore", "-c", "pass", "-I"]
alone = [sys.executable, "-Bs", "-W", "ignore", "-IE", "-c", "pass"]
environment = dict(os.environ)
''' + text, options=options)
        self.assertEqual(
            sum(process.status.unfollowed_children
                for process in trace.processes), unfollowed)
        return trace

    def test_children_that_cannot_be_followed_are_counted(self):
        for options in ("", "c_functions=0"):
            trace = self.check_unfollowed('''
subprocess.check_call(plain)
subprocess.check_call(plain, -1, env=environment)
subprocess.check_call(alone)
subprocess.check_call(plain, env={})
environment["PYTHONPATH"] = "elsewhere"
subprocess.check_call(plain, env=environment)
subprocess.check_call(["/bin/true", "-I"], env={})
for program in ("/nowhere/python3", sys.executable):
    for start in (subprocess.call, lambda line: os.execv(line[0], line)):
        try:
            start([program, "-I", "-c", "pass"] if program[1] == "n" else
                  ["/bin/true/" + program, "-I"])
        except OSError:
            pass
''', 3, options)
            self.assertEqual(len(trace.processes), 3)
            shutil.rmtree(self.recording)

    @unittest.skipIf(VERSION < (3, 8), "there is no posix_spawn")
    def test_children_of_posix_spawn_are_counted(self):
        self.check_unfollowed('''
for line, variables in ((plain, environment), (alone, environment),
                        (plain, {})):
    os.waitpid(os.posix_spawn(line[0], line, variables), 0)
os.waitpid(os.posix_spawnp("/bin/true", ["true"], environment), 0)
''', 2)

    def test_a_successor_that_cannot_be_followed_is_counted(self):
        trace = self.check_unfollowed("os.spawnv(os.P_WAIT, alone[0], alone)",
                                      1)
        self.assertEqual(len(trace.processes), 2)

    def check_multiprocessing(self, method):
        trace = self.record('''
import multiprocessing

def square(n):
    return n * n

def main():
    context = multiprocessing.get_context("%s")
    with context.Pool(2) as pool:
        assert pool.map(square, range(10)) == [n * n for n in range(10)]
        pool.close()
        pool.join()

if __name__ == "__main__":
    main()
''' % method)
        total = sum(recorded.names(process)["square"]
                    for process in trace.processes)
        self.assertEqual(total, 10)
        for process in trace.processes:
            self.assertEqual(process.status.mismatched_returns, 0)
        return trace

    def test_multiprocessing_fork(self):
        trace = self.check_multiprocessing("fork")
        names = {process.name for process in trace.processes}
        self.assertEqual(names, {"program.py", "ForkPoolWorker-1",
                                 "ForkPoolWorker-2"})
        for process in trace.processes:
            self.assertEqual(process.status.state, vzt_reader.STATE_ENDED,
                             process.name)

    def test_multiprocessing_spawn(self):
        trace = self.check_multiprocessing("spawn")
        names = {process.name for process in trace.processes}
        self.assertLessEqual(names, {"program.py", "python -c",
                                     "SpawnPoolWorker-1", "SpawnPoolWorker-2"})
        self.assertIn("SpawnPoolWorker-1", names)

    def test_multiprocessing_forkserver(self):
        trace = self.check_multiprocessing("forkserver")
        names = {process.name for process in trace.processes}
        self.assertEqual(names, {"program.py", "python -c",
                                 "ForkServerPoolWorker-1",
                                 "ForkServerPoolWorker-2"})


class InterpreterTest(RecordedTest):
    @unittest.skipIf(VERSION < (3, 8), "no module for it")
    def test_sub_interpreters_are_silent_and_recorded(self):
        name = "_interpreters" if VERSION >= (3, 13) else "_xxsubinterpreters"
        process = self.record_one('''
import %s as interpreters

number = interpreters.create()
interpreters.run_string(number, "def inner(): pass\\ninner()")
interpreters.destroy(number)
''' % name)
        self.assertEqual(self.done.stderr, "")
        self.assertEqual(recorded.names(process)["inner"], 1)

    @unittest.skipIf(VERSION < (3, 14), "no pool of interpreters")
    def test_a_pool_of_interpreters(self):
        self.write("work.py", "def square(n):\n    return n * n\n")
        process = self.record_one('''
import concurrent.futures
import work

if __name__ == "__main__":
    with concurrent.futures.InterpreterPoolExecutor(3) as pool:
        print(sum(pool.map(work.square, range(200))))
''')
        self.assertEqual(self.done.stdout, "2646700\n")
        self.assertEqual(self.done.stderr, "")
        self.assertEqual(recorded.names(process)["square"], 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
