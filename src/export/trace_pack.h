// SPDX-License-Identifier: Apache-2.0
/*
 * export/trace_pack.h - several recordings become one .vzt file.
 *
 * The sections are copied as they are, one behind the other. A section that
 * reached to the end of its file is given its size, so that it does not swallow
 * what comes behind it; one that is cut stays as it is, and readers go on to
 * say so.
 */
#ifndef EXPORT_TRACE_PACK_H
#define EXPORT_TRACE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"

struct error;

struct trace_pack_options {
    bool is_gzip; /* compressed as a whole (RFC 1952) */
    /* Of the bytes of the inputs. */
    struct progress progress;
    /* Of trace_pack_aligned: how much later each path begins; NULL = 0. */
    const uint64_t *delays_ns;
};

/*
 * Pack .vzt files and recording directories (every .vzt file inside, by name)
 * into output_path, which appears only when it is whole and may be one of the
 * inputs. Fails when no input holds a readable section; bytes in which none is
 * found are copied all the same.
 */
bool trace_pack(const char *const *paths, size_t path_count,
                const char *output_path,
                const struct trace_pack_options *options, struct error *err);

/*
 * The same, so that the first event of each path comes at one time, whenever
 * they were recorded. Each path becomes a boot of its own for that: boots are
 * laid side by side by their wall clocks, and those are put forward to that of
 * the path that was recorded last.
 */
bool trace_pack_aligned(const char *const *paths, size_t path_count,
                        const char *output_path,
                        const struct trace_pack_options *options,
                        struct error *err);

/*
 * A process packs its own recording, a file or a directory, though it goes on
 * recording: in the output its section does not say so any more, and if
 * ends_open_calls it says that the process has ended.
 */
bool trace_pack_own(const char *path, const char *output_path,
                    bool ends_open_calls,
                    const struct trace_pack_options *options,
                    struct error *err);

#endif
