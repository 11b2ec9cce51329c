# SPDX-License-Identifier: Apache-2.0
"""Print, as JSON, all that a program can see of how it was started."""
import json
import os
import resource
import signal
import sys

# The documented differences: what starts the recorder in child processes.
DOCUMENTED = ("PYTHONPATH", "VIZTRACER_RECORD_DIR", "VIZTRACER_RECORD_OPTIONS")
# Only the shell's own, or what the test itself sets for one of the two runs.
UNRELATED = ("_", "VIZTRACER_PYTHON", "VIZTRACER_PYTHON_OPTIONS")


def open_files():
    """{descriptor: what it is}, without the recorder's own file, which lies
    above what programs count on."""
    recording = os.environ.get("VIZTRACER_RECORD_DIR", "\0")
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink("/proc/self/fd/" + name)
        except OSError:
            continue  # that of listdir
        if not (target.startswith(recording) and int(name) >= 512):
            found[name] = target.split(":")[0]
    return found


def signal_masks():
    with open("/proc/self/status") as file:
        return [line for line in file
                if line.startswith(("SigBlk", "SigIgn", "SigCgt"))]


def main_attributes():
    main = sys.modules["__main__"]
    spec = main.__spec__
    return {
        "names": sorted(vars(main)),
        "__name__": main.__name__,
        "__doc__": main.__doc__,
        "__package__": main.__package__,
        "__file__": getattr(main, "__file__", None),
        "__spec__": spec and [spec.name, spec.origin],
        "__loader__": str(type(main.__loader__)),
    }


def report():
    environment = {name: value for name, value in os.environ.items()
                   if name not in DOCUMENTED + UNRELATED}
    return {
        "argv": sys.argv,
        "orig_argv": getattr(sys, "orig_argv", None),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "path": sys.path,
        "importers": sorted(sys.path_importer_cache),
        "flags": list(sys.flags),
        "modules": sorted(sys.modules),
        "warnoptions": sys.warnoptions,
        "xoptions": sorted(sys._xoptions),
        "main": main_attributes(),
        "cwd": os.getcwd(),
        "terminals": [os.isatty(fd) for fd in range(3)],
        "is_group_of_parent": os.getpgrp() == os.getpgid(os.getppid()),
        "environment": environment,
        "files": open_files(),
        "masks": signal_masks(),
        "handlers": [str(signal.getsignal(number))
                     for number in range(1, signal.NSIG)],
        "umask": os.umask(0o22),
        "limits": [resource.getrlimit(number) for number in range(16)],
        "stdin": sys.stdin.read(),
    }


print(json.dumps(report(), indent=1))
