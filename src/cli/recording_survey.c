// SPDX-License-Identifier: Apache-2.0
#include "cli/recording_survey.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/os.h"
#include "format/layout.h"

enum { HELPER_WAIT_MS = 2000 };

/* The parts of a section header that are looked at here. */
struct section_view {
    struct vzt_section_header header;
    struct vzt_status status;
};

static bool
is_trace_name(const char *name)
{
    size_t size = strlen(name);

    return size > 4 && strcmp(name + size - 4, ".vzt") == 0;
}

/* Read the first section header of a file. False when it holds none. */
static bool
read_section(int fd, struct section_view *view)
{
    char page[VZT_SECTION_HEADER_SIZE];
    ssize_t size = os_read_at(fd, page, sizeof page, 0);

    if (size != (ssize_t)sizeof page) {
        return false;
    }
    memcpy(&view->header, page, sizeof view->header);
    memcpy(&view->status, page + VZT_STATUS_OFFSET, sizeof view->status);
    return memcmp(view->header.magic, VZT_SECTION_MAGIC, VZT_SECTION_MAGIC_SIZE)
               == 0
           && view->header.section_kind == VZT_SECTION_PROCESS;
}

/* Whether this machine knows the process of a section, dead or alive. */
static bool
is_from_here(const struct vzt_section_header *header)
{
    uint8_t boot_id[OS_BOOT_ID_SIZE];

    os_boot_id(boot_id);
    return memcmp(header->boot_id, boot_id, sizeof boot_id) == 0
           && header->pid_namespace == os_pid_namespace()
           && header->process_start != 0;
}

/* Whether the process of a section is there, here and now. */
static bool
is_alive(const struct vzt_section_header *header)
{
    return is_from_here(header)
           && os_process_start((pid_t)header->pid) == header->process_start;
}

/* Whether it is still recording. */
static bool
is_running(const struct section_view *view)
{
    return view->status.state == VZT_STATE_RECORDING && is_alive(&view->header);
}

/* Call visit with each .vzt file of a directory. */
static bool
each_file(const char *directory, int flags,
          void (*visit)(int fd, const char *name, void *context), void *context,
          struct error *err)
{
    DIR *folder = opendir(directory);
    const struct dirent *entry;

    if (folder == NULL) {
        return error_set_system(err, errno, "cannot read %s", directory);
    }
    while ((entry = readdir(folder)) != NULL) {
        int fd;

        if (!is_trace_name(entry->d_name)) {
            continue;
        }
        fd = openat(dirfd(folder), entry->d_name,
                    flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            visit(fd, entry->d_name, context);
            (void)close(fd);
        }
    }
    (void)closedir(folder);
    return true;
}

static void
survey_file(int fd, const char *name, void *context)
{
    struct recording_survey *survey = context;
    struct section_view view;
    struct stat status;

    (void)name;
    survey->file_count++;
    if (fstat(fd, &status) == 0) {
        survey->size_bytes += (uint64_t)status.st_blocks * 512;
    }
    if (!read_section(fd, &view)) {
        return;
    }
    survey->running_count += is_running(&view);
    survey->stopped_count += view.status.state == VZT_STATE_STOPPED
                             && view.status.stop_reason != VZT_STOP_EXEC;
    if (view.status.call_limit == 0) { /* else it was asked for */
        survey->dropped_calls += view.status.dropped_calls;
    }
    survey->unfollowed_children += view.status.unfollowed_children;
    survey->no_extension_count +=
        (view.status.flags & VZT_STATUS_NO_EXTENSION) != 0;
}

bool
recording_survey_make(struct recording_survey *survey, const char *directory,
                      struct error *err)
{
    *survey = (struct recording_survey){0};
    return each_file(directory, O_RDONLY, survey_file, survey, err);
}

/* ---- how the program ended ---- */

struct search {
    pid_t pid;
    uint64_t latest_start_ns;
    int fd; /* of the file that is it, -1 = none yet */
};

static void
search_file(int fd, const char *name, void *context)
{
    struct search *search = context;
    struct section_view view;

    (void)name;
    if (!read_section(fd, &view) || view.header.pid != (uint32_t)search->pid
        || view.header.anchor_monotonic_ns < search->latest_start_ns) {
        return;
    }
    if (search->fd >= 0) {
        (void)close(search->fd);
    }
    search->latest_start_ns = view.header.anchor_monotonic_ns;
    search->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static bool
write_end(int fd, int wait_status, struct error *err)
{
    const struct {
        uint32_t kind;
        int32_t value;
    } end = {
        .kind = WIFSIGNALED(wait_status) ? VZT_EXIT_SIGNAL : VZT_EXIT_STATUS,
        .value = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status)
                                          : WEXITSTATUS(wait_status),
    };
    int errnum;

    _Static_assert(offsetof(struct vzt_status, exit_value)
                       == offsetof(struct vzt_status, exit_kind)
                              + sizeof(uint32_t),
                   "both are written at once");
    errnum =
        os_write_at(fd, &end, sizeof end,
                    VZT_STATUS_OFFSET + offsetof(struct vzt_status, exit_kind));
    if (errnum != 0) {
        return error_set_system(err, errnum,
                                "cannot write into the recording how it ended");
    }
    return true;
}

bool
recording_survey_note_end(const char *directory, pid_t pid, int wait_status,
                          bool *was_found, struct error *err)
{
    struct search search = {.pid = pid, .fd = -1};
    bool ok;

    if (!each_file(directory, O_RDWR, search_file, &search, err)) {
        return false;
    }
    *was_found = search.fd >= 0;
    if (!*was_found) {
        return true;
    }
    ok = write_end(search.fd, wait_status, err);
    (void)close(search.fd);
    return ok;
}

/* ---- each process by itself ---- */

struct pid_list {
    struct recorded_pids *pids;
    bool has_failed; /* no memory */
};

static void
list_pid(int fd, const char *name, void *context)
{
    struct pid_list *list = context;
    struct recorded_pids *pids = list->pids;
    struct section_view view;

    (void)name;
    if (!read_section(fd, &view)) {
        pids->unreadable_count++;
        return;
    }
    if (!array_reserve((void **)&pids->items, &pids->capacity, pids->count + 1,
                       sizeof *pids->items, NULL)) {
        list->has_failed = true;
        return;
    }
    pids->items[pids->count++] = view.header.pid;
}

static int
compare_pids(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

bool
recording_survey_pids(struct recorded_pids *pids, const char *directory,
                      struct error *err)
{
    struct pid_list list = {.pids = pids};
    size_t count = 0;

    *pids = (struct recorded_pids){0};
    if (!each_file(directory, O_RDONLY, list_pid, &list, err)) {
        return false;
    }
    if (list.has_failed) {
        return error_set_no_memory(err);
    }
    if (pids->count > 0) {
        qsort(pids->items, pids->count, sizeof *pids->items, compare_pids);
    }
    for (size_t i = 0; i < pids->count; i++) {
        if (i == 0 || pids->items[i] != pids->items[i - 1]) {
            pids->items[count++] = pids->items[i];
        }
    }
    pids->count = count;
    return true;
}

void
recorded_pids_release(struct recorded_pids *pids)
{
    free(pids->items);
    *pids = (struct recorded_pids){0};
}

/* ---- a recording of one process ---- */

struct only_file {
    size_t count;
    struct buffer name;
};

static void
remember_name(int fd, const char *name, void *context)
{
    struct only_file *only = context;

    (void)fd;
    only->count++;
    buffer_clear(&only->name);
    buffer_append_text(&only->name, name);
}

char *
recording_survey_only_file(const char *directory)
{
    struct only_file only = {0};
    struct buffer path = {0};

    if (each_file(directory, O_RDONLY, remember_name, &only, NULL)
        && only.count == 1) {
        buffer_append_format(&path, "%s/%s", directory, only.name.data);
    }
    if (!buffer_is_ok(&path)) {
        buffer_release(&path);
    }
    buffer_release(&only.name);
    return buffer_take(&path);
}

/* ---- helpers of multiprocessing ---- */

/* What a command line says of a process that multiprocessing keeps beside the
 * program, and that ends by itself when the program has closed its pipe. */
static bool
is_helper_code(const char *argument)
{
    static const char *const modules[] = {"forkserver", "resource_tracker",
                                          "semaphore_tracker"};
    static const char prefix[] = "from multiprocessing.";

    if (strncmp(argument, prefix, sizeof prefix - 1) != 0) {
        return false;
    }
    argument += sizeof prefix - 1;
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        size_t size = strlen(modules[i]);

        if (strncmp(argument, modules[i], size) == 0
            && strncmp(argument + size, " import main", 12) == 0) {
            return true;
        }
    }
    return false;
}

static bool
has_helper_code(pid_t pid)
{
    char name[32];
    char text[4096];
    ssize_t size = -1;
    int fd;

    (void)snprintf(name, sizeof name, "/proc/%d/cmdline", (int)pid);
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        size = os_read_at(fd, text, sizeof text - 1, 0);
        (void)close(fd);
    }
    if (size <= 0) {
        return false;
    }
    text[size] = '\0';
    for (ssize_t i = 0; i < size; i += (ssize_t)strlen(text + i) + 1) {
        if (is_helper_code(text + i)) {
            return true;
        }
    }
    return false;
}

/* Processes that are still running. */
struct stragglers {
    size_t other_count;
    pid_t helper; /* one of them; 0 = none */
};

static void
find_straggler(int fd, const char *name, void *context)
{
    struct stragglers *stragglers = context;
    struct section_view view;
    pid_t pid;

    (void)name;
    if (!read_section(fd, &view) || !is_running(&view)) {
        return;
    }
    pid = (pid_t)view.header.pid;
    /* What a helper forks has its command line, and is the program's. */
    if (view.header.parent_section_id == 0 && has_helper_code(pid)) {
        stragglers->helper = pid;
    } else {
        stragglers->other_count++;
    }
}

static int64_t
now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False when it is still there. */
static bool
await_process(pid_t pid, int64_t timeout_ms)
{
    struct pollfd waited = {.events = POLLIN};
    int count;

    waited.fd = pidfd_open(pid, 0);
    if (waited.fd < 0) {
        return errno == ESRCH;
    }
    count = poll(&waited, 1, timeout_ms > 0 ? (int)timeout_ms : 0);
    (void)close(waited.fd);
    return count > 0;
}

void
recording_survey_await_helpers(const char *directory)
{
    int64_t end_ms = now_ms() + HELPER_WAIT_MS;
    struct stragglers stragglers;

    do {
        stragglers = (struct stragglers){0};
        if (!each_file(directory, O_RDONLY, find_straggler, &stragglers,
                       NULL)) {
            return;
        }
    } while (stragglers.helper != 0 && stragglers.other_count == 0
             && await_process(stragglers.helper, end_ms - now_ms()));
}

/* ---- room that was reserved ---- */

static void
give_back(int fd, const char *name, void *context)
{
    struct section_view view;
    struct stat status;

    (void)name;
    (void)context;
    if (!read_section(fd, &view) || !is_from_here(&view.header)
        || is_alive(&view.header) || fstat(fd, &status) != 0) {
        return;
    }
    /* Room behind the end goes with a cut, even of nothing. When that fails
     * the file only stays larger on disk than it need be. */
    (void)!ftruncate(fd, status.st_size);
}

void
recording_survey_give_back_room(const char *directory)
{
    (void)each_file(directory, O_RDWR, give_back, NULL, NULL);
}
