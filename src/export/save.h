// SPDX-License-Identifier: Apache-2.0
/*
 * export/save.h - the one function that the recorder extension looks up in
 * libviztracer.so when the traced program itself saves.
 */
#ifndef EXPORT_SAVE_H
#define EXPORT_SAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In ticks of the recording's clock; the end is not in it. */
struct save_interval {
    uint64_t start_tick;
    uint64_t end_tick;
};

struct save_request {
    const char *recording_path; /* a .vzt file or a directory */
    const char *output_path;    /* its suffix picks the format */
    bool has_file_info;
    bool opens_flame_graph; /* a page is to show that first: .html only */
    bool ends_open_calls;   /* .json, .vzt: as if they had ended by now */
    /* What to save of a recording of one process, see export_options. */
    const struct save_interval *intervals;
    size_t interval_count; /* 0 = everything */
};

/*
 * Convert a recording; ".vzt" copies the sections, all of them; that of
 * the calling process does not say any more that it goes on. On
 * failure returns false and writes a message of at most message_size - 1
 * bytes. *event_count (may be NULL) gets the number of events. Called by name
 * (dlsym) from another build of the same version.
 */
bool viztracer_save(const struct save_request *request,
                    unsigned long long *event_count, char *message,
                    size_t message_size);

#endif
