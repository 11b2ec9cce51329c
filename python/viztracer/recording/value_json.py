# SPDX-License-Identifier: Apache-2.0
"""Python values as JSON text: dict, list, tuple, str, int, float, bool and None
become what they are in JSON; anything else, and what nests deeper than 32, a
string with its repr. Nothing that a repr does is an error."""

from builtins import (BaseException, bytes, dict, float, int, isinstance,
                      len, list, ord, range, repr, str, tuple, type)

_DEPTH_MAX = 32
_REPR_SIZE_MAX = 4096
_SIZE_MAX = 1 << 20
_INT_MAX = (1 << 63) - 1
_ESCAPES = {byte: b"\\u%04x" % byte for byte in range(32)}
_ESCAPES[ord('"')] = b'\\"'
_ESCAPES[ord("\\")] = b"\\\\"


def encode(value):
    """The text, as bytes."""
    pieces = _Pieces()
    _put(pieces, value, _DEPTH_MAX)
    return b"".join(pieces.parts)


class _Pieces:
    def __init__(self):
        self.parts = []
        self.size = 0

    def put(self, part):
        self.parts.append(part)
        self.size += len(part)


def _string(text, size_max):
    text = text.encode("utf-8", "replace")
    if len(text) > size_max:
        while size_max > 0 and text[size_max] & 0xC0 == 0x80:
            size_max -= 1  # not inside a character
        text = text[:size_max]
    return b'"%s"' % b"".join([_ESCAPES.get(byte) or bytes((byte,))
                               for byte in text])


def _repr(value):
    try:
        return _string(repr(value), _REPR_SIZE_MAX)
    except BaseException:  # also what is not an Exception: it is the program's
        return b'"<not displayable>"'


def _put(pieces, value, depth):
    if value is None:
        pieces.put(b"null")
    elif value is True:
        pieces.put(b"true")
    elif value is False:
        pieces.put(b"false")
    elif isinstance(value, str):
        pieces.put(_string(value, _SIZE_MAX))
    elif isinstance(value, int):
        plain = int.__int__(value)  # not a subclass' own idea of its text
        pieces.put(b"%d" % plain if -_INT_MAX <= plain <= _INT_MAX
                   else _repr(value))
    elif isinstance(value, float):
        plain = float.__float__(value)
        is_finite = plain - plain == 0
        pieces.put(float.__repr__(plain).encode() if is_finite
                   else _repr(value))
    elif depth > 0 and isinstance(value, dict):
        _put_mapping(pieces, value, depth - 1)
    elif depth > 0 and (type(value) is list or isinstance(value, tuple)):
        _put_sequence(pieces, value, depth - 1)
    else:
        pieces.put(_repr(value))


def _put_sequence(pieces, values, depth):
    pieces.put(b"[")
    is_first = True
    for value in list(values):
        if pieces.size >= _SIZE_MAX:
            break
        if not is_first:
            pieces.put(b",")
        is_first = False
        _put(pieces, value, depth)
    pieces.put(b"]")


def _put_mapping(pieces, values, depth):
    pieces.put(b"{")
    is_first = True
    for key, value in list(dict.items(values)):
        if pieces.size >= _SIZE_MAX:
            break
        if not is_first:
            pieces.put(b",")
        is_first = False
        pieces.put(_string(key, _REPR_SIZE_MAX) if isinstance(key, str)
                   else _repr(key))
        pieces.put(b":")
        _put(pieces, value, depth)
    pieces.put(b"}")
