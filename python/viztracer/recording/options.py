# SPDX-License-Identifier: Apache-2.0
"""What is to be recorded, from the text that recording_options.h describes."""

from builtins import ValueError, bytes, int, len

_DIGITS = b"0123456789abcdefABCDEF"
_NUMBERS = ("limit_bytes", "entries", "min_duration_ns", "max_depth")
_FLAGS = ("keep_descendants", "c_functions", "include_startup", "source",
          "args", "log_print", "processes")


def decode(text):
    """The bytes that a text with %XX stands for."""
    pieces = text.split(b"%")
    result = [pieces[0]]
    for piece in pieces[1:]:
        if len(piece) >= 2 and piece[0] in _DIGITS and piece[1] in _DIGITS:
            result.append(bytes([int(piece[:2], 16)]) + piece[2:])
        else:
            result.append(b"%" + piece)
    return b"".join(result)


class Options:
    """The defaults, and over them the text (bytes)."""

    def __init__(self, text=b""):
        self.limit_bytes = 0
        self.entries = 0
        self.min_duration_ns = 0
        self.max_depth = -1  # none
        self.paths = []
        self.is_include = False
        self.keep_descendants = False
        self.c_functions = True
        self.include_startup = False
        self.source = True
        self.args = True
        self.log_print = False
        self.processes = True
        self.tracer = b""
        for word in text.split():
            key, _, value = word.partition(b"=")
            self._set(key.decode("ascii", "replace"), value)

    def _set(self, key, value):
        if key in _NUMBERS:
            try:
                number = int(value)
            except ValueError:
                raise ValueError("%s: %s is no number" % (
                    key, value.decode("utf-8", "replace")))
            self.__dict__[key] = number
        elif key in _FLAGS:
            self.__dict__[key] = value != b"0"
        elif key in ("include", "exclude"):
            self.paths = [decode(path) for path in value.split(b",") if path]
            self.is_include = key == "include"
        elif key == "tracer":
            self.tracer = value

    @property
    def has_filter(self):
        """Whether some calls are left out."""
        return self.max_depth >= 0 or self.paths or self.min_duration_ns > 0
