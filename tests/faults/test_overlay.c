// SPDX-License-Identifier: Apache-2.0
/* Containers run on overlays: what a kill leaves there, by the upper layer. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"
#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { EVENTS = 20000, SEED = 3, DEPTH_MAX = 50, FUNCTIONS = 20 };

struct overlay {
    char *base; /* holds the layers */
    char *folder;
};

/* Folders and mounts of this process alone, gone when it ends. */
static void
become_alone(void)
{
    if (unshare(CLONE_NEWNS) != 0
        || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        cr_skip("needs to mount: %s", strerror(errno));
    }
}

/* An overlay whose layers lie below base. */
static void
mount_overlay(struct overlay *overlay, char *base)
{
    static const char *const names[] = {"lower", "upper", "work", "merged"};
    char *paths[4];
    char *options = NULL;

    for (size_t i = 0; i < 4; i++) {
        paths[i] = temporary_folder_file(base, names[i]);
        cr_assert(zero(int, mkdir(paths[i], 0700)));
    }
    cr_assert(ge(int,
                 asprintf(&options, "lowerdir=%s,upperdir=%s,workdir=%s",
                          paths[0], paths[1], paths[2]),
                 0));
    *overlay = (struct overlay){.base = base, .folder = paths[3]};
    if (mount("overlay", overlay->folder, "overlay", 0, options) != 0) {
        cr_skip("needs to mount an overlay: %s", strerror(errno));
    }
    free(options);
    for (size_t i = 0; i < 3; i++) {
        free(paths[i]);
    }
}

static void
unmount_overlay(struct overlay *overlay)
{
    cr_assert(zero(int, umount(overlay->folder)));
    free(overlay->folder);
}

static bool
new_file_holds(const char *folder)
{
    char *path = temporary_folder_file(folder, "file");
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    bool holds;

    cr_assert(ge(int, fd, 0));
    cr_assert(zero(int, os_allocate(fd, 0, 4096)));
    holds = os_preallocation_holds(fd);
    (void)close(fd);
    (void)unlink(path);
    free(path);
    return holds;
}

/* Record in folder and be killed. */
static void
record_until_killed(const char *folder)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        struct recorder *recorder = recording_start(folder, 0);
        struct call_walk walk;

        call_walk_init(&walk, SEED, DEPTH_MAX, FUNCTIONS);
        recording_walk(recording_thread(recorder), &walk, EVENTS);
        (void)kill(getpid(), SIGKILL);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(eq(int, WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGKILL));
}

/* How many events the only file in folder has, and whether it warns. */
static uint64_t
count_events(const char *folder, bool *is_private)
{
    struct trace_file *file = recording_read_only_file(folder);
    const struct trace_section *section = trace_file_section(file, 0);
    struct call_walk walk;
    uint64_t count = 0;

    *is_private = section->status.flags & VZT_STATUS_PRIVATE_STAGING;
    if (section->stream_count > 0) {
        call_walk_init(&walk, SEED, DEPTH_MAX, FUNCTIONS);
        count = recording_follow(file, section, &section->streams[0], &walk);
        call_walk_release(&walk);
    }
    trace_file_close(file);
    return count;
}

Test(overlay, on_ext4_keeps_all_that_a_killed_process_did)
{
    char *base = temporary_folder_make();
    struct overlay overlay;
    struct statfs status;
    bool is_private;

    cr_assert(zero(int, statfs(base, &status)));
    if ((unsigned long)status.f_type != EXT4_SUPER_MAGIC) {
        temporary_folder_remove(base);
        cr_skip("temporary files do not lie on ext4");
    }
    become_alone();
    mount_overlay(&overlay, base);
    cr_assert(new_file_holds(overlay.folder));
    record_until_killed(overlay.folder);
    cr_assert(eq(u64, count_events(overlay.folder, &is_private), EVENTS));
    cr_assert(not(is_private));
    unmount_overlay(&overlay);
    temporary_folder_remove(base);
}

Test(overlay, says_so_where_its_upper_layer_cannot_be_told)
{
    char *base = temporary_folder_make();
    struct overlay overlay;
    bool is_private;

    become_alone();
    if (mount("tmpfs", base, "tmpfs", 0, "size=8m") != 0) {
        cr_skip("needs to mount a tmpfs: %s", strerror(errno));
    }
    mount_overlay(&overlay, base);
    cr_assert(not(new_file_holds(overlay.folder)));
    record_until_killed(overlay.folder);
    cr_assert(lt(u64, count_events(overlay.folder, &is_private), EVENTS));
    cr_assert(is_private);
    unmount_overlay(&overlay);
    cr_assert(zero(int, umount(base)));
    temporary_folder_remove(base);
}
