# SPDX-License-Identifier: Apache-2.0
"""What print() writes becomes an instant, too: for the recorder that is
written in Python. The other one does the same, see print_log.h."""

import builtins
import sys


class _ListeningFile:
    """A file that passes all on and remembers it."""

    def __init__(self, file):
        self._file = file
        self.pieces = []

    def write(self, text):
        result = self._file.write(text)
        if isinstance(text, str):
            self.pieces.append(text)
        return result

    def flush(self):
        return self._file.flush()


def _listening_print(before, record):
    def print(*values, **options):
        file = options.get("file")
        if file is None:
            file = getattr(sys, "stdout", None)
        if file is None:
            return before(*values, **options)
        listening = options["file"] = _ListeningFile(file)
        try:
            return before(*values, **options)
        finally:
            text = "".join(listening.pieces)
            if text:
                record(text)

    print.__module__ = "builtins"
    print.__qualname__ = "print"
    print.__doc__ = before.__doc__
    print.is_listening = True
    print.before = before
    return print


def install(record):
    """Replace print() by one that also calls record(text), unless it is."""
    if not hasattr(builtins.print, "is_listening"):
        builtins.print = _listening_print(builtins.print, record)


def remove():
    """Put back what was there, unless the program has replaced it since."""
    if hasattr(builtins.print, "is_listening"):
        builtins.print = builtins.print.before
