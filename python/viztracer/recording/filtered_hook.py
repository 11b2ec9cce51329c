# SPDX-License-Identifier: Apache-2.0
"""The profile function where not every call is recorded.

Each call that is heard stands on `stack`: whether it is recorded. From a call
that hides what it calls on, they are only counted. Depth counts all of them,
but for functions of this package. With a least duration, entries wait in
`pending` until it is known that they are to be written.
"""

from builtins import id, len

from .functions import HIDDEN, SHOWN, SPECIAL_NAMES
from .words import CALL, C_CALL, C_RAISE, C_RETURN, RETURN
from .block import entry_kind, exit_kind


class Selection:
    """The calls of a thread, as the filters see them."""

    __slots__ = ("stack", "hidden", "pending")

    def __init__(self):
        self.stack = []
        self.hidden = 0  # calls from the one that hides all below it
        self.pending = []  # (tag, or minus that of a C function, kind, tick)

    def clear(self):
        del self.stack[:], self.pending[:]
        self.hidden = 0


def write_pending(block, pending, before=None):
    """The entries that wait are written; those after `before` are dropped."""
    for tag, kind, start in pending:
        if before is None or start <= before:
            block.calls.append(tag)
            block.starts.append(start)
            block.put((tag if tag > 0 else -tag) + kind, start)
    del pending[:]


def make_filtered_hook(block, functions, thread, clock, options):
    find = functions.codes.get
    selection = thread.selection
    stack, pending = selection.stack, selection.pending
    calls, starts = block.calls, block.starts
    least = options.min_duration_ns
    has_c = options.c_functions
    depth_limit = options.max_depth if options.max_depth >= 0 else 1 << 62

    def enter(tag, kind, now):
        if least:
            pending.append((tag, kind, now))
        else:
            calls.append(tag)
            starts.append(now)
            block.put((tag if tag > 0 else -tag) + kind, now)

    def leave(tag, kind, now):
        if pending:
            if now - pending[-1][2] < least:
                pending.pop()
                return
            write_pending(block, pending)
        if calls and calls[-1] == tag:
            del calls[-1], starts[-1]
        else:
            thread.close_other(tag)
        block.put((tag if tag > 0 else -tag) + kind, now)

    def enter_python(frame, now):
        function = find(id(frame.f_code)) or functions.find_code(frame)
        if function.is_own:
            if function.verdict == HIDDEN:
                thread.enter_hidden(function, frame)
        elif selection.hidden:
            selection.hidden += 1
        elif function.verdict == HIDDEN:
            selection.hidden = 1
        else:
            is_shown = function.verdict == SHOWN and len(stack) < depth_limit
            stack.append(is_shown)
            if is_shown:
                enter(function.tag,
                      entry_kind(function, frame) if function.is_generator
                      else CALL, now)

    def leave_python(frame, arg, now):
        function = find(id(frame.f_code)) or functions.find_code(frame)
        if function.is_own:
            return
        if selection.hidden:
            selection.hidden -= 1
        elif stack and stack.pop():
            leave(function.exit_tag,
                  RETURN if arg is not None and not function.is_generator
                  else exit_kind(function, frame, arg), now)
        if function.names_thread:
            thread.refresh_name()

    def enter_c(caller, arg, now):
        if selection.hidden:
            selection.hidden += 1
            return
        is_shown = caller.verdict == SHOWN and len(stack) < depth_limit
        stack.append(is_shown)
        if is_shown:
            enter(-functions.find_special_c(arg), C_CALL, now)

    def leave_c(arg, kind, now):
        if selection.hidden:
            selection.hidden -= 1
        elif stack and stack.pop():
            leave(-functions.find_special_c(arg), kind, now)

    def hook(frame, event, arg):
        now = clock()
        if block.is_full() and not thread.look(now):
            return
        if functions.dead:
            functions.bury()
        if event == "call":
            enter_python(frame, now)
        elif event == "return":
            leave_python(frame, arg, now)
        else:
            caller = find(id(frame.f_code)) or functions.find_code(frame)
            if caller.is_own:
                return
            is_special = arg.__name__ in SPECIAL_NAMES
            if is_special and event != "c_call":
                thread.see_c(event, arg, frame)
            if has_c and event == "c_call":
                enter_c(caller, arg, now)
            elif has_c:
                leave_c(arg, C_RETURN if event == "c_return" else C_RAISE, now)
            if is_special and event == "c_call":
                thread.see_c(event, arg, frame)

    return hook
