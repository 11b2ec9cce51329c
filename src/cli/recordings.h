// SPDX-License-Identifier: Apache-2.0
/*
 * cli/recordings.h - where recordings are kept, and for how long.
 *
 * A recording is a directory with one .vzt file for each process. Those that
 * nobody gave a name to lie in
 *
 *     $VIZTRACER_DIR, else $XDG_STATE_HOME/viztracer,
 *     else ~/.local/state/viztracer
 *
 * as PROGRAM-YYYYmmdd-HHMMSS-PID, or, when that cannot be written, in
 * $TMPDIR/viztracer-UID. The newest RECORDINGS_KEPT of them and
 * RECORDINGS_KEPT_BYTES in all are kept; a recording whose launcher or one of
 * whose processes still runs is never removed.
 */
#ifndef CLI_RECORDINGS_H
#define CLI_RECORDINGS_H

#include <stdbool.h>
#include <stdint.h>

struct console;
struct error;

enum { RECORDINGS_KEPT = 10 };
#define RECORDINGS_KEPT_BYTES (UINT64_C(20) << 30)

/* A recording directory that is being written. Between _make and _release it
 * is locked: nobody removes it. */
struct recording {
    char *path;  /* absolute */
    int lock_fd; /* -1 = not open */
};

#define RECORDING_NONE ((struct recording){.lock_fd = -1})

/* Make a directory (mode 0700) for a run of this program where recordings are
 * kept, and remove what is too old. */
bool recording_make(struct recording *recording, const char *program_name,
                    const struct console *console, struct error *err);

/* Make the directory path + ".d" for an output that is itself a trace. One
 * that is there already is renamed, and that is said. */
bool recording_make_beside(struct recording *recording, const char *path,
                           const struct console *console, struct error *err);

/* Delete the directory with its traces. Anything else in it stays, and so
 * does the directory then (false). */
bool recording_remove(const struct recording *recording, struct error *err);

void recording_release(struct recording *recording);

/* The recording that was written to last. NULL and *err when there is none;
 * the caller frees. */
char *recordings_newest(struct error *err);

#endif
