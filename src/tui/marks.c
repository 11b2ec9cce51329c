// SPDX-License-Identifier: Apache-2.0
#include "tui/marks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/number_parse.h"
#include "model/trace_model.h"
#include "tui/small_file.h"
#include "tui/time_grid.h"
#include "tui/track_list.h"

#define MARKS_HEADER "viztracer-marks 1"

enum {
    MARKS_MAX = 62,    /* letters and digits */
    NUMBER_COUNT = 10, /* of a line, behind the letter */
    NUMBER_SIZE = 24,
};

struct marks {
    char *path; /* NULL = they are not kept */
    bool is_loaded;
    struct mark items[MARKS_MAX];
    size_t count;
};

static int
compare_ids(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return left < right ? -1 : left > right;
}

/* The same for the same sections, in whatever order they were opened. */
static bool
identify(const struct trace_model *model, uint64_t *identity, struct error *err)
{
    size_t count = trace_model_process_count(model);
    uint64_t *ids = array_new(count, sizeof *ids, err);

    if (ids == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = trace_model_process(model, i)->section_id;
    }
    qsort(ids, count, sizeof *ids, compare_ids);
    *identity = hash_bytes(ids, count * sizeof *ids);
    free(ids);
    return true;
}

bool
marks_file_path(char **path, const char *state_folder, const char *kind,
                const struct trace_model *model, struct error *err)
{
    struct buffer text = {0};
    uint64_t identity;

    if (!identify(model, &identity, err)) {
        return false;
    }
    buffer_append_format(&text, "%s/%s/%016" PRIx64, state_folder, kind,
                         identity);
    if (!buffer_is_ok(&text)) {
        buffer_release(&text);
        return error_set_no_memory(err);
    }
    *path = buffer_take(&text);
    return true;
}

bool
marks_new(struct marks **out, const char *state_folder,
          const struct trace_model *model, struct error *err)
{
    struct marks *marks = array_new(1, sizeof *marks, err);

    if (marks == NULL) {
        return false;
    }
    if (state_folder != NULL
        && !marks_file_path(&marks->path, state_folder, "marks", model, err)) {
        marks_free(marks);
        return false;
    }
    *out = marks;
    return true;
}

void
marks_free(struct marks *marks)
{
    if (marks != NULL) {
        free(marks->path);
        free(marks);
    }
}

bool
marks_is_letter(unsigned character)
{
    return (character >= 'a' && character <= 'z')
           || (character >= 'A' && character <= 'Z')
           || (character >= '0' && character <= '9');
}

size_t
marks_count(const struct marks *marks)
{
    return marks == NULL ? 0 : marks->count;
}

const struct mark *
marks_at(const struct marks *marks, size_t index)
{
    return &marks->items[index];
}

const struct mark *
marks_find(const struct marks *marks, char letter)
{
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->items[i].letter == letter) {
            return &marks->items[i];
        }
    }
    return NULL;
}

/* There is one of a letter, so there is always room. */
static void
put(struct marks *marks, const struct mark *mark)
{
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->items[i].letter == mark->letter) {
            marks->items[i] = *mark;
            return;
        }
    }
    marks->items[marks->count++] = *mark;
}

/* Numbers with a blank before each, and nothing behind the last one. */
static bool
parse_numbers(const char *text, uint64_t numbers[NUMBER_COUNT])
{
    for (int i = 0; i < NUMBER_COUNT; i++) {
        char number[NUMBER_SIZE];
        size_t size;

        if (*text++ != ' ') {
            return false;
        }
        size = strcspn(text, " ");
        if (size >= sizeof number) {
            return false;
        }
        memcpy(number, text, size);
        number[size] = '\0';
        if (!number_parse_u64(number, &numbers[i])) {
            return false;
        }
        text += size;
    }
    return *text == '\0';
}

static bool
parse_line(const char *line, struct mark *mark)
{
    uint64_t numbers[NUMBER_COUNT];

    if (!marks_is_letter((unsigned char)line[0])
        || !parse_numbers(line + 1, numbers) || numbers[0] > 1
        || numbers[1] > (uint64_t)TIME_MAX_NS
        || numbers[2] > (uint64_t)TIME_MAX_NS || numbers[1] > numbers[2]
        || numbers[3] > UINT32_MAX || numbers[5] > ITEM_ASYNC
        || numbers[8] > ITEM_ASYNC) {
        return false;
    }
    *mark = (struct mark){
        .letter = line[0],
        .is_area = numbers[0] == 1,
        .first_ns = (int64_t)numbers[1],
        .last_ns = (int64_t)numbers[2],
        .depth = (uint32_t)numbers[3],
        .from = {numbers[4], numbers[5], numbers[6]},
        .to = {numbers[7], numbers[8], numbers[9]},
    };
    return true;
}

/* text is cut into its lines. */
static bool
parse_file(struct marks *marks, char *text, struct error *err)
{
    char *line = text;
    size_t number = 1;
    size_t bad = 0;

    for (char *end; line != NULL && *line != '\0'; number++) {
        struct mark mark;

        end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        if (number == 1 ? strcmp(line, MARKS_HEADER) != 0
                        : !parse_line(line, &mark)) {
            bad = bad == 0 ? number : bad;
        } else if (number > 1) {
            put(marks, &mark);
        }
        line = end;
    }
    return bad == 0
           || error_set(err, ERROR_BAD_INPUT,
                        "line %zu of %s is no mark and was left out", bad,
                        marks->path);
}

static bool
load(struct marks *marks, struct error *err)
{
    char *text;
    bool is_ok;

    marks->is_loaded = true;
    if (marks->path == NULL) {
        return true;
    }
    if (!small_file_read(marks->path, &text, err)) {
        return false;
    }
    is_ok = text == NULL || parse_file(marks, text, err);
    free(text);
    return is_ok;
}

bool
marks_load(struct marks *marks, struct error *err)
{
    return marks->is_loaded || load(marks, err);
}

static void
append_key(struct buffer *out, const struct track_key *key)
{
    buffer_append_format(out, " %" PRIu64 " %" PRIu64 " %" PRIu64,
                         key->section_id, key->kind, key->key);
}

static void
append_file(struct buffer *out, const struct marks *marks)
{
    buffer_append_text(out, MARKS_HEADER "\n");
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->items[i];

        buffer_append_format(out, "%c %d %" PRId64 " %" PRId64 " %" PRIu32,
                             mark->letter, mark->is_area, mark->first_ns,
                             mark->last_ns, mark->depth);
        append_key(out, &mark->from);
        append_key(out, &mark->to);
        buffer_append_char(out, '\n');
    }
}

static bool
store(const struct marks *marks, struct error *err)
{
    struct buffer text = {0};
    bool is_ok;

    if (marks->path == NULL) {
        return true;
    }
    append_file(&text, marks);
    is_ok = buffer_is_ok(&text) ? small_file_write(marks->path, &text, err)
                                : error_set_no_memory(err);
    buffer_release(&text);
    return is_ok;
}

bool
marks_set(struct marks *marks, const struct mark *mark, struct error *err)
{
    struct error ignored = {0};

    /* What cannot be read was said before, and is written over. */
    (void)load(marks, &ignored);
    put(marks, mark);
    return store(marks, err);
}

static int64_t
shifted(int64_t time_ns, int64_t shift_ns)
{
    int64_t sum = 0;

    return __builtin_add_overflow(time_ns, shift_ns, &sum) || sum < 0 ? 0 : sum;
}

bool
marks_move(struct marks *marks, const char *state_folder,
           const struct trace_model *model, int64_t shift_ns, struct error *err)
{
    const struct marks own = *marks;
    char *path = NULL;
    bool is_same;

    if (state_folder != NULL
        && !marks_file_path(&path, state_folder, "marks", model, err)) {
        return false;
    }
    is_same = path == NULL || strcmp(path, marks->path) == 0;
    free(marks->path);
    marks->path = path;
    if (!is_same) {
        struct error ignored = {0};

        marks->count = 0;
        (void)load(marks, &ignored);
    }
    for (size_t i = 0; i < own.count; i++) {
        struct mark mark = own.items[i];

        mark.first_ns = shifted(mark.first_ns, shift_ns);
        mark.last_ns = shifted(mark.last_ns, shift_ns);
        put(marks, &mark);
    }
    return own.count == 0 || (is_same && shift_ns == 0) || store(marks, err);
}
