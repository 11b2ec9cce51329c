// SPDX-License-Identifier: Apache-2.0
/*
 * The list of keys in a man page, from the same table that the keys come from.
 *
 *     man_keys PAGE      compare what stands between the marks; status 1 when
 *                        it differs. With $VIZTRACER_BLESS it is rewritten.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "tui/action.h"
#include "tui/key.h"

#define LIST_BEGINS \
    ".\\\" The list of keys is made from src/tui/action_table.h.\n"
#define LIST_ENDS ".\\\" End of the list of keys.\n"

/* "\&" in front: a key such as "." is text, not the mark of a request. */
static void
append_key(struct buffer *out, unsigned key)
{
    char name[KEY_NAME_SIZE];

    buffer_append_format(out, "\\&%s", key_format(name, sizeof name, key));
}

static void
append_action(struct buffer *out, const struct action *action)
{
    struct action_keys keys;
    size_t offset = 0;
    bool is_first = true;

    buffer_append_text(out, ".It ");
    while (action_next_keys(action, &offset, &keys)) {
        buffer_append_text(out, is_first ? "Li " : " , Li ");
        is_first = false;
        if (keys.prefix != KEY_NONE) {
            append_key(out, keys.prefix);
            buffer_append_char(out, ' ');
        }
        append_key(out, keys.key);
    }
    buffer_append_format(out, "\n%s\n", action->help);
}

static void
append_list(struct buffer *out)
{
    for (int group = 0; group < ACTION_GROUP_COUNT; group++) {
        buffer_append_format(out, ".Ss %s\n.Bl -tag -width Ds\n",
                             action_group_title((enum action_group)group));
        for (size_t i = 0; i < ACTION_COUNT; i++) {
            if (action_at(i)->group == (enum action_group)group) {
                append_action(out, action_at(i));
            }
        }
        buffer_append_text(out, ".El\n");
    }
}

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

/* The page with the list between its marks replaced. */
static bool
make_page(const struct buffer *page, struct buffer *out)
{
    const char *begin = strstr(page->data, LIST_BEGINS);
    const char *end = strstr(page->data, LIST_ENDS);

    if (begin == NULL || end == NULL || end < begin) {
        return false;
    }
    begin += strlen(LIST_BEGINS);
    buffer_append(out, page->data, (size_t)(begin - page->data));
    append_list(out);
    buffer_append_text(out, end);
    return buffer_is_ok(out);
}

int
main(int count, char **arguments)
{
    struct buffer page = {0};
    struct buffer wanted = {0};
    const char *problem = NULL;

    if (count != 2 || !read_file(arguments[1], &page)) {
        problem = "cannot be read";
    } else if (!make_page(&page, &wanted)) {
        problem = "has no place for the list of keys";
    } else if (strcmp(page.data, wanted.data) != 0) {
        problem = getenv("VIZTRACER_BLESS") == NULL
                      ? "has another list of keys (make bless)"
                  : write_file(arguments[1], &wanted) ? NULL
                                                      : "cannot be written";
    }
    if (problem != NULL) {
        (void)fprintf(stderr, "%s: %s\n", count > 1 ? arguments[1] : "page",
                      problem);
    }
    buffer_release(&page);
    buffer_release(&wanted);
    return problem == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
