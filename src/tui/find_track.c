// SPDX-License-Identifier: Apache-2.0
#include "tui/find_track.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/key.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/picker.h"
#include "tui/screen.h"
#include "tui/viewer.h"

struct find_track {
    struct viewer *viewer;
    struct picker picker;        /* ids: processes, then tracks */
    struct arena texts;          /* of its lines */
    const struct screen *screen; /* of the last frame */
};

/* "pid 123", kept in the arena; NULL and *err set when there is no memory. */
static const char *
copy_id(struct arena *arena, const char *kind, uint64_t id, struct error *err)
{
    char text[2 * TEXT_NUMBER_SIZE];
    int size = snprintf(text, sizeof text, "%s %" PRIu64, kind, id);
    char *copy = arena_copy(arena, text, (size_t)size);

    if (copy == NULL) {
        (void)error_set_no_memory(err);
    }
    return copy;
}

static bool
add_process(struct find_track *find, uint32_t index, struct error *err)
{
    const struct model_process *process =
        trace_model_process(find->viewer->model, index);
    struct picker_item item = {
        .columns = {process->name,
                    copy_id(&find->texts, "pid", process->pid, err), "process"},
        .id = index,
    };

    item.others = item.columns[1];
    return item.columns[1] != NULL && picker_add(&find->picker, &item, err);
}

static bool
add_track(struct find_track *find, size_t index, struct error *err)
{
    const struct trace_model *model = find->viewer->model;
    const struct model_track *track = trace_model_track(model, index);
    struct picker_item item = {
        .columns = {track->name,
                    copy_id(&find->texts, "tid", track->thread_id, err),
                    trace_model_process(model, track->process)->name},
        .id = trace_model_process_count(model) + index,
    };

    item.others = item.columns[1];
    return item.columns[1] != NULL && picker_add(&find->picker, &item, err);
}

static bool
fill(struct find_track *find, struct error *err)
{
    const struct trace_model *model = find->viewer->model;
    size_t process_count = trace_model_process_count(model);

    for (uint32_t i = 0; i < process_count; i++) {
        const struct model_process *process = trace_model_process(model, i);

        if (process_count > 1 && !add_process(find, i, err)) {
            return false;
        }
        for (size_t j = 0; j < process->track_count; j++) {
            if (!add_track(find, process->first_track + j, err)) {
                return false;
            }
        }
    }
    return picker_filter(&find->picker, "", err);
}

static void
go(struct find_track *find, bool *is_done)
{
    const struct picker_item *item = picker_picked(&find->picker);
    size_t process_count = trace_model_process_count(find->viewer->model);
    struct viewer_goal goal = {.kind = GOAL_PROCESS};

    *is_done = item != NULL;
    if (item == NULL) {
        return;
    }
    goal.index = (uint32_t)item->id;
    if (item->id >= process_count) {
        goal.kind = GOAL_TRACK;
        goal.index = (uint32_t)(item->id - process_count);
    }
    viewer_go(find->viewer, &goal);
}

static bool
find_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct find_track *find = overlay;
    bool has_changed = false;

    if (key == KEY_ESCAPE || key == (KEY_CONTROL | 'c')) {
        *is_done = true;
    } else if (key == KEY_ENTER) {
        go(find, is_done);
    } else {
        (void)picker_key(&find->picker, key, &has_changed);
    }
    return !has_changed
           || picker_filter(&find->picker, find->picker.edit.text, err);
}

static bool
find_paste(void *overlay, const char *text, size_t size, struct error *err)
{
    struct find_track *find = overlay;

    line_edit_paste(&find->picker.edit, text, size);
    return picker_filter(&find->picker, find->picker.edit.text, err);
}

static bool
find_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
           struct error *err)
{
    struct find_track *find = overlay;
    bool is_chosen = false;

    (void)err;
    if (find->screen != NULL) {
        picker_mouse(&find->picker, event, find->screen, &is_chosen, is_done);
    }
    if (is_chosen) {
        go(find, is_done);
    }
    return true;
}

static bool
find_draw(void *overlay, struct screen *screen, struct error *err)
{
    struct find_track *find = overlay;

    (void)err;
    find->screen = screen;
    picker_draw(&find->picker, &find->viewer->theme, screen,
                "find a thread or process   (Enter goes there)",
                "no name matches");
    return true;
}

static void
find_close(void *overlay)
{
    struct find_track *find = overlay;

    picker_release(&find->picker);
    arena_release(&find->texts);
    free(find);
}

static const struct overlay_class find_track_class = {
    .key = find_key,
    .paste = find_paste,
    .mouse = find_mouse,
    .draw = find_draw,
    .close = find_close,
};

bool
find_track_open(struct viewer *viewer, struct error *err)
{
    struct find_track *find = array_new(1, sizeof *find, err);

    if (find == NULL) {
        return false;
    }
    find->viewer = viewer;
    find->picker.prompt = "> ";
    if (!fill(find, err)) {
        find_close(find);
        return false;
    }
    viewer_open_overlay(viewer, &find_track_class, find);
    return true;
}
