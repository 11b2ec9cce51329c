// SPDX-License-Identifier: Apache-2.0
#include "tracer/record/recording_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/percent.h"

/* One "key=value"; not NUL-terminated. */
struct item {
    const char *key;
    size_t key_size;
    const char *value;
    size_t value_size;
};

struct recording_options
recording_options_default(void)
{
    return (struct recording_options){.depth_limit = UINT32_MAX,
                                      .has_c_functions = true,
                                      .has_sources = true,
                                      .has_args = true};
}

void
recording_options_release(struct recording_options *options)
{
    free(options->paths);
    free(options->path_bytes);
    *options = recording_options_default();
}

static bool
is_key(const struct item *item, const char *key)
{
    return item->key_size == strlen(key)
           && memcmp(item->key, key, item->key_size) == 0;
}

static bool
read_number(uint64_t *number, const struct item *item, uint64_t max,
            struct error *err)
{
    char *end = NULL;
    unsigned long long value;

    errno = 0;
    value = strtoull(item->value, &end, 10);
    if (item->value_size == 0 || item->value[0] < '0' || item->value[0] > '9'
        || end != item->value + item->value_size || errno != 0 || value > max) {
        return error_set(err, ERROR_USAGE,
                         "recording options: %.*s=%.*s is no number up to %llu",
                         (int)item->key_size, item->key, (int)item->value_size,
                         item->value, (unsigned long long)max);
    }
    *number = value;
    return true;
}

/* "A,B": the decoded texts stand one behind the other in path_bytes. */
static bool
read_paths(struct recording_options *options, bool is_include,
           const struct item *item, struct error *err)
{
    size_t count = 1;
    char *start = NULL;

    for (size_t i = 0; i < item->value_size; i++) {
        count += item->value[i] == ',';
    }
    free(options->paths);
    free(options->path_bytes);
    options->path_count = 0;
    options->is_include = is_include;
    options->paths = calloc(count, sizeof *options->paths);
    options->path_bytes = malloc(item->value_size + 1);
    if (options->paths == NULL || options->path_bytes == NULL) {
        return error_set_no_memory(err);
    }
    memcpy(options->path_bytes, item->value, item->value_size);
    for (start = options->path_bytes; options->path_count < count;) {
        char *end = options->path_bytes + item->value_size;
        char *comma = memchr(start, ',', (size_t)(end - start));
        struct text_span *path = &options->paths[options->path_count++];

        end = comma != NULL ? comma : end;
        path->data = start;
        path->size = percent_decode(start, (size_t)(end - start));
        start = end + 1;
    }
    return true;
}

/* The keys, each with the field that it fills. */
static const struct number_row {
    const char *key;
    size_t offset; /* of a uint64_t */
} number_rows[] = {
    {"limit_bytes", offsetof(struct recording_options, limit_bytes)},
    {"entries", offsetof(struct recording_options, entry_limit)},
    {"min_duration_ns", offsetof(struct recording_options, min_duration_ns)},
};

static const struct flag_row {
    const char *key;
    size_t offset; /* of a bool */
    bool is_inverted;
} flag_rows[] = {
    {"keep_descendants", offsetof(struct recording_options, keeps_descendants),
     false},
    {"c_functions", offsetof(struct recording_options, has_c_functions), false},
    {"include_startup", offsetof(struct recording_options, has_startup), false},
    {"source", offsetof(struct recording_options, has_sources), false},
    {"args", offsetof(struct recording_options, has_args), false},
    {"log_print", offsetof(struct recording_options, logs_print), false},
    {"processes", offsetof(struct recording_options, has_one_process), true},
};

static bool
read_depth(struct recording_options *options, const struct item *item,
           struct error *err)
{
    uint64_t depth = 0;

    if (!read_number(&depth, item, UINT32_MAX, err)) {
        return false;
    }
    options->depth_limit = (uint32_t)depth;
    return true;
}

static bool
read_item(struct recording_options *options, const struct item *item,
          struct error *err)
{
    for (size_t i = 0; i < sizeof number_rows / sizeof number_rows[0]; i++) {
        if (is_key(item, number_rows[i].key)) {
            char *field = (char *)options + number_rows[i].offset;

            return read_number((uint64_t *)(void *)field, item, UINT64_MAX,
                               err);
        }
    }
    for (size_t i = 0; i < sizeof flag_rows / sizeof flag_rows[0]; i++) {
        if (is_key(item, flag_rows[i].key)) {
            bool value = item->value_size == 0 || item->value[0] != '0';

            *(bool *)((char *)options + flag_rows[i].offset) =
                value != flag_rows[i].is_inverted;
            return true;
        }
    }
    if (is_key(item, "max_depth")) {
        return read_depth(options, item, err);
    }
    if (is_key(item, "include") || is_key(item, "exclude")) {
        return read_paths(options, item->key[0] == 'i', item, err);
    }
    return true;
}

/* The item at text; returns what is behind it. */
static const char *
take_item(struct item *item, const char *text)
{
    size_t size = strcspn(text, " ");
    const char *equals = memchr(text, '=', size);

    *item = (struct item){.key = text, .key_size = size, .value = text + size};
    if (equals != NULL) {
        item->key_size = (size_t)(equals - text);
        item->value = equals + 1;
        item->value_size = size - item->key_size - 1;
    }
    return text + size + strspn(text + size, " ");
}

bool
recording_options_parse(struct recording_options *options, const char *text,
                        struct error *err)
{
    struct item item;

    *options = recording_options_default();
    while (text != NULL && *text != '\0') {
        text = take_item(&item, text);
        if (!read_item(options, &item, err)) {
            recording_options_release(options);
            return false;
        }
    }
    return true;
}
