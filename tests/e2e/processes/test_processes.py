# SPDX-License-Identifier: Apache-2.0
"""Every process below the command is in the trace, with all its calls, and
none of them notices: what it prints, reads and returns is as in a plain run."""
import collections
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
sys.path.insert(1, os.path.join(HERE, "..", "..", "python"))
from launcher import (DEADLINE_S, PYTHON, LauncherTest, VIZTRACER,  # noqa: E402
                      process_state, wait_until)
import vzt_reader  # noqa: E402

VERSION = tuple(map(int, subprocess.check_output(
    [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"]).split()))
# Without the plain runs of what takes longest.
IS_QUICK = bool(os.environ.get("QUICK"))
BEGIN = """
import os, signal, subprocess, sys
from counted import make
python = sys.executable
"""


def work_calls(process):
    """How often the process entered work()."""
    calls = 0
    for stream in process.streams:
        for number, count in process.entry_counts(stream).items():
            if process.functions[number].name == "work":
                calls += count
    return calls


class ProcessesTest(LauncherTest):
    def setUp(self):
        super().setUp()
        shutil.copy(os.path.join(HERE, "counted.py"), self.folder)
        self.made = self.path("made")
        self.environment["MADE"] = self.made
        self.write("child.py", "import sys\nfrom counted import make\n"
                   "make(sys.argv[1], int(sys.argv[2]))\n"
                   "print(sys.argv[1], sys.stdin.read(), flush=True)\n"
                   "sys.exit(int(sys.argv[3]))\n")

    def take_made(self, only=None):
        """{tag: calls}, {pid: calls} of what the program says it did; the
        latter only for some tags."""
        by_tag, by_pid = collections.Counter(), collections.Counter()
        with open(self.made) as file:
            for line in file:
                pid, tag, calls = line.split()
                by_tag[tag] += int(calls)
                if only is None or tag in only:
                    by_pid[int(pid)] += int(calls)
        os.unlink(self.made)
        return by_tag, by_pid

    def check_calls(self, trace, by_pid):
        """Each process has the calls that it made."""
        recorded = collections.Counter()
        for process in trace.processes:
            recorded[process.header.pid] += work_calls(process)
            self.assertEqual(process.status.mismatched_returns, 0)
            self.assertEqual((process.status.dropped_calls,
                              process.status.lost_events), (0, 0))
        self.assertEqual(+recorded, +by_pid)
        identities = [process.header.section_id for process in trace.processes]
        self.assertEqual(len(set(identities)), len(identities))

    def ends(self, done):
        return (sorted(done.stdout.splitlines()), done.stderr,
                done.returncode)

    def compare(self, text, *tags, options=(), plain=True, only=None,
                **run_options):
        """Run the program plainly and recorded; its trace. The tags are those
        that it must have told, each once, and with only, what of them is to
        be recorded."""
        program = self.write("program.py", BEGIN + text)
        if plain:
            expected = self.run_command(PYTHON, program, **run_options)
            self.take_made()
        done = self.viztracer("--quiet", *options, "-o", "x.vzt", program,
                              **run_options)
        if plain:
            self.assertEqual(self.ends(done), self.ends(expected))
        by_tag, by_pid = self.take_made(only)
        self.assertEqual(sorted(by_tag), sorted(tags), done.stderr)
        folder = self.path("x.vzt.d")
        trace = vzt_reader.read(folder if os.path.exists(folder)
                                else self.path("x.vzt"))
        self.check_calls(trace, by_pid)
        self.done = done
        return trace

    def names(self, trace):
        return sorted(process.name for process in trace.processes
                      if work_calls(process))


class Forks(ProcessesTest):
    def test_fork(self):
        trace = self.compare("""
make("first", 3)
child = os.fork()
if child == 0:
    make("child", 5)
    grandchild = os.fork()
    if grandchild == 0:
        make("grandchild", 7)
        os._exit(2)
    status = os.waitpid(grandchild, 0)[1]
    sys.exit(status >> 8)
print(os.waitpid(child, 0)[1])
make("last", 11)
sys.exit(4)
""", "first", "child", "grandchild", "last")
        self.assertEqual(len(trace.processes), 3)
        parents = {process.header.section_id: process
                   for process in trace.processes}
        generations = []
        for process in trace.processes:
            generations.append(0)
            while process.header.parent_section_id:
                self.assertEqual(process.header.ppid,
                                 parents[process.header.parent_section_id]
                                 .header.pid)
                process = parents[process.header.parent_section_id]
                generations[-1] += 1
        self.assertEqual(sorted(generations), [0, 1, 2])

    def test_fork_in_c(self):
        self.compare("""
import ctypes
child = ctypes.PyDLL(None).fork()
if child == 0:
    make("child", 5)
    os._exit(2)
print(os.waitpid(child, 0)[1])
make("parent", 7)
""", "child", "parent")

    def test_prefork_server(self):
        program = self.write("program.py", BEGIN + """
import socket
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(3)
workers = []

def serve(number):
    make("worker%d" % number, 5 + number)
    os.write(1, b"ready\\n")
    listener.accept()

def end(number, frame):
    for worker in workers:
        os.kill(worker, signal.SIGTERM)
    ends = [os.waitpid(worker, 0)[1] for worker in workers]
    make("master", 3)
    print(ends, flush=True)
    sys.exit(6)

for number in range(3):
    child = os.fork()
    if child == 0:
        serve(number)
    workers.append(child)
signal.signal(signal.SIGTERM, end)
os.write(1, b"ready\\n")
while True:
    signal.pause()
""")
        process = self.start("-o", "x.vzt", program)
        for _ in range(4):
            self.assertEqual(process.stdout.readline(), b"ready\n")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.stdout.readline(), b"[15, 15, 15]\n")
        self.assertEqual(process.wait(DEADLINE_S), 6)
        by_tag, by_pid = self.take_made()
        self.assertEqual(sorted(by_tag), ["master", "worker0", "worker1",
                                          "worker2"])
        self.check_calls(vzt_reader.read(self.path("x.vzt")), by_pid)

    def test_a_child_that_is_killed(self):
        trace = self.compare("""
child = os.fork()
if child == 0:
    make("child", 5)
    os.kill(os.getpid(), signal.SIGKILL)
print(os.waitpid(child, 0)[1])
make("parent", 7)
""", "child", "parent")
        states = {process.header.parent_section_id != 0: process.status.state
                  for process in trace.processes}
        self.assertEqual(states, {True: vzt_reader.STATE_RECORDING,
                                  False: vzt_reader.STATE_ENDED})

    def test_a_child_that_outlives_its_parent(self):
        os.mkfifo(self.path("gate"))
        self.write("program.py", BEGIN + """
if os.fork() == 0:
    make("before", 5)
    open("gate").read()
    make("after", 7)
    os._exit(0)
make("parent", 3)
""")
        self.check_child_that_goes_on(["after", "before", "parent"])

    @unittest.skipIf(VERSION < (3, 7), "nothing of C runs inside of fork")
    def test_a_child_that_has_done_nothing_yet(self):
        """It waits inside of fork, in C: no event, and so no file of its own,
        has come when its parent ends."""
        os.mkfifo(self.path("gate"))
        self.write("program.py", """
import functools
import os
os.register_at_fork(
    after_in_child=functools.partial(os.open, "gate", os.O_RDONLY))
""" + BEGIN + """
if os.fork() == 0:
    make("after", 7)
    os._exit(0)
make("parent", 3)
""")
        self.check_child_that_goes_on(["after", "parent"])

    def check_child_that_goes_on(self, tags):
        # The child keeps what it has of these, so they are no pipes.
        done = self.run_command(
            "sh", "-c", 'exec "$0" -o x.vzt program.py >output 2>messages',
            VIZTRACER)
        self.assertEqual(done.returncode, 0)
        with open(self.path("messages")) as file:
            self.assertIn("1 process of the program is still running",
                          file.read())
        with open(self.path("gate"), "w"):
            pass

        def has_ended():
            try:
                trace = vzt_reader.read(self.path("x.vzt.d"))
            except vzt_reader.BadTrace:
                return None  # that reader wants a file at rest
            return trace if len(trace.processes) == 2 and all(
                process.status.state == vzt_reader.STATE_ENDED
                for process in trace.processes) else None

        trace = wait_until(has_ended, "the child has ended")
        by_tag, by_pid = self.take_made()
        self.assertEqual(sorted(by_tag), tags)
        self.check_calls(trace, by_pid)

    def test_thread_ids_that_are_used_again(self):
        trace = self.compare("""
import threading
seen = set()

def run(number):
    make("thread%d" % number, number)
    seen.add(threading.get_ident())

for number in range(1, 41):
    thread = threading.Thread(target=run, args=(number,))
    thread.start()
    thread.join()
print(len(seen) < 40)
""", *("thread%d" % number for number in range(1, 41)))
        self.assertEqual(self.done.stdout, b"True\n")
        process, = trace.processes
        calls = [sum(count for function, count
                     in process.entry_counts(stream).items()
                     if process.functions[function].name == "work")
                 for stream in process.streams]
        self.assertEqual(sorted(calls), list(range(41)))


class Programs(ProcessesTest):
    def test_exec(self):
        trace = self.compare("""
make("before", 3)
os.environ["PATH"] = os.path.dirname(python) + ":" + os.environ["PATH"]
if os.fork() == 0:
    make("forked", 5)
    os.execvp(os.path.basename(python),
              [os.path.basename(python), "child.py", "child", "7", "3"])
print(os.wait()[1])
os.execv(python, [python, "-c", "import os\\n"
         "os.execve('%s', ['%s', 'child.py', 'last', '11', '4'], os.environ)"
         % (python, python)])
""", "before", "forked", "child", "last")
        self.assertEqual(len(trace.processes), 5)
        became = [process for process in trace.processes
                  if process.status.stop_reason == vzt_reader.STOP_EXEC]
        self.assertEqual(len(became), 3)

    @unittest.skipIf(VERSION < (3, 8), "there is no posix_spawn")
    def test_posix_spawn(self):
        self.compare("""
child = os.posix_spawn(python, [python, "child.py", "child", "5", "3"],
                       os.environ)
print(os.waitpid(child, 0)[1])
child = os.posix_spawnp("env", ["env", python, "child.py", "env", "7", "0"],
                        dict(os.environ))
print(os.waitpid(child, 0)[1])
""", "child", "env", input=b"one line\n")

    def test_subprocess(self):
        self.write("tool.sh", "#!/bin/sh\n\"$1\" child.py script 9 5 < tool.sh |"
                   "tr a-z A-Z\nexec \"$1\" child.py exec 10 6\n", 0o755)
        self.compare("""
print(subprocess.run([python, "child.py", "list", "5", "3"],
                     input=b"given").returncode)
print(subprocess.Popen([python, "child.py", "bufsize", "6", "4"], -1, None,
                       None, subprocess.PIPE).communicate())
print(subprocess.call(python + " child.py string 7 2 < /dev/null", shell=True))
print(os.system(python + " child.py system 8 1 < /dev/null"))
print(subprocess.check_output(["env", "-u", "X", python, "child.py", "env",
                               "11", "0"]))
print(subprocess.call(["./tool.sh", python]))
""", "list", "bufsize", "string", "system", "env", "script", "exec",
                     input=b"")

    def test_output_and_input_of_a_child_are_its_own(self):
        self.compare("""
sys.stdout.write("begin ")
sys.stdout.flush()
subprocess.call([python, "child.py", "child", "1", "0"])
print("end", repr(sys.stdin.read()))
""", "child", input=b"\xff\x00 all of it \n\n")

    def test_pid_1_of_a_namespace(self):
        if self.run_command("unshare", "--pid", "--fork", "true").returncode:
            self.skipTest("no pid namespace of our own")
        trace = self.compare("""
print(subprocess.call(["unshare", "--pid", "--fork", python, "-c",
    "import os; from counted import make\\n"
    "make('one', 5)\\n"
    "child = os.fork()\\n"
    "make('child' if child == 0 else 'init', 7)\\n"
    "if child == 0: os._exit(0)\\n"
    "print(os.getpid(), os.waitpid(child, 0)[1], flush=True)"]))
make("outside", 3)
""", "one", "init", "child", "outside")
        self.assertIn(1, [process.header.pid for process in trace.processes])
        self.assertEqual(len({process.header.pid_namespace
                              for process in trace.processes}), 2)

    def test_another_user(self):
        if os.geteuid() != 0:
            self.skipTest("only root may become somebody else")
        os.chmod(self.folder, 0o777)
        trace = self.compare("""
make("parent", 3)
os.chmod(os.environ["MADE"], 0o666)
child = os.fork()
if child == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    make("child", 6000)
    try:
        os.execv(python, [python, "-c", "print('runs')"])
    except OSError:
        os._exit(3)
print(os.waitpid(child, 0)[1])
""", "child", "parent")
        self.assertEqual(len(trace.processes), 2)


class Multiprocessing(ProcessesTest):
    TEXT = """
import multiprocessing, time

def named(ready):
    make(multiprocessing.current_process().name, 5)

def in_pool(number):
    make("pool%d" % number, number)
    return number * number

def outer(context):
    make("outer", 3)
    inner = context.Process(target=named, args=(None,), name="inner")
    inner.start()
    inner.join()

def busy(ready):
    make(multiprocessing.current_process().name, 11)
    ready.set()
    while True:
        sum(range(100))

def main():
    context = multiprocessing.get_context("METHOD")
    ready = context.Event()
    children = [context.Process(target=named, args=(None,), name="plain"),
                context.Process(target=outer, args=(context,), name="nest")]
    for child in children:
        child.start()
    for child in children:
        child.join()
        print(child.name, child.exitcode)
    for daemon in False, True:
        child = context.Process(target=busy, args=(ready,), daemon=daemon,
                                name="daemon" if daemon else "terminated")
        ready.clear()
        child.start()
        ready.wait()
        if not daemon:
            child.terminate()
            child.join()
            print(child.exitcode)
    with context.Pool(2) as pool:
        print(pool.map(in_pool, range(6), 1))
        pool.close()
        pool.join()
    make("main", 7)

if __name__ == "__main__":
    main()
"""
    TAGS = ["plain", "outer", "inner", "terminated", "daemon", "main"] + [
        "pool%d" % number for number in range(6)]

    def check(self, method, prefix):
        trace = self.compare(self.TEXT.replace("METHOD", method), *self.TAGS,
                             plain=not IS_QUICK)
        names = {process.name for process in trace.processes}
        self.assertLessEqual({"plain", "nest", "inner", "terminated", "daemon",
                              "program.py"}, names)
        self.assertIn(names - {"plain", "nest", "inner", "terminated",
                               "daemon", "program.py", "python -c"},
                      [{prefix + "PoolWorker-%d" % number for number in pair}
                       for pair in ((5, 6),)])
        self.assertFalse(os.path.exists(self.path("x.vzt.d")))

    def test_fork(self):
        self.check("fork", "Fork")

    def test_spawn(self):
        self.check("spawn", "Spawn")

    def test_forkserver(self):
        self.check("forkserver", "ForkServer")

    def test_futures(self):
        self.compare("""
from concurrent.futures import ProcessPoolExecutor

def task(number):
    make("task%d" % number, number)
    return -number

if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        print(list(executor.map(task, range(1, 7))))
""", *("task%d" % number for number in range(1, 7)))


class Followed(ProcessesTest):
    def test_a_python_that_cannot_be_followed_is_said(self):
        self.write("program.py", BEGIN + """
make("main", 3)
subprocess.call([python, "-I", "-c", "pass"])
subprocess.call([python, "-c", "pass"], env={})
""")
        done = self.viztracer("-o", "x.vzt", "program.py")
        self.assertIn(b"2 child processes in Python were not recorded",
                      done.stderr)
        trace = vzt_reader.read(self.path("x.vzt"))
        self.check_calls(trace, self.take_made()[1])
        shown = self.viztracer("view", "x.vzt", "--headless", "160x30",
                               "--keys", ": n o t e s Enter", "--dump",
                               "text")
        self.assertIn(b"started 2 Python processes that could not be",
                      shown.stdout)

    def test_only_the_first_process_when_asked_for(self):
        trace = self.compare("""
make("main", 3)
subprocess.call([python, "child.py", "child", "5", "0"])
child = os.fork()
if child == 0:
    make("forked", 7)
    os._exit(0)
os.waitpid(child, 0)
make("again", 11)
os.execv(python, [python, "child.py", "successor", "13", "4"])
""", "main", "child", "forked", "again", "successor",
                             options=("--ignore_multiprocess",),
                             only=("main", "again", "successor"))
        self.assertEqual(len(trace.processes), 2)
        self.assertEqual(len({process.header.pid
                              for process in trace.processes}), 1)
        self.assertFalse(os.path.exists(self.path("x.vzt.d")))


class Nested(ProcessesTest):
    def run_nested(self, command, **options):
        """{tag: calls} of the outer and of the inner trace."""
        self.write("program.py", BEGIN + """
make("before", 3)
print(subprocess.call(%r + ["-o", "inner.vzt", "child.py", "child", "5",
                            "3"]))
make("after", 7)
""" % (command,))
        done = self.viztracer("--quiet", "-o", "x.vzt", "program.py")
        self.assertEqual((done.returncode, done.stdout[-2:]), (0, b"3\n"),
                         done.stderr)
        calls = [sum(map(work_calls, vzt_reader.read(self.path(name))
                         .processes)) for name in ("x.vzt", "inner.vzt")]
        self.assertEqual(calls, [10, 5])

    def test_the_command_records_its_program_alone(self):
        self.run_nested([VIZTRACER, "--quiet"])

    def test_the_package_records_its_program_alone(self):
        self.run_nested([PYTHON, "-m", "viztracer", "--quiet"])

    def test_another_installation_records_its_program_alone(self):
        python_path = self.viztracer("--python-path").stdout.decode().strip()
        shutil.copytree(os.path.join(python_path, "viztracer"),
                        self.path("other/viztracer"))
        os.mkdir(self.path("outer"))
        self.environment["PYTHONPATH"] = (
            self.path("other/viztracer/bootstrap") + ":" + self.folder)
        self.environment["VIZTRACER_RECORD_DIR"] = self.path("outer")
        self.write("child2.py", "print(__import__('os').environ"
                   "['PYTHONPATH'].count('bootstrap'))\n"
                   "from child import *\n")
        done = self.viztracer("--quiet", "-o", "x.vzt", "child2.py", "child",
                              "5", "0")
        self.assertEqual((done.returncode, done.stdout), (0, b"1\nchild \n"),
                         done.stderr)
        self.assertEqual(os.listdir(self.path("outer")), [])

    def test_what_the_program_records_itself_is_recorded_once(self):
        trace = self.compare("""
from viztracer import VizTracer
make("before", 3)
with VizTracer(output_file="inline.json", verbose=0):
    make("inside", 5)
make("after", 7)
""", "before", "inside", "after", plain=False)
        self.assertEqual(len(trace.processes), 1)
        with open(self.path("inline.json")) as file:
            events = json.load(file)["traceEvents"]
        self.assertEqual(len([event for event in events
                              if event["name"].startswith("work (")]), 5)


if __name__ == "__main__":
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    unittest.main()
