// SPDX-License-Identifier: Apache-2.0
/* $EDITOR is a command that writes down what it was given. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "tui/editor.h"
#include "tui/tty.h"
#include "tui/tty_signals.h"

struct desk {
    char *folder; /* also where we are */
    int master;
    struct tty tty;
    struct tty_signals signals;
    int signal; /* as editor_run says */
    struct error err;
};

static void
open_desk(struct desk *desk, const char *editor)
{
    char name[64];

    *desk = (struct desk){.folder = temporary_folder_make()};
    cr_assert(zero(chdir(desk->folder)));
    desk->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert(ge(int, desk->master, 0));
    cr_assert(zero(grantpt(desk->master)));
    cr_assert(zero(unlockpt(desk->master)));
    cr_assert(zero(ptsname_r(desk->master, name, sizeof name)));
    desk->tty.fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert(ge(int, desk->tty.fd, 0));
    cr_assert(tty_signals_begin(&desk->signals, &desk->err));
    (void)unsetenv("VISUAL");
    (void)setenv("EDITOR", editor, 1);
}

static void
close_desk(struct desk *desk)
{
    tty_signals_end(&desk->signals);
    tty_close(&desk->tty);
    (void)close(desk->master);
    cr_assert(zero(chdir("/")));
    temporary_folder_remove(desk->folder);
}

static bool
edit(struct desk *desk, const char *path, unsigned line)
{
    return editor_run(path, line, &desk->tty, -1, &desk->signals, &desk->signal,
                      &desk->err);
}

static void
make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    cr_assert(ge(int, fd, 0));
    (void)close(fd);
}

static void
expect_seen(const char *wanted)
{
    char text[256] = "";
    FILE *file = fopen("seen", "r");

    cr_assert(file != NULL);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    cr_expect(eq(str, text, (char *)(size_t)wanted));
}

Test(editor, gets_line_and_path_as_they_are)
{
    static const char *const paths[] = {
        "a.py",
        "with blank.py",
        "-c:!touch pwned",
        "+!touch pwned",
        "$(touch pwned)",
        "`touch pwned`",
        "';touch pwned;'",
        "\"; touch pwned #",
        "two\nlines",
    };
    struct desk desk;

    open_desk(&desk, "printf '[%s]' >seen");
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char wanted[64];

        make_file(paths[i]);
        cr_assert(edit(&desk, paths[i], 7), "%s", desk.err.message);
        (void)snprintf(wanted, sizeof wanted, "[+7][./%s]", paths[i]);
        expect_seen(wanted);
    }
    cr_expect(ne(int, access("pwned", F_OK), 0));
    cr_assert(edit(&desk, "a.py", 0));
    expect_seen("[./a.py]");
    close_desk(&desk);
}

Test(editor, has_the_terminal)
{
    struct desk desk;

    open_desk(&desk, "test -t 0 && test -t 1 && test -t 2 && :");
    make_file("a.py");
    cr_expect(edit(&desk, "a.py", 1), "%s", desk.err.message);
    close_desk(&desk);
}

Test(editor, code_without_a_file_is_not_edited)
{
    struct desk desk;

    open_desk(&desk, ":");
    cr_expect(not(edit(&desk, "<frozen importlib._bootstrap>", 1)));
    cr_expect(eq(str, desk.err.message,
                 "a function of <frozen importlib._bootstrap> has no file to "
                 "edit"));
    make_file("<a>"); /* but this one is there */
    cr_expect(edit(&desk, "<a>", 1), "%s", desk.err.message);
    close_desk(&desk);
}

Test(editor, visual_comes_first)
{
    struct desk desk;

    open_desk(&desk, "false");
    (void)setenv("VISUAL", "true", 1);
    make_file("a.py");
    cr_expect(edit(&desk, "a.py", 1), "%s", desk.err.message);
    close_desk(&desk);
}

Test(editor, what_is_no_file_is_not_opened)
{
    struct desk desk;

    open_desk(&desk, "touch ran; :");
    cr_assert(zero(mkfifo("pipe", 0600)));
    cr_expect(not(edit(&desk, "absent.py", 1)));
    cr_expect(strstr(desk.err.message, "absent.py: No such file") != NULL);
    cr_expect(not(edit(&desk, "pipe", 1)));
    cr_expect(not(edit(&desk, desk.folder, 1)));
    cr_expect(strstr(desk.err.message, "no file to edit") != NULL);
    cr_expect(ne(int, access("ran", F_OK), 0));
    close_desk(&desk);
}

Test(editor, its_failure_is_said)
{
    struct desk desk;

    open_desk(&desk, "exit 3; :");
    make_file("a.py");
    cr_expect(not(edit(&desk, "a.py", 1)));
    cr_expect(strstr(desk.err.message, "status 3") != NULL);
    (void)setenv("EDITOR", "no-such-editor", 1);
    cr_expect(not(edit(&desk, "a.py", 1)));
    cr_expect(strstr(desk.err.message, "status 127") != NULL);
    close_desk(&desk);
}

Test(editor, a_signal_for_us_is_for_it_too)
{
    struct desk desk;

    open_desk(&desk, "sleep 1000; :");
    make_file("a.py");
    cr_assert(zero(raise(SIGTERM))); /* held */
    cr_expect(not(edit(&desk, "a.py", 1)));
    cr_expect(eq(int, desk.signal, SIGTERM));
    close_desk(&desk);
}

/* ^C in the terminal was meant for the editor. */
Test(editor, keys_for_it_do_not_end_us)
{
    struct desk desk;

    open_desk(&desk, "kill -INT $PPID; kill -QUIT $PPID; :");
    make_file("a.py");
    cr_expect(edit(&desk, "a.py", 1), "%s", desk.err.message);
    cr_expect(eq(int, desk.signal, 0));
    cr_expect(eq(int, tty_signals_read(&desk.signals), 0));
    close_desk(&desk);
}
