// SPDX-License-Identifier: Apache-2.0
#include "tui/saved_view.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "tui/colour_mode.h"
#include "tui/key_label.h"
#include "tui/marks.h"
#include "tui/settings.h"
#include "tui/small_file.h"
#include "tui/timeline_saved.h"
#include "tui/view.h"
#include "tui/viewer.h"

static const char header[] = "viztracer-view 1";
static const char view_word[] = "view ";
static const char set_word[] = "set ";

static void
append_all(struct buffer *out, const struct viewer *viewer)
{
    if (viewer->active != VIEW_TIMELINE) {
        buffer_append_format(out, "%s%s\n", view_word,
                             view_name(viewer->active));
    }
    settings_append(viewer, "colour", set_word, out);
    settings_append(viewer, "time", set_word, out);
    timeline_saved_append(viewer->timeline, out);
}

static bool
take_view(struct viewer *viewer, const char *name)
{
    for (unsigned id = 0; id < VIEW_COUNT; id++) {
        if (strcmp(name, view_name((enum view_id)id)) == 0) {
            viewer->active = (enum view_id)id;
            return true;
        }
    }
    return false;
}

/* Only what belongs to a trace; the rest is kept when that is asked for. */
static bool
is_of_trace(const char *setting)
{
    return strncmp(setting, "colour=", 7) == 0
           || strncmp(setting, "time=", 5) == 0;
}

static bool
take_line(struct viewer *viewer, struct timeline_saved *saved, const char *line,
          struct error *err)
{
    if (strncmp(line, view_word, sizeof view_word - 1) == 0) {
        (void)take_view(viewer, line + sizeof view_word - 1);
    } else if (strncmp(line, set_word, sizeof set_word - 1) == 0) {
        line += sizeof set_word - 1;
        return !is_of_trace(line) || settings_set(viewer, line, err);
    } else {
        (void)timeline_saved_take(saved, viewer->timeline, line);
    }
    return true;
}

/* text is cut into its lines. */
static bool
take_text(struct viewer *viewer, char *text, struct error *err)
{
    struct timeline_saved saved = {0};
    char said[VIEWER_MESSAGE_SIZE];
    char key[KEY_LABEL_SIZE];
    char *line = strchr(text, '\n');
    bool is_ok = true;

    if (strncmp(text, header, sizeof header - 1) != 0 || line == NULL) {
        return viewer_note(viewer,
                           "what was kept of the view is of another "
                           "version and was left alone",
                           err);
    }
    memcpy(said, viewer->message, sizeof said);
    for (line++; is_ok && line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');

        if (end != NULL) {
            *end++ = '\0';
        }
        is_ok = take_line(viewer, &saved, line, err);
        line = end;
    }
    is_ok = is_ok && timeline_saved_show(&saved, viewer->timeline, err);
    timeline_saved_release(&saved);
    memcpy(viewer->message, said, sizeof said);
    if (said[0] == '\0') {
        viewer_say(viewer, "as you left it; %s shows all",
                   key_label_first(key, &viewer->keymap, ACTION_FIT,
                                   ACTION_IN_T, viewer->theme.is_ascii));
    }
    return is_ok;
}

bool
saved_view_load(struct viewer *viewer, struct error *err)
{
    struct error failure = {0};
    struct buffer fresh = {0};
    char *text = NULL;
    char *path;
    bool is_ok = true;

    if (viewer->state_folder == NULL) {
        return true;
    }
    if (!marks_file_path(&path, viewer->state_folder, "views", viewer->whole,
                         err)) {
        return false;
    }
    append_all(&fresh, viewer);
    is_ok = buffer_is_ok(&fresh) || error_set_no_memory(err);
    viewer->fresh_view = buffer_take(&fresh);
    if (!is_ok) {
        free(path);
        return false;
    }
    if (!small_file_read(path, &text, &failure)) {
        is_ok = viewer_note(viewer, failure.message, err);
    } else if (text != NULL) {
        is_ok = take_text(viewer, text, err);
    }
    free(text);
    free(path);
    return is_ok;
}

/* Whether nothing is other than it was at first. */
static bool
is_fresh(const struct viewer *viewer, const struct buffer *lines)
{
    const char *fresh = viewer->fresh_view == NULL ? "" : viewer->fresh_view;

    return strcmp(lines->size == 0 ? "" : lines->data, fresh) == 0;
}

bool
saved_view_store(const struct viewer *viewer, struct error *err)
{
    struct buffer lines = {0};
    struct buffer text = {0};
    char *path;
    bool is_ok;

    if (viewer->state_folder == NULL) {
        return true;
    }
    if (!marks_file_path(&path, viewer->state_folder, "views", viewer->whole,
                         err)) {
        return false;
    }
    append_all(&lines, viewer);
    if (buffer_is_ok(&lines) && is_fresh(viewer, &lines)) {
        is_ok = unlink(path) == 0 || access(path, F_OK) != 0;
    } else {
        buffer_append_format(&text, "%s\n%s", header, lines.data);
        is_ok = buffer_is_ok(&lines) && buffer_is_ok(&text)
                    ? small_file_write(path, &text, err)
                    : error_set_no_memory(err);
    }
    buffer_release(&lines);
    buffer_release(&text);
    free(path);
    return is_ok;
}
