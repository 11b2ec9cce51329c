# SPDX-License-Identifier: Apache-2.0
"""The viewer over SSH, by a server of its own on the loopback address: a
screen, a pan, and what is left when the connection is cut."""
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import unittest

from session import processes_of
from setting import VIZTRACER
from terminal_test import TerminalTest, main
from ways_out import check_terminal

SSHD = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin")
# What sshd hands on to the viewer, for it to be found again.
TOKEN = "VIZTRACER_TEST_SSH"

CONFIGURATION = """\
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
ListenAddress 127.0.0.1
Port {port}
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
AcceptEnv LC_* TZ VIZTRACER_*
"""


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@unittest.skipUnless(SSHD and shutil.which("ssh"),
                     "SKIPPED: there is no sshd or no ssh")
class Ssh(TerminalTest):
    def setUp(self):
        super().setUp()
        self.token = "%s=%d-%s" % (TOKEN, os.getpid(), self.id())
        for name in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "",
                            "-f", os.path.join(self.folder, name)],
                           check=True)
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.port = free_port()
        self.write("sshd_config", CONFIGURATION.format(
            folder=self.folder, port=self.port))
        self.server = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", os.path.join(self.folder, "sshd_config")],
            stderr=subprocess.PIPE)
        self.addCleanup(self.stop_server)
        self.wait_server()

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def wait_server(self):
        for line in self.server.stderr:
            if b"Server listening" in line:
                return
        self.fail("sshd ended with %s" % self.server.wait())

    def stop_server(self):
        for pid in processes_of(self.token):
            os.kill(pid, signal.SIGKILL)
        self.server.terminate()
        self.server.wait()
        self.server.stderr.close()

    def open(self, command, size=(80, 24)):
        """A client in a terminal, with the viewer at the other end."""
        name, value = self.token.split("=")
        variables = " ".join("%s='%s'" % pair for pair in (
            (name, value), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC"),
            ("VIZTRACER_TUI_MARK", "1"),
            ("XDG_STATE_HOME", os.path.join(self.folder, "state")),
            ("ASAN_OPTIONS", self.environment.get("ASAN_OPTIONS", ""))))
        return self.start(
            shutil.which("ssh"), "-tt", "-q", "-F", "none", "-p",
            str(self.port), "-i", os.path.join(self.folder, "user_key"),
            "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes",
            "-o", "UserKnownHostsFile=%s/known" % self.folder,
            "%s@127.0.0.1" % getpass.getuser(),
            "exec env %s %s" % (variables, command), size=size)

    def view(self, **options):
        session = self.open("'%s' view '%s'" % (VIZTRACER, self.trace("app")),
                            **options)
        self.assertTrue(session.wait_mark(1), session.log[-500:])
        return session

    def viewers(self):
        return [pid for pid, line in processes_of(self.token).items()
                if b"view" in line]

    def test_screens_keys_and_sizes(self):
        session, oracle = self.view(), self.oracle()
        self.assert_screen(session, oracle.cells((80, 24)), "at first")
        self.press_and_compare(session, oracle,
                               ["w", "d", "d", "Left", "Esc", "F6", "j"])
        self.assertTrue(session.resize(100, 30))
        self.assertTrue(session.press(b"c"))
        self.assertIn("MainThread", "\n".join(session.emulator.rows()))
        self.assertEqual(len(self.viewers()), 1)
        session.send(b"q")
        self.assertEqual(session.wait_end(), ("exited", 0))
        check_terminal(self, session)
        session.wait(lambda: not self.viewers(), "no viewer is left")

    def test_the_connection_is_cut(self):
        """The client is killed; nothing stays behind, nothing spins."""
        session, oracle = self.view(), self.oracle()
        self.press_and_compare(session, oracle, ["w", "d"])
        viewers = self.viewers()
        self.assertEqual(len(viewers), 1)
        session.signal(signal.SIGKILL)
        session.wait_end()
        session.wait(lambda: not processes_of(self.token),
                     "no process of the connection is left")

    def test_the_connection_is_cut_while_keys_come(self):
        session = self.view(size=(160, 50))
        session.send(b"wdas" * 100)
        session.signal(signal.SIGKILL)
        session.wait_end()
        session.wait(lambda: not processes_of(self.token),
                     "no process of the connection is left")

    def test_the_viewer_is_stopped_when_the_connection_is_cut(self):
        session = self.view()
        viewer = self.viewers()[0]
        os.kill(viewer, signal.SIGSTOP)
        session.signal(signal.SIGKILL)
        session.wait_end()
        os.kill(viewer, signal.SIGCONT)
        session.wait(lambda: not processes_of(self.token),
                     "no process of the connection is left")


if __name__ == "__main__":
    print("sshd", SSHD, file=sys.stderr)
    main()
