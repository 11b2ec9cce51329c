# SPDX-License-Identifier: Apache-2.0
"""An output is written whole or not at all, whatever its format and whatever
happens: every format there is, with every fault.

    PYTHON=python3.12 VIZTRACER=build/dev/bin/viztracer \\
        OUTPUT_FAULTS=build/.../liboutput_faults.so python3 test_outputs.py

A full disk is a small tmpfs in a mount namespace of the test's own; where the
kernel does not allow that, the test is skipped and says so.
"""
import errno
import gzip
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

import test_disk_full

VIZTRACER = os.path.abspath(os.environ["VIZTRACER"])
NOBODY = 65534
PROGRAM = "".join("def function_with_a_long_name_%d(n):\n    return n\n\n"
                  "function_with_a_long_name_%d(%d)\n" % (i, i, i)
                  for i in range(120))
OLD = b"what was there before"


def run(*arguments, **options):
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([VIZTRACER, *arguments], stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, timeout=60, **options)


def formats():
    """The names of all formats, as the command lists them."""
    known = run("export", "in", "-o", "out", "--format", "").stderr.decode()
    names = known.strip().split("there are ")[1].split(", ")
    return names + [name + ".gz" for name in ("vzt", "folded")]


def for_each_format(check):
    """A test that checks every format, with a path in an empty folder."""
    def test(self):
        for name in self.whole:
            with self.subTest(format=name):
                for entry in os.listdir(self.folder):
                    os.unlink(os.path.join(self.folder, entry))
                check(self, name, os.path.join(self.folder, "out"))
    return test


class Outputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="viztracer-outputs-")
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        os.chmod(cls.shared, 0o755)
        program = os.path.join(cls.shared, "app.py")
        with open(program, "w") as file:
            file.write(PROGRAM)
        cls.trace = os.path.join(cls.shared, "app.vzt")
        done = run("-o", cls.trace, program, env=dict(
            os.environ, VIZTRACER_PYTHON=os.environ["PYTHON"],
            VIZTRACER_DIR=os.path.join(cls.shared, "kept")))
        assert done.returncode == 0, done.stderr
        cls.whole = {}
        for name in formats():
            path = os.path.join(cls.shared, "whole")
            done = run("export", cls.trace, "-o", path, "--format", name)
            if b"VIZTRACER_HTML" in done.stderr:
                continue  # a build without pages
            assert done.returncode == 0, done.stderr
            with open(path, "rb") as file:
                cls.whole[name] = file.read()
            os.unlink(path)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-output-")
        self.addCleanup(shutil.rmtree, self.folder)

    def export(self, name, path, **options):
        return run("export", self.trace, "-o", path, "--format", name,
                   **options)

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def put_old(self, path):
        with open(path, "wb") as file:
            file.write(OLD)

    def assert_failed(self, done, reason):
        message = done.stderr.decode()
        self.assertEqual(done.returncode, 1, message)
        self.assertIn("viztracer: error: ", message)
        self.assertIn(os.strerror(reason), message)
        self.assertEqual(len(message.splitlines()), 1, message)

    def assert_only_old(self, path):
        self.assertEqual(os.listdir(os.path.dirname(path)), ["out"])
        self.assertEqual(self.read(path), OLD)

    @for_each_format
    def test_the_mode_is_what_umask_leaves(self, name, path):
        for mask in (0o022, 0o077, 0o002):
            self.export(name, path, preexec_fn=lambda: os.umask(mask))
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode),
                             0o666 & ~mask)
            os.unlink(path)
        self.put_old(path)  # one that is replaced keeps its own
        os.chmod(path, 0o640)
        self.export(name, path)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o640)

    @for_each_format
    def test_a_link_stays_and_leads_to_the_output(self, name, path):
        real = os.path.join(self.folder, "real")
        os.symlink("real", path)
        for is_there in (False, True):
            if is_there:
                self.put_old(real)
            self.assertEqual(self.export(name, path).returncode, 0)
            self.assertTrue(os.path.islink(path))
            self.assertEqual(self.read(real), self.whole[name])
        self.assertEqual(sorted(os.listdir(self.folder)), ["out", "real"])

    @for_each_format
    def test_a_pipe_gets_the_same_bytes(self, name, path):
        os.mkfifo(path)
        got = []
        reader = threading.Thread(target=lambda: got.append(self.read(path)))
        reader.start()
        done = self.export(name, path)
        reader.join()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(got, [self.whole[name]])
        self.assertTrue(stat.S_ISFIFO(os.stat(path).st_mode))

    @for_each_format
    def test_so_does_standard_output(self, name, _path):
        for output in ("-", "/dev/stdout"):
            done = self.export(name, output)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(done.stdout, self.whole[name])
        done = self.export(name, "-", stdout=subprocess.DEVNULL,
                           preexec_fn=lambda: os.close(1))
        self.assert_failed(done, errno.EBADF)

    @for_each_format
    def test_a_reader_that_goes_away_ends_it(self, name, _path):
        read, write = os.pipe()
        os.close(read)
        done = self.export(name, "-", stdout=write)
        os.close(write)
        self.assertEqual(done.returncode, -signal.SIGPIPE)

    @for_each_format
    def test_a_folder_that_may_not_be_written(self, name, path):
        def become_nobody():
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)

        if os.geteuid() != 0:
            self.skipTest("this needs root")
        try:
            run("--version", preexec_fn=become_nobody)
        except OSError:
            self.skipTest("this needs a binary that all may run")
        os.chmod(self.folder, 0o555)
        done = self.export(name, path, preexec_fn=become_nobody)
        self.assert_failed(done, errno.EACCES)
        os.chmod(self.folder, 0o755)
        self.put_old(path)  # root's
        done = self.export(name, path, preexec_fn=become_nobody)
        self.assert_failed(done, errno.EACCES)
        self.assert_only_old(path)

    @for_each_format
    def test_a_full_disk(self, name, path):
        self.assert_failed(self.export(name, "/dev/full"), errno.ENOSPC)
        if len(self.whole[name]) <= 4096:
            self.assertTrue(name.endswith(".gz"), name)
            return
        disk = os.path.join(self.folder, "disk")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "small",
                        disk], check=True)
        try:
            path = os.path.join(disk, "out")
            self.put_old(path)
            self.assert_failed(self.export(name, path), errno.ENOSPC)
            self.assert_only_old(path)
        finally:
            subprocess.run(["umount", disk], check=True)
            os.rmdir(disk)

    @for_each_format
    def test_a_limit_on_the_size_of_files(self, name, path):
        self.put_old(path)
        done = self.export(
            name, path, preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_FSIZE, (500, 500)))
        self.assert_failed(done, errno.EFBIG)
        self.assert_only_old(path)

    def fault(self, name, path, call, number, reason):
        self.put_old(path)
        return self.export(name, path, env=dict(
            os.environ, OUTPUT_FAULT="%s %d %d" % (call, number, reason),
            LD_PRELOAD=" ".join(filter(None, [
                os.environ.get("LD_PRELOAD"), os.environ["OUTPUT_FAULTS"]]))))

    @for_each_format
    def test_a_disk_that_fails(self, name, path):
        for call in ("write", "fsync", "rename"):
            done = self.fault(name, path, call, 0, errno.EIO)
            self.assert_failed(done, errno.EIO)
            self.assert_only_old(path)

    @for_each_format
    def test_killed_in_the_middle(self, name, path):
        for call in ("write", "fsync", "rename"):
            done = self.fault(name, path, call, signal.SIGKILL, 0)
            self.assertEqual(done.returncode, -signal.SIGKILL)
            self.assertEqual(self.read(path), OLD)
            other, = set(os.listdir(self.folder)) - {"out"}
            self.assertRegex(other, r"^\.viztracer-[0-9a-f]{16}\.tmp$")
            os.unlink(os.path.join(self.folder, other))

    @for_each_format
    def test_interrupted_in_the_middle(self, name, path):
        for call, number in (("write", signal.SIGINT),
                             ("rename", signal.SIGTERM)):
            done = self.fault(name, path, call, number, 0)
            self.assertEqual(done.returncode, -number)
            self.assertEqual(os.listdir(self.folder), ["out"])
            self.assertIn(self.read(path), (OLD, self.whole[name]))

    def test_a_recording_that_is_moved(self):
        program = os.path.join(self.shared, "app.py")
        environment = dict(
            os.environ, VIZTRACER_PYTHON=os.environ["PYTHON"],
            VIZTRACER_DIR=os.path.join(self.folder, "kept"))
        path = os.path.join(self.folder, "out.vzt")
        done = run("-o", path, program, env=environment,
                   preexec_fn=lambda: os.umask(0o027))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o640)
        self.assertEqual(os.listdir(self.folder), ["out.vzt"])

    def test_compressed_is_the_same(self):
        for name in ("vzt", "json", "folded"):
            self.assertEqual(gzip.decompress(self.whole[name + ".gz"]),
                             self.whole[name])


if __name__ == "__main__":
    if not os.environ.get("IN_NAMESPACE"):
        test_disk_full.enter_namespace()
    unittest.main(verbosity=2)
