// SPDX-License-Identifier: Apache-2.0
#include "tui/marks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/input_file.h"
#include "base/number_parse.h"
#include "base/output_file.h"
#include "model/trace_model.h"
#include "tui/time_grid.h"
#include "tui/track_list.h"

#define MARKS_HEADER "viztracer-marks 1"

enum {
    MARKS_MAX = 62,          /* letters and digits */
    FILE_SIZE_MAX = 1 << 16, /* many times what so many marks take */
    NUMBER_COUNT = 10,       /* of a line, behind the letter */
    NUMBER_SIZE = 24,
};

struct marks {
    char *folder; /* NULL = they are not kept */
    char *path;
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

static char *
join(struct error *err, const char *folder, const char *name)
{
    struct buffer path = {0};

    buffer_append_format(&path, "%s/%s", folder, name);
    if (!buffer_is_ok(&path)) {
        buffer_release(&path);
        (void)error_set_no_memory(err);
        return NULL;
    }
    return buffer_take(&path);
}

bool
marks_new(struct marks **out, const char *state_folder,
          const struct trace_model *model, struct error *err)
{
    struct marks *marks = array_new(1, sizeof *marks, err);
    char name[NUMBER_SIZE];
    uint64_t identity;

    if (marks == NULL) {
        return false;
    }
    if (state_folder != NULL) {
        if (!identify(model, &identity, err)) {
            goto failed;
        }
        (void)snprintf(name, sizeof name, "%016" PRIx64, identity);
        marks->folder = join(err, state_folder, "marks");
        if (marks->folder == NULL) {
            goto failed;
        }
        marks->path = join(err, marks->folder, name);
        if (marks->path == NULL) {
            goto failed;
        }
    }
    *out = marks;
    return true;

failed:
    marks_free(marks);
    return false;
}

void
marks_free(struct marks *marks)
{
    if (marks != NULL) {
        free(marks->folder);
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
        || numbers[3] > UINT32_MAX || numbers[5] > ITEM_COUNTER
        || numbers[8] > ITEM_COUNTER) {
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
read_file(const char *path, char **text, struct error *err)
{
    struct input_file file;
    bool is_ok;

    if (!input_file_open(&file, path, err)) {
        return false;
    }
    is_ok = file.size <= FILE_SIZE_MAX
            || error_set(err, ERROR_BAD_INPUT,
                         "%s is too large to be a file of marks", path);
    *text = is_ok ? array_new((size_t)file.size + 1, 1, err) : NULL;
    is_ok = *text != NULL
            && input_file_read(&file, 0, *text, (size_t)file.size, err);
    if (!is_ok) {
        free(*text);
    }
    input_file_close(&file);
    return is_ok;
}

static bool
load(struct marks *marks, struct error *err)
{
    char *text;
    bool is_ok;

    marks->is_loaded = true;
    if (marks->path == NULL
        || (access(marks->path, F_OK) != 0 && errno == ENOENT)) {
        return true;
    }
    if (!read_file(marks->path, &text, err)) {
        return false;
    }
    is_ok = parse_file(marks, text, err);
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

/* Folders below the state folder's own are ours alone. */
static bool
make_folders(const struct marks *marks, struct error *err)
{
    char *path = strdup(marks->folder);
    bool is_ok = path != NULL || error_set_no_memory(err);

    for (char *slash = path; is_ok && slash != NULL;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        if (mkdir(path, 0700) != 0 && errno != EEXIST && errno != EROFS
            && errno != EACCES) {
            is_ok = error_set_system(err, errno, "cannot make %s", path);
        }
        if (slash != NULL) {
            *slash = '/';
        }
    }
    free(path);
    return is_ok;
}

static bool
write_file(const struct marks *marks, const struct buffer *text,
           struct error *err)
{
    struct output_file *file;
    bool is_ok;

    if (!make_folders(marks, err)
        || !output_file_create(&file, marks->path, err)) {
        return false;
    }
    is_ok = output_file_make_private(file, err);
    if (is_ok) {
        (void)output_file_write(file, text->data, text->size);
        is_ok = output_file_commit(file, err);
    }
    output_file_release(file);
    return is_ok;
}

bool
marks_set(struct marks *marks, const struct mark *mark, struct error *err)
{
    struct buffer text = {0};
    struct error ignored = {0};
    bool is_ok;

    /* What cannot be read was said before, and is written over. */
    (void)load(marks, &ignored);
    put(marks, mark);
    if (marks->path == NULL) {
        return true;
    }
    append_file(&text, marks);
    is_ok = buffer_is_ok(&text) ? write_file(marks, &text, err)
                                : error_set_no_memory(err);
    buffer_release(&text);
    return is_ok;
}
