# SPDX-License-Identifier: Apache-2.0
"""A recording that the program itself starts, stops and saves.

It stands in a folder of its own in $TMPDIR, which goes when the process ends or
when something new is recorded. In a process that the command records there is
nothing to start or stop: what lies between a start and a stop is remembered,
and is what is saved.
"""

from builtins import OSError
from posix import environ, getpid, listdir, mkdir, rmdir, unlink, urandom

from . import recorder as recorders
from .options import Options


class Inline:
    """The one of this interpreter."""

    def __init__(self, own_folder):
        self.own_folder = own_folder
        self.recorder = recorders.current()  # the command's, or None
        self.is_launched = self.recorder is not None
        self.is_running = False
        self.is_saved = False  # the next start begins anew
        self.mute_counts = self.recorder.mute_counts if self.recorder else {}
        self.ignored = []  # code objects
        self.process_name = b""
        self.folder = b""
        self.owner = 0  # only this process removes the folder
        self.intervals = []  # [start, end] in the command's recording

    def start(self, text):
        if self.is_running:
            return
        if self.is_launched:
            self._begin_interval()
        elif self.recorder is None or self.is_saved:
            self._open(Options(text))
            self.recorder.go()
        else:
            self.recorder.change_options(Options(text))
            self.recorder.resume()
        self.is_running = True

    def stop(self):
        if not self.is_running:
            return
        self.is_running = False
        if self.is_launched:
            self.intervals[-1][1] = self.recorder.clock()
        else:
            self.recorder.pause()

    def clear(self, text):
        was_running = self.is_running
        if self.is_launched:
            self.intervals = []
            if was_running:
                self._begin_interval()
        elif self.recorder is not None:
            self.stop()
            self.is_saved = True
            self._close()
            if was_running:
                self.start(text)

    def ignore(self, code):
        self.ignored.append(code)
        if self.recorder is not None:
            self.recorder.functions.ignore(code)

    def name_process(self, name):
        self.process_name = name
        if self.recorder is not None:
            self.recorder.define_process(name)

    def is_recording(self):
        return self.recorder is not None and not self.recorder.is_over and (
            self.is_launched or self.is_running)

    def _begin_interval(self):
        if self.is_saved:
            self.intervals = []
            self.is_saved = False
        self.intervals.append([self.recorder.clock(), None])

    def _open(self, options):
        self._close()
        parent = environ.get(b"TMPDIR") or b"/tmp"
        folder = parent + b"/viztracer-" + urandom(8).hex().encode()
        mkdir(folder, 0o700)
        self.folder, self.owner = folder, getpid()
        self.recorder = recorders.start(folder, options, self.own_folder, False)
        self.recorder.on_end = self._remove_folder
        self.recorder.mute_counts = self.mute_counts
        self.recorder.process_name = self.process_name
        for code in self.ignored:
            self.recorder.functions.ignore(code)
        self.is_saved = False

    def _close(self):
        if self.recorder is not None:
            self.recorder.on_end = None
            self.recorder.finish()
            self.recorder = None
        self._remove_folder()

    def _remove_folder(self):
        """It holds nothing but our files."""
        if not self.folder or self.owner != getpid():
            return
        try:
            for name in listdir(self.folder):
                unlink(self.folder + b"/" + name)
            rmdir(self.folder)
        except OSError:
            pass  # somebody else has been there
        self.folder = b""

    def prepare_save(self):
        """(what to save, intervals of it or none) for viztracer_save."""
        if self.recorder is None:
            self._open(Options())
            self.recorder.this_thread()
        self.recorder.flush()
        if not self.is_launched:
            return self.folder, []
        now = self.recorder.clock()
        intervals = [(start, now if end is None else end)
                     for start, end in self.intervals]
        return self.recorder.output.path, intervals or [(0, 0)]

    def saved(self):
        self.is_saved = True
