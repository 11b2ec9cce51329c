// SPDX-License-Identifier: Apache-2.0
#include "tui/viewer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/compare.h"
#include "tui/function_facts.h"
#include "tui/label.h"
#include "tui/marks.h"
#include "tui/overlay.h"
#include "tui/timeline_view.h"

enum { FILTER_CELLS = 30 }; /* of it that are shown */

static void
drop_past(struct viewer *viewer)
{
    if (viewer->past != NULL) {
        view_at(viewer->past_view)->drop(viewer->past);
        viewer->past = NULL;
    }
}

void
viewer_release(struct viewer *viewer)
{
    viewer_close_overlay(viewer);
    drop_past(viewer);
    jobs_free(viewer->jobs);
    marks_free(viewer->marks);
    free(viewer->tags_path);
    compare_free(viewer->compare);
    function_facts_free(viewer->function_facts);
    search_clear(&viewer->search);
    search_found_release(&viewer->found);
    hit_cells_release(&viewer->search_cells);
    tag_map_release(&viewer->tag_map);
    line_history_release(&viewer->search_history);
    line_history_release(&viewer->filter_history);
    line_history_release(&viewer->command_history);
    keymap_release(&viewer->keymap);
    free(viewer->colours);
    free(viewer->user_keys);
    free(viewer->state_folder);
    free(viewer->fresh_view);
    for (size_t i = 0; i < viewer->note_count; i++) {
        free(viewer->notes[i]);
    }
    free(viewer->notes);
    buffer_release(&viewer->library_text);
    free(viewer->scope.tracks);
    app_request_release(&viewer->request);
    free(viewer->pipe_command);
    *viewer = (struct viewer){0};
}

void
viewer_say(struct viewer *viewer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(viewer->message, sizeof viewer->message, format, arguments);
    va_end(arguments);
}

bool
viewer_note(struct viewer *viewer, const char *text, struct error *err)
{
    char *copy;

    for (size_t i = 0; i < viewer->note_count; i++) {
        if (strcmp(viewer->notes[i], text) == 0) {
            return true; /* it is said once */
        }
    }
    if (!array_reserve((void **)&viewer->notes, &viewer->note_capacity,
                       viewer->note_count + 1, sizeof *viewer->notes, err)) {
        return false;
    }
    copy = strdup(text);
    if (copy == NULL) {
        return error_set_no_memory(err);
    }
    viewer->notes[viewer->note_count++] = copy;
    return true;
}

void
viewer_open_overlay(struct viewer *viewer, const struct overlay_class *class,
                    void *overlay)
{
    viewer_close_overlay(viewer);
    viewer->overlay_class = class;
    viewer->overlay = overlay;
}

void
viewer_close_overlay(struct viewer *viewer)
{
    if (viewer->overlay_class != NULL) {
        viewer->overlay_class->close(viewer->overlay);
    }
    viewer->overlay_class = NULL;
    viewer->overlay = NULL;
}

bool
viewer_set_scope(struct viewer *viewer, uint64_t start_ns, uint64_t end_ns,
                 const uint8_t *tracks, struct error *err)
{
    size_t count = trace_model_track_count(viewer->model);
    uint8_t *copy = NULL;

    if (tracks != NULL && count > 0) {
        copy = array_new(count, sizeof *copy, err);
        if (copy == NULL) {
            return false;
        }
        memcpy(copy, tracks, count);
    }
    free(viewer->scope.tracks);
    viewer->scope = (struct viewer_scope){
        .is_set = true,
        .start_ns = start_ns,
        .end_ns = end_ns,
        .tracks = copy,
    };
    viewer->scope_number++;
    return true;
}

void
viewer_clear_scope(struct viewer *viewer)
{
    free(viewer->scope.tracks);
    viewer->scope = (struct viewer_scope){0};
    viewer->scope_number++;
}

static void
add_filter(const struct viewer *viewer, char *text, size_t size)
{
    char cut[LABEL_SIZE];
    size_t used = strlen(text);

    if (viewer->filter[0] != '\0') {
        (void)snprintf(
            text + used, size - used, ", filter %s",
            label_cut(cut, &viewer->theme, viewer->filter, FILTER_CELLS));
    }
}

const char *
viewer_lost_word(const struct viewer *viewer)
{
    return trace_model_summary(viewer->model).is_partial ? "not loaded"
                                                         : "lost";
}

const char *
viewer_scope_text(const struct viewer *viewer, char *text, size_t size)
{
    const struct viewer_scope *scope = &viewer->scope;
    size_t count = trace_model_track_count(viewer->model);
    size_t inside = 0;
    char range[2 * TEXT_NUMBER_SIZE + 4];

    if (!scope->is_set) {
        (void)snprintf(text, size, "%s",
                       trace_model_summary(viewer->model).is_partial
                           ? "what was loaded"
                           : "whole trace");
        add_filter(viewer, text, size);
        return text;
    }
    (void)time_range_text(range, sizeof range, scope->start_ns, scope->end_ns,
                          viewer->theme.is_ascii);
    for (size_t i = 0; i < count; i++) {
        inside += scope->tracks == NULL || scope->tracks[i] != 0;
    }
    if (inside == count) {
        (void)snprintf(text, size, "%s, all threads", range);
    } else {
        (void)snprintf(text, size, "%s, %zu of %zu threads", range, inside,
                       count);
    }
    add_filter(viewer, text, size);
    return text;
}

static const char *
write_time(const struct viewer *viewer, char text[TIME_TEXT_SIZE],
           uint64_t time_ns, bool is_listed)
{
    struct time_frame frame = {
        .display = viewer->look.time_display,
        .start_realtime_ns =
            trace_model_summary(viewer->model).start_realtime_ns,
        .is_ascii = viewer->theme.is_ascii,
        .is_listed = is_listed,
    };
    struct timeline_place place;

    if (frame.display == TIME_FROM_CURSOR) {
        timeline_view_place(viewer->timeline, &place);
        frame.cursor_ns = place.time_ns;
    }
    return time_text_point(text, &frame, time_ns);
}

const char *
viewer_time_text(const struct viewer *viewer, char text[TIME_TEXT_SIZE],
                 uint64_t time_ns)
{
    return write_time(viewer, text, time_ns, false);
}

const char *
viewer_time_listed(const struct viewer *viewer, char text[TIME_TEXT_SIZE],
                   uint64_t time_ns)
{
    return write_time(viewer, text, time_ns, true);
}

void
viewer_jump(struct viewer *viewer, const struct slice *slice)
{
    viewer->active = VIEW_TIMELINE;
    viewer->has_jump = true;
    viewer->jump = *slice;
}

void
viewer_go(struct viewer *viewer, const struct viewer_goal *goal)
{
    viewer->active = VIEW_TIMELINE;
    viewer->goal = *goal;
}

void
viewer_changed(struct viewer *viewer, enum view_id view, void *copy)
{
    if (viewer->past != NULL) { /* several changes at once are one step */
        view_at(view)->drop(copy);
        return;
    }
    viewer->past = copy;
    viewer->past_view = view;
}

void
viewer_follow(struct viewer *viewer, const struct slice *slice,
              uint64_t time_ns)
{
    viewer->has_follow = true;
    viewer->follow = *slice;
    viewer->follow_ns = time_ns;
}

void
app_request_release(struct app_request *request)
{
    free(request->text);
    free(request->command);
    *request = (struct app_request){0};
}

bool
viewer_request(struct viewer *viewer, enum app_request_kind kind,
               const char *text, unsigned line, struct error *err)
{
    char *copy = NULL;

    if (text != NULL) {
        copy = strdup(text);
        if (copy == NULL) {
            return error_set_no_memory(err);
        }
    }
    app_request_release(&viewer->request);
    viewer->request =
        (struct app_request){.kind = kind, .text = copy, .line = line};
    return true;
}
