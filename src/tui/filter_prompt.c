// SPDX-License-Identifier: Apache-2.0
#include "tui/filter_prompt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "model/trace_query.h"
#include "tui/box.h"
#include "tui/jobs.h"
#include "tui/key.h"
#include "tui/line_edit.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/screen.h"
#include "tui/text_wrap.h"
#include "tui/viewer.h"

enum {
    WIDTH = 76,
    HEIGHT = 7,
    PREVIEW_SIZE = 256,
    PROMPT_CELLS = 2, /* "& " */
    HELP_ROW = 3,
    NAMES_AT_ONCE = 1 << 14, /* are looked at within a few milliseconds */
};

struct filter_prompt {
    struct viewer *viewer;
    struct line_edit edit;
    char preview[PREVIEW_SIZE]; /* what the text would leave, or its mistake */
    bool is_wrong;
    const struct screen *screen; /* of the last frame */
};

/* What a query would leave, looked up among all names. */
struct preview_task {
    struct filter_prompt *prompt; /* closing it cancels the job */
    const struct trace_model *model;
    struct trace_query *query; /* owned */
    char preview[PREVIEW_SIZE];
};

/* "12 of 812 functions, at most 4,711 calls". */
static void
write_preview(struct preview_task *task, const struct bound_query *bound)
{
    const struct trace_model *model = task->model;
    uint32_t count = trace_model_function_count(model);
    uint32_t named = 0;
    uint32_t called = 0;
    uint64_t calls = 0;
    char text[TEXT_NUMBER_SIZE];

    for (uint32_t i = 0; i <= count; i++) {
        const struct model_function *function =
            i < count ? trace_model_function(model, i)
                      : trace_model_unknown_function(model);

        called += function->call_count > 0;
        if (bound->functions[i] != 0) {
            named += function->call_count > 0;
            calls += function->call_count;
        }
    }
    (void)snprintf(task->preview, sizeof task->preview,
                   "%" PRIu32 " of %" PRIu32 " functions, at most %s calls",
                   named, called, text_grouped(text, sizeof text, calls));
}

static bool
run_preview(void *argument, const struct progress *progress, struct error *err)
{
    struct preview_task *task = argument;
    struct bound_query bound;

    (void)progress; /* names are looked at in one go */
    if (!bound_query_make(&bound, task->query, task->model, err)) {
        return false;
    }
    write_preview(task, &bound);
    bound_query_release(&bound);
    return true;
}

static bool
take_preview(void *argument, const struct error *failure, struct error *err)
{
    struct preview_task *task = argument;

    if (failure != NULL) { /* there is no memory */
        *err = *failure;
        return false;
    }
    memcpy(task->prompt->preview, task->preview, sizeof task->preview);
    return true;
}

static void
free_preview(void *argument)
{
    struct preview_task *task = argument;

    trace_query_free(task->query);
    free(task);
}

/* Takes the query. A few names are looked at right now. */
static bool
preview(struct filter_prompt *prompt, struct trace_query *query,
        struct error *err)
{
    static const struct job_class class = {
        .run = run_preview,
        .done = take_preview,
        .free = free_preview,
    };
    struct preview_task *task = array_new(1, sizeof *task, err);
    const struct trace_model *model = prompt->viewer->whole;
    bool ok;

    if (task == NULL) {
        trace_query_free(query);
        return false;
    }
    task->prompt = prompt;
    task->model = model;
    task->query = query;
    if (trace_model_function_count(model) > NAMES_AT_ONCE) {
        (void)snprintf(prompt->preview, sizeof prompt->preview, "...");
        return jobs_start(prompt->viewer->jobs, JOB_FILTER_PREVIEW, &class,
                          task, err);
    }
    ok = run_preview(task, NULL, err) && take_preview(task, NULL, err);
    free_preview(task);
    return ok;
}

/* Parse what stands there and say what comes of it. */
static bool
update(struct filter_prompt *prompt, struct error *err)
{
    struct trace_query *query = NULL;
    struct error problem = {0};

    (void)jobs_cancel(prompt->viewer->jobs, JOB_FILTER_PREVIEW);
    prompt->is_wrong = !trace_query_parse(&query, prompt->edit.text,
                                          NAME_PATTERN_REGEX, NULL, &problem);
    if (prompt->is_wrong) {
        (void)snprintf(prompt->preview, sizeof prompt->preview, "%.*s",
                       PREVIEW_SIZE - 1, problem.message);
        return problem.code != ERROR_NO_MEMORY || error_set_no_memory(err);
    }
    if (trace_query_is_empty(query)) {
        (void)snprintf(prompt->preview, sizeof prompt->preview,
                       "nothing is hidden");
        trace_query_free(query);
        return true;
    }
    return preview(prompt, query, err);
}

/* Enter: what is wrong stays on the screen. */
static bool
take(struct filter_prompt *prompt, bool *is_done, struct error *err)
{
    struct viewer *viewer = prompt->viewer;

    if (prompt->is_wrong) {
        return true;
    }
    *is_done = true;
    return line_history_add(&viewer->filter_history, prompt->edit.text, err)
           && (strcmp(viewer->filter, prompt->edit.text) == 0
               || viewer_request(viewer, APP_REQUEST_FILTER, prompt->edit.text,
                                 0, err));
}

static bool
prompt_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct filter_prompt *prompt = overlay;
    bool has_changed = false;

    switch (key) {
    case KEY_ESCAPE:
    case KEY_CONTROL | 'c':
        *is_done = true;
        return true;
    case KEY_ENTER:
        return take(prompt, is_done, err);
    case KEY_UP:
        has_changed = line_edit_recall(&prompt->edit, -1);
        break;
    case KEY_DOWN:
        has_changed = line_edit_recall(&prompt->edit, 1);
        break;
    default:
        has_changed = line_edit_key(&prompt->edit, key) == LINE_EDIT_CHANGED;
    }
    return !has_changed || update(prompt, err);
}

static bool
prompt_paste(void *overlay, const char *text, size_t size, struct error *err)
{
    struct filter_prompt *prompt = overlay;

    line_edit_paste(&prompt->edit, text, size);
    return update(prompt, err);
}

static bool
prompt_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
             struct error *err)
{
    struct filter_prompt *prompt = overlay;

    (void)err;
    if (prompt->screen != NULL) {
        struct box box = box_place(prompt->screen, WIDTH, HEIGHT);

        *is_done = box_is_left(&box, event);
    }
    return true;
}

/* On two rows, when there is room. */
static void
draw_preview(const struct filter_prompt *prompt, const struct box *box,
             struct screen *screen)
{
    const struct theme *theme = &prompt->viewer->theme;
    struct screen_style style =
        theme_style(theme, prompt->is_wrong ? PART_WARNING : PART_FAINT);
    const char *text = prompt->preview;

    for (unsigned row = 1; row < HELP_ROW && row < box->inner_height; row++) {
        char line[PREVIEW_SIZE];
        size_t skip;
        size_t size = text_wrap(text, box->inner_width, &skip);

        if (size == 0) {
            return;
        }
        if (row + 1 == HELP_ROW || row + 1 == box->inner_height) {
            size = strlen(text); /* an ellipsis says that there is more */
        }
        (void)snprintf(line, sizeof line, "%.*s", (int)size, text);
        box_text(box, theme, screen, row, line, style);
        text += skip < size ? size : skip;
    }
}

static bool
prompt_draw(void *overlay, struct screen *screen, struct error *err)
{
    static const char *const help[] = {
        "name !name dur>5ms self>1ms cat:python|c thread: process: tid:",
        "pid: file: module: arg:x=1 ts:10ms..20ms   an empty line hides "
        "nothing",
    };
    struct filter_prompt *prompt = overlay;
    const struct theme *theme = &prompt->viewer->theme;
    struct box box = box_place(screen, WIDTH, HEIGHT);
    struct screen_style text = theme_style(theme, PART_TEXT);

    (void)err;
    prompt->screen = screen;
    box_draw(&box, theme, screen, "show only what matches",
             "Enter filter  Esc back  Up older");
    box_text(&box, theme, screen, 0, "& ", text);
    if (box.inner_width > PROMPT_CELLS) {
        line_edit_draw(&prompt->edit, screen, box.inner_x + PROMPT_CELLS,
                       box.inner_y, box.inner_width - PROMPT_CELLS, text);
    }
    draw_preview(prompt, &box, screen);
    for (unsigned i = 0;
         i < sizeof help / sizeof help[0] && HELP_ROW + i < box.inner_height;
         i++) {
        box_text(&box, theme, screen, HELP_ROW + i, help[i],
                 theme_style(theme, PART_FAINT));
    }
    return true;
}

static void
prompt_close(void *overlay)
{
    struct filter_prompt *prompt = overlay;

    (void)jobs_cancel(prompt->viewer->jobs, JOB_FILTER_PREVIEW);
    free(prompt);
}

static const struct overlay_class filter_prompt = {
    .key = prompt_key,
    .paste = prompt_paste,
    .mouse = prompt_mouse,
    .draw = prompt_draw,
    .close = prompt_close,
};

bool
filter_prompt_open(struct viewer *viewer, struct error *err)
{
    struct filter_prompt *prompt = array_new(1, sizeof *prompt, err);

    if (prompt == NULL) {
        return false;
    }
    prompt->viewer = viewer;
    prompt->edit.history = &viewer->filter_history;
    line_edit_set(&prompt->edit, viewer->filter);
    if (!update(prompt, err)) {
        prompt_close(prompt);
        return false;
    }
    viewer_open_overlay(viewer, &filter_prompt, prompt);
    return true;
}
