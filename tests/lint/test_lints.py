#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each lint finds what it is for: plant a violation, expect it to be named.

usage: test_lints.py CHECK.py [ARGUMENT...]   (CHECK.py gets a tree before them)
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


def header(guard, body=""):
    """The text of a well-made header."""
    return f"{SPDX}#ifndef {guard}\n#define {guard}\n\n{body}\n#endif\n"


# A tree that every lint accepts.
GOOD = {
    "src/base/thing.h": header("BASE_THING_H", "int thing(void);\n"),
    "src/base/thing.c": SPDX + '#include "base/thing.h"\n',
    "src/base/os_linux.c": SPDX + "#if defined(__linux__)\n#endif\n",
    "src/format/word.h": header("FORMAT_WORD_H",
                                '#include "base/thing.h"\n'),
    "src/tui/terminal.c": SPDX + "#include <curses.h>\n",
    "src/tracer/python/module.c": SPDX + "#include <Python.h>\n",
    "src/cli/main.c": SPDX + '#include "tui/view.h"\n',
    "tests/support/tool.h": header("SUPPORT_TOOL_H", "int tool(void);\n"),
}

# lint: [(planted file, its text, what the lint must say about it)]
VIOLATIONS = {
    "check_layers.py": [
        ("src/base/bad.c", SPDX + '#include "format/word.h"\n',
         'base may not include "format/word.h"'),
        ("src/tui/bad.c", SPDX + '#include "export/save.h"\n',
         'tui may not include "export/save.h"'),
        ("src/tui/bad.c", SPDX + '  #  include   "import/x.h"\n',
         'tui may not include "import/x.h"'),
        ("src/tracer/record/bad.c", SPDX + '#include "model/trace_model.h"\n',
         "tracer/record may not include"),
        ("src/tracer/python/bad.c", SPDX + '#include "export/save.h"\n',
         "tracer/python may not include"),
        ("src/model/bad.h", SPDX + '#include "cli/main.h"\n',
         "model may not include"),
        ("src/base/bad.c", SPDX + '#include "thing.h"\n', "not named from src/"),
        ("src/tracer/record/bad.c", SPDX + "#include <Python.h>\n",
         "<Python.h> may not be included here"),
        ("src/tui/view.c", SPDX + "#include <ncurses.h>\n",
         "<ncurses.h> may not be included here"),
        ("src/cli/bad.c", SPDX + "#ifdef __linux__\n#endif\n",
         "conditional compilation"),
        ("src/base/bad.h", header("BASE_BAD_H", "#if 1\n#endif\n"),
         "conditional compilation"),
        ("src/attic/bad.c", SPDX, "belongs to no layer"),
    ],
    "check_style.py": [
        ("src/base/bad.c", "int x;\n", "does not begin with"),
        ("src/base/bad.c", "/* Apache */\n" + SPDX, "does not begin with"),
        ("tests/bad.py", "import sys\n", "does not begin with"),
        ("src/base/bad.c", SPDX + "/* TODO: later */\n", "unfinished work"),
        ("src/base/bad.c", SPDX + "/* FIXME */\n", "unfinished work"),
        ("src/base/bad.c", SPDX + "\tint x;\n", "has a tab"),
        ("src/base/bad.c", SPDX + "int x; \n", "ends in blanks"),
        ("src/base/bad.c", SPDX + "int x;", "does not end with a newline"),
        ("src/base/bad.c", SPDX + "/* " + "\u00b5" * 75 + " */\n",
         "has 81 columns"),
        ("src/base/bad.c", SPDX + "int x;\n" * 800, "has 801 lines"),
        ("src/base/bad.h", header("BASE_BAD_H", "int x;\n" * 200),
         "lines, 200 are allowed"),
        ("src/base/bad.h", header("BAD_H"), "is not guarded by BASE_BAD_H"),
        ("tests/support/bad.h", SPDX, "is not guarded by SUPPORT_BAD_H"),
        ("src/base/bad.c", SPDX.encode() + b"/* \xff */\n", "is not UTF-8"),
    ],
    "check_headers.py": [
        ("src/base/bad.h", header("BASE_BAD_H", "size_t bad(void);\n"),
         "src/base/bad.h: does not compile alone"),
        ("src/base/bad.h", SPDX + "struct twice { int x; };\n",
         "src/base/bad.h: does not compile alone"),
        ("tests/support/bad.h", header("X_H", '#include "no/such.h"\n'),
         "tests/support/bad.h: does not compile alone"),
    ],
    "check_format.py": [
        ("src/base/bad.c", SPDX + "int   x;\n", "bad.c:2:4"),
        ("src/base/bad.h", SPDX + "int f( void );\n", "bad.h:2"),
        ("tests/unit/bad.c", SPDX + "int *\nf(void)\n{ return 0; }\n",
         "bad.c:4"),
    ],
}


def write_tree(root, files):
    """Write the files of a dictionary below root."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())


def run(lint, arguments, files):
    """Run a lint on a tree of these files; its status and output."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write_tree(root, files)
        style = HERE.parent.parent / ".clang-format"
        shutil.copy(style, root / ".clang-format")
        result = subprocess.run(
            [sys.executable, str(HERE / lint), folder, *arguments],
            check=False, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        return result.returncode, result.stdout


def main():
    lint, arguments = sys.argv[1], sys.argv[2:]
    failures = []
    status, output = run(lint, arguments, GOOD)
    if status != 0:
        failures.append(f"a good tree is refused:\n{output}")
    for path, text, message in VIOLATIONS[lint]:
        status, output = run(lint, arguments, {**GOOD, path: text})
        if status != 1 or message not in output:
            failures.append(f"{path} ({message}): status {status}\n{output}")
    print("\n".join(failures) or f"{lint}: ok")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
