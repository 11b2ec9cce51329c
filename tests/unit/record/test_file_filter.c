// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "tracer/record/file_filter.h"
#include "tracer/record/recording_options.h"

static char folder[] = "/tmp/file_filter-XXXXXX";
static struct file_filter filter;

static void
make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    cr_assert(ge(int, fd, 0), "%s", path);
    close(fd);
}

/* one/a.py, one/deep/b.py, one_more/c.py, <d>, and link -> one/deep */
static void
start(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(zero(int, chdir(folder)));
    cr_assert(zero(int, mkdir("one", 0700)));
    cr_assert(zero(int, mkdir("one/deep", 0700)));
    cr_assert(zero(int, mkdir("one_more", 0700)));
    cr_assert(zero(int, symlink("one/deep", "link")));
    make_file("one/a.py");
    make_file("one/deep/b.py");
    make_file("one_more/c.py");
    make_file("<d>");
}

static void
stop(void)
{
    static const char *const files[] = {
        "one/a.py", "one/deep/b.py", "one_more/c.py", "<d>",
        "link",     "one/deep",      "one_more",      "one"};

    file_filter_release(&filter);
    cr_assert(zero(int, chdir(folder)));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        cr_assert(zero(int, remove(files[i])), "%s", files[i]);
    }
    cr_assert(zero(int, rmdir(folder)));
}

TestSuite(file_filter, .init = start, .fini = stop);

static void
set(const char *text)
{
    struct recording_options options;
    struct error err = {0};

    cr_assert(recording_options_parse(&options, text, &err), "%s", err.message);
    cr_assert(file_filter_set(&filter, &options, &err), "%s", err.message);
    recording_options_release(&options);
}

static bool
accepts(const char *file)
{
    return file_filter_accepts(&filter, (struct text_span){file, strlen(file)});
}

Test(file_filter, accepts_everything_without_paths)
{
    set("max_depth=3");
    cr_assert(accepts("one/a.py"));
    cr_assert(accepts("<string>"));
    cr_assert(accepts(""));
}

Test(file_filter, compares_whole_components)
{
    set("include=one");
    cr_assert(accepts("one/a.py"));
    cr_assert(accepts("one/deep/b.py"));
    cr_assert(not(accepts("one_more/c.py")));
}

Test(file_filter, excludes_what_it_would_include)
{
    set("exclude=one/,one_more/c.py");
    cr_assert(not(accepts("one/a.py")));
    cr_assert(not(accepts("one_more/c.py")));
    cr_assert(accepts("<d>"));
}

Test(file_filter, follows_links_on_both_sides)
{
    set("include=one/deep");
    cr_assert(accepts("link/b.py"));
    cr_assert(accepts("one/../link/./b.py"));
    set("include=link");
    cr_assert(accepts("one/deep/b.py"));
    cr_assert(not(accepts("one/a.py")));
}

Test(file_filter, never_matches_what_is_no_file)
{
    set("include=/");
    cr_assert(accepts("one/a.py"));
    cr_assert(not(accepts("one/gone.py")));
    cr_assert(not(accepts("<string>")));
    cr_assert(not(accepts("<d>"))); /* though it is there */
    cr_assert(not(accepts("")));
    set("exclude=/");
    cr_assert(not(accepts("one/a.py")));
    cr_assert(accepts("one/gone.py"));
    cr_assert(accepts("<d>"));
}

Test(file_filter, knows_paths_that_come_later)
{
    set("include=one/../one//later/.,nowhere");
    cr_assert(zero(int, mkdir("one/later", 0700)));
    make_file("one/later/e.py");
    cr_assert(accepts("one/later/e.py"));
    cr_assert(zero(int, remove("one/later/e.py")));
    cr_assert(zero(int, rmdir("one/later")));
}

Test(file_filter, judges_a_name_as_it_was_first)
{
    set("include=one");
    cr_assert(accepts("one/a.py"));
    cr_assert(zero(int, chdir("one_more")));
    cr_assert(accepts("one/a.py"));
    cr_assert(not(accepts("a.py")));
}

Test(file_filter, remembers_more_names_than_it_has_room_for)
{
    char name[64];

    set("include=one");
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4 * FILE_FILTER_MEMORY; i++) {
            (void)snprintf(name, sizeof name, "one/%0*d/../a.py", i % 40, 0);
            cr_assert(not(accepts(name)), "%s", name); /* no such folder */
            cr_assert(accepts("one/a.py"));
            (void)snprintf(name, sizeof name, "one/deep%.*s/b.py", i % 40,
                           "/////////////////////////////////////////");
            cr_assert(accepts(name), "%s", name);
        }
    }
}

Test(file_filter, is_not_impressed_by_long_names)
{
    char name[8192];

    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    set("include=one");
    cr_assert(not(accepts(name)));
}
