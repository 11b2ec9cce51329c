# SPDX-License-Identifier: Apache-2.0
"""The oracle itself, on a program whose calls can be counted by eye, and which
must not be able to tell that it is counted.

    PYTHON=python3.12 python3 test_oracle.py
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import oracle

COUNTED = '''
import _thread
import atexit


class Shop:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)

    def __del__(self):
        abs(-1)


def numbers(n):
    for i in range(n):
        yield i


def work(shop, lock):
    for item in numbers(10):
        shop.add(item)
    lock.release()


shop = Shop()
locks = [_thread.allocate_lock() for _ in range(3)]
for lock in locks:
    lock.acquire()
    _thread.start_new_thread(work, (shop, lock))
for lock in locks:
    lock.acquire()
atexit.register(numbers, 5)
'''

NOTICING = '''
import os
import sys
for name in sorted(sys.modules):
    print(name)
print(sys.path, sys.argv, sys.flags, sorted(sys.path_importer_cache))
print(__name__, __file__, sys.gettrace(), "sitecustomize" in sys.modules)
'''


class OracleTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-oracle-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.output = os.path.join(self.folder, "calls")
        self.script = os.path.join(self.folder, "script.py")

    def run_script(self, text, is_counted):
        with open(self.script, "w") as file:
            file.write(text)
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        environment.pop("PYTHONPATH", None)
        if is_counted:
            environment = oracle.environment(environment, self.output)
        done = subprocess.run([os.environ["PYTHON"], self.script],
                              env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 0)
        return done.stdout

    def test_it_counts_every_thread_and_the_last_finalizer(self):
        self.run_script(COUNTED, True)
        threads, = oracle.load(self.output).values()

        def calls(thread, name):
            return sum(count for function, count in thread.calls.items()
                       if function.name.endswith(name)
                       and function.file in ("", self.script))

        self.assertEqual([thread.name for thread in threads],
                         ["MainThread", "", "", ""])
        main = threads[0]
        self.assertEqual(calls(main, "<module>"), 1)
        self.assertEqual(calls(main, "__init__"), 1)
        self.assertEqual(calls(main, "__del__"), 1)
        self.assertEqual(calls(main, "builtins.abs"), 1)
        self.assertEqual(calls(main, "_thread.start_new_thread"), 3)
        self.assertEqual(calls(main, "lock.acquire"), 6)
        self.assertEqual(calls(main, "atexit.register"), 1)
        for worker in threads[1:]:
            self.assertEqual(calls(worker, "work"), 1)
            self.assertEqual(calls(worker, "numbers"), 11)
            self.assertEqual(calls(worker, "add"), 10)
            self.assertEqual(calls(worker, "list.append"), 10)
            self.assertEqual(calls(worker, "lock.release"), 1)
            self.assertEqual(sum(worker.calls.values()), 33)

    def test_the_program_cannot_tell(self):
        self.assertEqual(self.run_script(NOTICING, False),
                         self.run_script(NOTICING, True))


if __name__ == "__main__":
    if not os.environ.get("PYTHON"):
        sys.exit("test_oracle.py: set PYTHON")
    unittest.main(verbosity=2)
