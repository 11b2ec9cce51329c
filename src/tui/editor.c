// SPDX-License-Identifier: Apache-2.0
#include "tui/editor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/error.h"
#include "tui/foreground.h"

enum { LINE_SIZE = 16 };

/* The user's own words, which may have options and quotes in them. */
static const char *
find_editor(void)
{
    static const char *const variables[] = {"VISUAL", "EDITOR"};

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *editor = getenv(variables[i]);

        if (editor != NULL && editor[strspn(editor, " \t")] != '\0') {
            return editor;
        }
    }
    return "vi";
}

/* "<frozen os>", "<string>": what Python says of code that has no file. */
static bool
is_no_file(const char *name)
{
    return name[0] == '<' && name[strlen(name) - 1] == '>';
}

/* name is the file's as recorded, path leads there. */
static bool
check_path(const char *path, const char *name, struct error *err)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        if (errno == ENOENT && is_no_file(name)) {
            return error_set(err, ERROR_BAD_INPUT,
                             "a function of %s has no file to edit", name);
        }
        return error_set_system(err, errno, "cannot edit %s", path);
    }
    if (!S_ISREG(status.st_mode)) {
        return error_set(err, ERROR_BAD_INPUT, "%s is no file to edit", path);
    }
    return true;
}

bool
editor_run(const char *path, unsigned line, const struct tty *tty,
           int stderr_fd, const struct tty_signals *signals, int *signal,
           struct error *err)
{
    const char *editor = find_editor();
    char line_text[LINE_SIZE];
    struct buffer command = {0};
    struct buffer file = {0};
    char *arguments[3] = {NULL};
    size_t count = 0;
    const struct foreground foreground = {tty, stderr_fd, -1, signals};
    bool is_ok = false;

    *signal = 0;
    buffer_append_format(&command, "%s \"$@\"", editor);
    /* "-c", "+x": a name like this is no option when it is a path. */
    buffer_append_format(&file, "%s%s", path[0] == '/' ? "" : "./", path);
    (void)snprintf(line_text, sizeof line_text, "+%u", line);
    if (line > 0) {
        arguments[count++] = line_text;
    }
    arguments[count] = file.data;
    if (!buffer_is_ok(&command) || !buffer_is_ok(&file)) {
        (void)error_set_no_memory(err);
    } else if (check_path(file.data, path, err)) {
        is_ok = foreground_run(&foreground, "/bin/sh", command.data, arguments,
                               editor, signal, err);
    }
    buffer_release(&command);
    buffer_release(&file);
    return is_ok;
}
