# SPDX-License-Identifier: Apache-2.0
"""Say what an interpreter needs from a recorder extension.

Run by the build with each candidate interpreter; prints one line of
semicolon-separated fields (a CMake list): executable, version, extension
suffix, include folder and whether headers are there (1 or 0). Runs on 2.7 too,
where it prints nothing: those are no targets.
"""
import sys


def main():
    if sys.version_info < (3, 6) or sys.implementation.name != "cpython":
        return
    import os
    import sysconfig

    paths = sysconfig.get_paths()
    include = paths["include"]
    has_headers = os.path.exists(os.path.join(include, "Python.h"))
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return  # free-threaded builds need an extension of their own
    print(";".join([
        os.path.realpath(sys.executable),
        "%d.%d" % sys.version_info[:2],
        sysconfig.get_config_var("EXT_SUFFIX"),
        include,
        "%d" % has_headers,
    ]))


main()
