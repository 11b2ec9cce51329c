# SPDX-License-Identifier: Apache-2.0
"""What print() writes becomes an instant, too. The print that was there is
called with a file between that hears what is written; it still goes where it
was going."""

from builtins import str, type
import builtins
import sys

from . import words

_PREFIX = b"print - "
_variables = builtins.__dict__
_system = sys.__dict__


class _Listener:
    """A file that passes all on and remembers it."""

    def __init__(self, file):
        self.file = file
        self.texts = []

    def write(self, text):
        result = self.file.write(text)
        if type(text) is str:
            self.texts.append(text)
        return result

    def flush(self):
        return self.file.flush()


def install(recorder):
    """Replace print, unless it is."""
    original = _variables["print"]
    if type(original) is type(install) and original.__module__ == __name__:
        return

    def print(*args, **keywords):
        """What print() of builtins does."""
        file = keywords.get("file")
        if file is None:
            file = _system.get("stdout")
        if file is None or not recorder.is_heard():
            return original(*args, **keywords)
        listener = _Listener(file)
        keywords["file"] = listener
        try:
            return original(*args, **keywords)
        finally:
            text = words.encode("".join(listener.texts))
            if text:
                recorder.this_thread().mark(words.instant(
                    words.SCOPES["g"], _PREFIX + text if recorder.options.args
                    else b"print", b"",
                    recorder.define_string))

    print.original = original
    _variables["print"] = print


def remove():
    """Put back what was there, unless the program has replaced it since."""
    found = _variables.get("print")
    if type(found) is type(install) and found.__module__ == __name__:
        _variables["print"] = found.original
