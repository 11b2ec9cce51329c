# SPDX-License-Identifier: Apache-2.0
"""Print all that a program could notice of how it was started."""
import os
import sys

print("path", sys.path)
print("modules", sorted(sys.modules))
print("cache", sorted(sys.path_importer_cache))
print("flags", sys.flags)
print("argv", sys.argv)
print("main", sorted(vars(sys.modules["__main__"])))
print("hooks", sys.getprofile(), sys.gettrace(),
      [getattr(finder, "__name__", type(finder).__name__)
       for finder in sys.meta_path],
      [hook.__name__ for hook in sys.path_hooks])
print("recursion", sys.getrecursionlimit(), sys.getswitchinterval())
print("cwd", os.getcwd(), sys.executable, sys.prefix)
print("descriptors", sorted(int(fd) for fd in os.listdir("/proc/self/fd")
                            if int(fd) < 256))
if hasattr(sys, "monitoring"):
    print("tools", [sys.monitoring.get_tool(i) for i in (0, 1, 2, 5)])
print("sitecustomize", sys.modules.get("sitecustomize"))
