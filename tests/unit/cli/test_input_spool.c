// SPDX-License-Identifier: Apache-2.0
/* What comes through a named pipe. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/input_spool.h"

enum { PATIENCE_MS = 60, LONG_MS = 10000 };

static struct input_spool *
spool_of(const char *path)
{
    struct input_spool *spool = NULL;
    struct error err = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    cr_assert(ge(int, fd, 0));
    cr_assert(input_spool_open(&spool, fd, path, true, &err), "%s",
              err.message);
    return spool;
}

static void
wait_for_end(struct input_spool *spool)
{
    while (!input_spool_has_ended(spool)) {
        input_spool_wait(spool, input_spool_size(spool), LONG_MS);
    }
}

/* In ms, of all threads of the process. */
static double
used_time(void)
{
    return 1000.0 * (double)clock() / CLOCKS_PER_SEC;
}

Test(input_spool, a_writer_who_takes_time_is_waited_for_without_work)
{
    char folder[] = "/tmp/viztracer-spool-XXXXXX";
    struct buffer path = {0};
    struct error err = {0};
    struct input_spool *spool;
    double before;
    int writer;

    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    buffer_append_format(&path, "%s/pipe", folder);
    cr_assert(eq(int, mkfifo(path.data, 0600), 0));
    writer = open(path.data, O_RDWR | O_CLOEXEC);
    cr_assert(ge(int, writer, 0));
    spool = spool_of(path.data);
    before = used_time();
    input_spool_wait(spool, 0, PATIENCE_MS);
    cr_assert(lt(dbl, used_time() - before, PATIENCE_MS / 3.0));

    cr_assert(eq(i64, write(writer, "[]", 2), 2));
    (void)close(writer);
    wait_for_end(spool);
    cr_assert(eq(u64, input_spool_size(spool), 2));
    cr_assert(input_spool_check(spool, &err), "%s", err.message);
    input_spool_close(spool);

    spool = spool_of(path.data); /* nobody writes now */
    wait_for_end(spool);
    cr_assert(not(input_spool_check(spool, &err)));
    input_spool_close(spool);
    (void)unlink(path.data);
    (void)rmdir(folder);
    buffer_release(&path);
}
