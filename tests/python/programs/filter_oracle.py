# SPDX-License-Identifier: Apache-2.0
"""What filters leave of a program, from the documentation: a plain
sys.setprofile that looks at open calls one by one, and knows nothing of how a
recorder counts them."""
import _thread
import json
import os
import sys


class Thread:
    """The calls that are open since recording began, each (is it recorded,
    does it hide what it calls), and what was recorded: "+name" and "-name", a
    list for each start."""

    def __init__(self):
        self.epoch = 0
        self.stack = []
        self.segments = []


class Oracle:
    def __init__(self):
        self.threads = {}
        self.order = []
        self.ignored = {}  # code objects by id: equal ones are not the same
        self.options = None
        self.options_by_text = {}
        self.epoch = 0
        self.is_on = False
        self.verdicts = {}
        sys.setprofile(self.see)

    def enter_thread(self, function):
        """What a thread begins with, so that it is seen, too."""
        self.threads.pop(_thread.get_ident(), None)
        sys.setprofile(self.see)
        function()

    def start(self, text):
        self.options = self.options_by_text[text]
        self.verdicts = {}
        self.epoch += 1
        self.is_on = True

    def stop(self):
        self.is_on = False

    def ignore(self, code):
        self.ignored[id(code)] = code

    def save(self, path):
        with open(path, "w") as file:
            json.dump([thread.segments for thread in self.order], file)
        self.threads = {}
        self.order = []

    def accepts(self, code):
        """By its file alone."""
        paths = self.options["paths"]
        name = code.co_filename
        if paths and name not in self.verdicts:
            real = os.path.realpath(name)
            is_match = os.path.exists(name) and any(
                os.path.commonpath([real, os.path.realpath(path)])
                == os.path.realpath(path) for path in paths)
            self.verdicts[name] = is_match == self.options["is_include"]
        return not paths or self.verdicts[name]

    def is_in_depth(self, thread):
        limit = self.options["max_depth"]
        return limit is None or len(thread.stack) + 1 <= limit

    def judge(self, thread, code):
        """(is a call of this code recorded, does it hide what it calls)"""
        if thread.stack and thread.stack[-1][1] or id(code) in self.ignored:
            return False, True
        if self.accepts(code):
            return self.is_in_depth(thread), False
        return False, not (self.options["keep_descendants"]
                           or code.co_name == "<module>")

    def judge_c(self, thread, caller):
        """A C function is as its caller is; that may be a call from before
        recording began."""
        hides = (thread.stack[-1][1] if thread.stack
                 else id(caller) in self.ignored)
        return (not hides and self.accepts(caller)
                and self.is_in_depth(thread)), hides and bool(thread.stack)

    def thread_now(self):
        ident = _thread.get_ident()
        thread = self.threads.get(ident)
        if thread is None:
            thread = self.threads[ident] = Thread()
            self.order.append(thread)
        if thread.epoch != self.epoch:
            thread.epoch = self.epoch
            thread.stack = []
            thread.segments.append([])
        return thread

    def see(self, frame, event, argument):
        code = frame.f_code
        if not self.is_on or code.co_filename == __file__:
            return
        thread = self.thread_now()
        if event in ("call", "return"):
            name = "%s %s:%d" % (code.co_name,
                                 os.path.basename(code.co_filename),
                                 code.co_firstlineno)
        elif self.options["c_functions"]:
            name = argument.__name__
        else:
            return
        if event == "call":
            thread.stack.append(self.judge(thread, code))
        elif event == "c_call":
            thread.stack.append(self.judge_c(thread, code))
        elif thread.stack:
            if thread.stack.pop()[0]:
                thread.segments[-1].append("-" + name)
            return
        else:
            return
        if thread.stack[-1][0]:
            thread.segments[-1].append("+" + name)
