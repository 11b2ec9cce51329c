# SPDX-License-Identifier: Apache-2.0
"""The words and records of a .vzt file as bytes; vzt(5) says what they mean."""

from builtins import getattr, len, range
import _imp

_source_hash = getattr(_imp, "source_hash", None)  # from 3.7 on

CALL, RESUME, THROW_IN = 1 << 60, 2 << 60, 3 << 60
RETURN, YIELD, UNWIND = 4 << 60, 5 << 60, 6 << 60
C_CALL, C_RETURN, C_RAISE = 7 << 60, 8 << 60, 9 << 60
ID_SHIFT = 32
ID_MAX = (1 << 28) - 1
DELTA_MAX = 0xFFFFFFFF

_LONG = 15 << 60
CLOCK_HEAD = _LONG | 1 << 52 | 1 << 32
_INSTANT, _COUNTER, _OBJECT, _GAP = 2, 3, 4, 18
_FUNCTION, _STREAM, _PROCESS, _STRING, _SOURCE, _END = (128, 129, 130, 131,
                                                        132, 133)

GAP_SLOT_TAKEN, GAP_PAUSED = 1, 2
FUNCTION_PYTHON, FUNCTION_C = 1, 2
SCOPES = {"t": 1, "p": 2, "g": 3}
PHASES = {"N": 1, "O": 2, "D": 3}

CHUNK_FREE, CHUNK_EVENTS, CHUNK_DEFINITIONS = 1, 2, 3
CHUNK_HEADER_SIZE = 96
OPEN_INHERITED = 1
OPEN_ANCESTOR = 1 << 8  # one more fork

RECORD_SIZE_MAX = 4096
STRING_SIZE_MAX = 65536
PATH_SIZE_MAX = 4096
_INSTANT_NAME_SIZE = 4000
_COUNTER_TEXT_SIZE = 1000
_OBJECT_TEXT_SIZE = 1900
_BY_STRING = 1


def u32(value):
    return value.to_bytes(4, "little")


def u64(value):
    return value.to_bytes(8, "little")


def _u32s(*values):
    return b"".join([u32(value) for value in values])


def cut(text, size):
    """At most size bytes of a text, not ending inside of a character."""
    if len(text) <= size:
        return text
    while size > 0 and text[size] & 0xC0 == 0x80:
        size -= 1
    return text[:size]


def encode(text):
    """A str as the bytes of a text; nothing that Python has can fail here."""
    return text.encode("utf-8", "surrogateescape" if _is_escaped(text)
                       else "surrogatepass")


def _is_escaped(text):
    for character in text:
        if "\ud800" <= character <= "\udfff" and not (
                "\udc80" <= character <= "\udcff"):
            return False
    return True


def _record(kind, *parts):
    """A long record: its head, with a delta of 0, and its payload."""
    payload = b"".join(parts)
    payload += b"\0" * (-len(payload) % 8)
    head = _LONG | kind << 52 | len(payload) // 8 << 32
    return u64(head) + payload


def _or_string(encode_record, args, define_string):
    """The record with its arguments or, when it is too long, without them and
    with the id of a string."""
    record = encode_record(0, len(args), args)
    if len(record) > RECORD_SIZE_MAX:
        record = encode_record(_BY_STRING, define_string(args), b"")
    return record


def instant(scope, name, args, define_string):
    name = cut(name, _INSTANT_NAME_SIZE)
    return _or_string(lambda flags, size, text: _record(
        _INSTANT, _u32s(scope, flags, len(name), size), name, text),
        args, define_string)


def traced_object(phase, number, name, args, define_string):
    number = cut(number, _OBJECT_TEXT_SIZE)
    name = cut(name, _OBJECT_TEXT_SIZE)
    return _or_string(lambda flags, size, text: _record(
        _OBJECT, _u32s(phase, flags, len(number), len(name), size, 0), number,
        name, text), args, define_string)


def counters(name, series):
    """Records of a counter; series are (key, type, bits)."""
    name = cut(name, _COUNTER_TEXT_SIZE)
    series = [(cut(key, _COUNTER_TEXT_SIZE), kind, bits)
              for key, kind, bits in series]
    result = []
    while series:
        count = len(series)
        while True:
            part = series[:count]
            record = _record(
                _COUNTER, _u32s(len(name), count),
                b"".join([_u32s(len(key), kind) + u64(bits)
                          for key, kind, bits in part]),
                name, b"".join([key for key, kind, bits in part]))
            if len(record) <= RECORD_SIZE_MAX:
                break
            count = (count + 1) // 2
        result.append(record)
        series = series[count:]
    return result


def gap(reason, start_tick):
    return _record(_GAP, _u32s(reason, 0), u64(0), u64(start_tick))


def function(number, kind, line, name, file):
    name = cut(name, STRING_SIZE_MAX)
    file = cut(file, PATH_SIZE_MAX)
    return _record(_FUNCTION, _u32s(number, kind, line, len(name), len(file),
                                    0), name, file)


def stream(number, thread_id, name):
    name = cut(name, STRING_SIZE_MAX)
    return _record(_STREAM, _u32s(number, 1, 0, len(name)), u64(thread_id),
                   name)


def stream_end(number, tick):
    return _record(_END, _u32s(number, 0), u64(tick))


def process(arguments, executable, directory, name, version):
    """arguments: the command line, each argument with a NUL behind it."""
    texts = (arguments, executable, directory, name, version)
    return _record(_PROCESS, u32(arguments.count(b"\0")),
                   *[u32(len(text)) for text in texts] + [b"".join(texts)])


def string(number, text):
    kept = text[:STRING_SIZE_MAX]
    return _record(_STRING, _u32s(number, len(kept)), u64(len(text)),
                   u64(hash_bytes(text)), kept)


def source(path, text):
    """The pieces of a source file, each a record."""
    path = cut(path, PATH_SIZE_MAX)
    whole = u64(len(text)) + (u64(hash_bytes(text)) if _source_hash is None
                              else _source_hash(1, text))
    result = []
    for at in range(0, len(text), STRING_SIZE_MAX):
        piece = text[at:at + STRING_SIZE_MAX]
        result.append(_record(_SOURCE, _u32s(len(path), len(piece)), u64(at),
                              whole, path, piece))
    return result


def chunk(kind, body, first_tick, number, stream=0, open_calls=(),
          calls_before=0):
    """A whole chunk; open_calls are (id, flags, start tick)."""
    calls = b"".join([u32(number) + u32(flags) + u64(tick)
                      for number, flags, tick in open_calls])
    size = CHUNK_HEADER_SIZE + len(calls) + len(body)
    return b"".join((
        b"\x89VZCHUNK", _u32s(kind, 0), u64(size), u64(len(body) // 8),
        _u32s(stream, len(open_calls)), u64(number), u64(first_tick),
        u64(first_tick), u64(calls_before), b"\0" * 24, calls, body))


def hash_bytes(text):
    """What vzt(5) calls the hash; of a long text it takes a while."""
    value = 0xcbf29ce484222325
    for byte in text:
        value = (value ^ byte) * 0x100000001b3 & 0xFFFFFFFFFFFFFFFF
    for factor in (0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53):
        value ^= value >> 33
        value = value * factor & 0xFFFFFFFFFFFFFFFF
    return value ^ value >> 33


def free_chunk(size):
    """The header of a chunk of room; the caller has its bytes already."""
    return b"".join((b"\x89VZCHUNK", _u32s(CHUNK_FREE, 0), u64(size),
                     b"\0" * (CHUNK_HEADER_SIZE - 24)))
