// SPDX-License-Identifier: Apache-2.0
/*
 * Golden screens: run each file's keys on its trace and compare the screen.
 *
 *     tui_golden FILE...    compare; status 1 when one differs. With
 *                           $VIZTRACER_BLESS it is rewritten.
 *
 * A file begins with its header and keys; the rest is what the program writes.
 * Each row ends with "|", so that blanks at its end are seen.
 *
 *     # size=80x24 glyphs=utf8 colours=256 trace=app
 *     keys: w w l
 *     --- text
 *     ...|
 *     --- style
 *     ...|
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "e2e/tui/sample_traces.h"
#include "model/trace_model.h"
#include "support/filtered.h"
#include "support/temporary_folder.h"
#include "tui/app.h"
#include "tui/dump.h"
#include "tui/filter_host.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/script.h"

enum { LINE_MAX_SIZE = 2000 };

struct golden {
    unsigned width;
    unsigned height;
    char glyphs[16];
    char colours[16];
    char trace[32];
    char keys[LINE_MAX_SIZE];
};

static bool
read_file(const char *path, struct buffer *out)
{
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    size_t size;

    if (file == NULL) {
        return false;
    }
    while ((size = fread(bytes, 1, sizeof bytes, file)) > 0) {
        buffer_append(out, bytes, size);
    }
    return fclose(file) == 0 && buffer_is_ok(out) && out->size > 0;
}

static bool
parse(const char *text, struct golden *golden)
{
    const char *keys = strstr(text, "\nkeys:");

    if (sscanf(text, "# size=%ux%u glyphs=%15s colours=%15s trace=%31s",
               &golden->width, &golden->height, golden->glyphs, golden->colours,
               golden->trace)
            != 5
        || keys == NULL) {
        return false;
    }
    keys += strlen("\nkeys:");
    (void)snprintf(golden->keys, sizeof golden->keys, "%.*s",
                   (int)strcspn(keys, "\n"), keys);
    return true;
}

/* Each line of text, filled up to the width and ended with a bar. */
static void
append_rows(struct buffer *out, char *text, unsigned width)
{
    char *line = text;

    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        buffer_append_text(out, line);
        for (unsigned used = label_width(line); used < width; used++) {
            buffer_append_char(out, ' ');
        }
        buffer_append_text(out, "|\n");
    }
}

static bool
append_screen(struct app *app, const struct golden *golden,
              struct filter_host *filters, struct buffer *out,
              struct error *err)
{
    struct buffer text = {0};
    struct buffer styles = {0};
    bool is_ok = script_run_with(app, golden->keys, filters, err)
                 && app_draw(app, err) && app_dump(app, DUMP_TEXT, &text, err);

    if (is_ok) {
        dump_styles(app_screen(app), &styles);
        buffer_append_text(out, "--- text\n");
        append_rows(out, text.data, golden->width);
        buffer_append_text(out, "--- style\n");
        append_rows(out, styles.data, golden->width);
    }
    buffer_release(&text);
    buffer_release(&styles);
    return is_ok;
}

/* "256", "8", "mono", or "256light" for a light background. */
static unsigned
colour_count(const char *colours)
{
    return (unsigned)strtoul(colours, NULL, 10);
}

static bool
run_on_trace(const struct golden *golden, char *folder, const char *path,
             struct buffer *out, struct error *err)
{
    struct trace_model_options model_options = {.thread_count = 1};
    char title[64];
    struct app_options options = {
        .is_ascii = strcmp(golden->glyphs, "ascii") == 0,
        .colour_count = colour_count(golden->colours),
        .is_light = strstr(golden->colours, "light") != NULL,
        .title = title,
    };
    struct filter_host filters = {.filter = filtered_open, .context = folder};
    struct trace_model *model = NULL;
    struct app *app = NULL;
    bool is_ok = false;

    (void)snprintf(title, sizeof title, "%s.vzt", golden->trace);
    if (trace_model_open(&model, &path, 1, &model_options, err)
        && app_new(&app, model, &options, golden->width, golden->height, err)) {
        filters.whole = model;
        is_ok = append_screen(app, golden, &filters, out, err);
    }
    app_free(app);
    filter_host_release(&filters);
    trace_model_close(model);
    return is_ok;
}

/* The whole file as it should be. */
static bool
make_expected(const struct golden *golden, struct buffer *out,
              struct error *err)
{
    char *folder = temporary_folder_make();
    char *path = sample_trace_write(golden->trace, folder);
    bool is_ok = path != NULL;

    buffer_append_format(
        out, "# size=%ux%u glyphs=%s colours=%s trace=%s\nkeys:%s\n",
        golden->width, golden->height, golden->glyphs, golden->colours,
        golden->trace, golden->keys);
    if (path == NULL) {
        (void)error_set(err, ERROR_USAGE, "there is no trace \"%s\"",
                        golden->trace);
    } else {
        is_ok = run_on_trace(golden, folder, path, out, err);
    }
    free(path);
    temporary_folder_remove(folder);
    return is_ok && buffer_is_ok(out);
}

static bool
write_file(const char *path, const struct buffer *contents)
{
    FILE *file = fopen(path, "wb");
    bool ok;

    if (file == NULL) {
        return false;
    }
    ok = fwrite(contents->data, 1, contents->size, file) == contents->size;
    return fclose(file) == 0 && ok;
}

/* Show the first line that differs. */
static void
show_difference(const char *path, const char *found, const char *expected)
{
    unsigned line = 1;

    while (*found != '\0' && *expected != '\0') {
        size_t found_size = strcspn(found, "\n");
        size_t expected_size = strcspn(expected, "\n");

        if (found_size != expected_size
            || memcmp(found, expected, found_size) != 0) {
            break;
        }
        found += found_size + (found[found_size] == '\n');
        expected += expected_size + (expected[expected_size] == '\n');
        line++;
    }
    (void)fprintf(stderr,
                  "%s:%u: the screen differs\n  file:   %.*s\n  now:    %.*s\n",
                  path, line, (int)strcspn(found, "\n"), found,
                  (int)strcspn(expected, "\n"), expected);
}

static bool
check(const char *path, bool is_blessing)
{
    struct buffer found = {0};
    struct buffer expected = {0};
    struct golden golden;
    struct error err = {0};
    bool is_ok = false;

    if (!read_file(path, &found) || !parse(found.data, &golden)) {
        (void)fprintf(stderr, "%s: cannot be read, or has no header\n", path);
    } else if (!make_expected(&golden, &expected, &err)) {
        (void)fprintf(stderr, "%s: %s\n", path, err.message);
    } else if (strcmp(found.data, expected.data) == 0) {
        is_ok = true;
    } else if (is_blessing) {
        is_ok = write_file(path, &expected);
        (void)printf("%s %s\n", is_ok ? "blessed" : "cannot write", path);
    } else {
        show_difference(path, found.data, expected.data);
    }
    buffer_release(&found);
    buffer_release(&expected);
    return is_ok;
}

int
main(int count, char **arguments)
{
    bool is_blessing = getenv("VIZTRACER_BLESS") != NULL;
    int failures = 0;

    for (int i = 1; i < count; i++) {
        failures += !check(arguments[i], is_blessing);
    }
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
