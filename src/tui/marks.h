// SPDX-License-Identifier: Apache-2.0
/*
 * tui/marks.h - places of a trace with a letter, kept from one visit to the
 * next.
 *
 * They are kept in a file of the state folder that is named by the contents of
 * the trace (the ids of its sections), so that they are found again wherever
 * the trace has gone. A line of the file is a mark: its letter, 1 for an area,
 * the time or the first nanosecond, the last nanosecond, the level, and the
 * first and the last track as section, kind and key:
 *
 *     viztracer-marks 1
 *     a 0 1200 1200 3 81985529216486895 1 4711 81985529216486895 1 4711
 */
#ifndef TUI_MARKS_H
#define TUI_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct marks;
struct trace_model;

/* A row of the timeline, whatever its place in the list. */
struct track_key {
    uint64_t section_id; /* of its process; 0 of a file */
    uint64_t kind;       /* enum item_kind */
    uint64_t key;        /* thread, lane of instants, how-manieth counter of
                            the process, or file */
};

struct mark {
    char letter;
    bool is_area;
    int64_t first_ns;
    int64_t last_ns; /* as first_ns unless it is an area */
    uint32_t depth;
    struct track_key from;
    struct track_key to; /* as from unless it is an area */
};

/* Marks of a model; state_folder, which need not be there, is copied. NULL =
 * they are not kept. Nothing is read before the first use. */
bool marks_new(struct marks **out, const char *state_folder,
               const struct trace_model *model, struct error *err);
/* Where something that is kept of a model lies: in folder "kind", named as its
 * marks are. The caller frees *path. */
bool marks_file_path(char **path, const char *state_folder, const char *kind,
                     const struct trace_model *model, struct error *err);
void marks_free(struct marks *marks);

/* They are of that model from now on, in which times are later by shift_ns, and
 * are kept with those of it that were before. On failure they are not kept. */
bool marks_move(struct marks *marks, const char *state_folder,
                const struct trace_model *model, int64_t shift_ns,
                struct error *err);

/* Read what is kept, if that was not done. A file that cannot be read, or has
 * lines that are no marks, gives the others and says so in *err. */
bool marks_load(struct marks *marks, struct error *err);

/* Those of the last load, and what was set since; NULL has none. */
size_t marks_count(const struct marks *marks);
const struct mark *marks_at(const struct marks *marks, size_t index);

/* NULL = there is none of that letter. */
const struct mark *marks_find(const struct marks *marks, char letter);

/* Letters and digits of ASCII. */
bool marks_is_letter(unsigned character);

/* Set a mark, and keep it. What another viewer has kept meanwhile stays. On
 * failure it is set, but not kept. */
bool marks_set(struct marks *marks, const struct mark *mark, struct error *err);

#endif
