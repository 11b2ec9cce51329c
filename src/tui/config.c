// SPDX-License-Identifier: Apache-2.0
#include "tui/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "tui/colour_file.h"
#include "tui/key_file.h"
#include "tui/small_file.h"
#include "tui/viewer.h"

/* Note each line of what is wrong, and say the first one. */
static bool
note_complaints(struct viewer *viewer, char *complaints, struct error *err)
{
    char *end;

    for (char *line = complaints; line != NULL && *line != '\0'; line = end) {
        end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        if (!viewer_note(viewer, line, err)) {
            return false;
        }
        if (viewer->message[0] == '\0') {
            viewer_say(viewer, "%s", line);
        }
    }
    return true;
}

/* *text is NULL when there is no such file, or none that can be read. */
static bool
read_one(struct viewer *viewer, const char *path, char **text,
         struct error *err)
{
    struct error failure = {0};

    *text = NULL;
    if (small_file_read(path, text, &failure)) {
        return true;
    }
    if (failure.code == ERROR_NO_MEMORY) {
        *err = failure;
        return false;
    }
    return note_complaints(viewer, failure.message, err);
}

static bool
load_colours(struct viewer *viewer, const char *text, struct buffer *complaints,
             struct error *err)
{
    struct theme_colours *colours = array_new(1, sizeof *colours, err);

    if (colours == NULL) {
        return false;
    }
    free(viewer->colours);
    viewer->colours = colours;
    viewer->theme.colours = colours;
    viewer->host_theme.colours = colours;
    return colour_file_apply(colours, text, "colours", complaints, err);
}

static bool
load_keys(struct viewer *viewer, const char *text, struct buffer *complaints,
          struct error *err)
{
    struct key_file file = {.name = "keys"};
    bool is_ok = key_file_apply(&file, &viewer->keymap, text, err);

    *complaints = file.complaints;
    viewer->keymap_index = file.map_index;
    viewer->file_keymap_index = file.map_index;
    viewer->user_keys = strdup(text);
    return is_ok && (viewer->user_keys != NULL || error_set_no_memory(err));
}

bool
config_use_map(struct viewer *viewer, struct error *err)
{
    struct key_file file = {.name = "keys", .keeps_map = true};
    bool is_ok = key_file_use_map(&viewer->keymap,
                                  key_file_map_name(viewer->keymap_index), err);

    is_ok =
        is_ok
        && (viewer->user_keys == NULL
            || key_file_apply(&file, &viewer->keymap, viewer->user_keys, err));
    buffer_release(&file.complaints); /* they were made before */
    return is_ok;
}

static bool
load_file(struct viewer *viewer, const char *folder, const char *name,
          bool (*apply)(struct viewer *viewer, const char *text,
                        struct buffer *complaints, struct error *err),
          struct error *err)
{
    struct buffer path = {0};
    struct buffer complaints = {0};
    char *text = NULL;
    bool is_ok;

    buffer_append_format(&path, "%s/%s", folder, name);
    is_ok = buffer_is_ok(&path) || error_set_no_memory(err);
    is_ok = is_ok && read_one(viewer, path.data, &text, err);
    is_ok = is_ok
            && (text == NULL
                || (apply(viewer, text, &complaints, err)
                    && note_complaints(viewer, complaints.data, err)));
    free(text);
    buffer_release(&path);
    buffer_release(&complaints);
    return is_ok;
}

bool
config_load(struct viewer *viewer, const char *folder, struct error *err)
{
    return folder == NULL
           || (load_file(viewer, folder, "keys", load_keys, err)
               && load_file(viewer, folder, "colours", load_colours, err));
}
