# SPDX-License-Identifier: Apache-2.0
"""python -m viztracer: run the viztracer command with this interpreter."""

import os
import sys

from viztracer import program


def _interpreter_options():
    """The options that this interpreter was started with, as a list."""
    given = getattr(sys, "orig_argv", None) or _command_line()
    options = []
    i = 1
    while i < len(given):
        word = given[i]
        if word in ("-X", "-W", "--check-hash-based-pycs"):
            options += given[i:i + 2]
            i += 2
            continue
        if not word.startswith("-") or word in ("-", "--"):
            break
        letters, module, _ = word.partition("m")
        if module and not word.startswith(("-W", "-X", "--")):
            if letters != "-":  # "-Im" is "-I -m"
                options.append(letters)
            break
        options.append(word)
        i += 1
    return options


def _command_line():
    """The command line as the kernel has it; before 3.10 only it knows."""
    with open("/proc/self/cmdline", "rb") as file:
        return [os.fsdecode(word) for word in file.read().split(b"\0")[:-1]]


def main():
    try:
        binary = program.find_binary()
    except FileNotFoundError as error:
        sys.exit(error)
    os.environ["VIZTRACER_PYTHON"] = sys.executable
    os.environ["VIZTRACER_PYTHON_OPTIONS"] = "\n".join(_interpreter_options())
    os.execv(binary, [binary] + sys.argv[1:])


main()
