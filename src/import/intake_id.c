// SPDX-License-Identifier: Apache-2.0
/* What the ids of events mean. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/json_value.h"

/* "0x1a" and 26 are one number, and " 26" is none. */
static bool
read_number(struct text_span text, uint64_t *number)
{
    static const char digits[] = "0123456789abcdef";
    size_t i = 2;

    if (text.size < 3 || text.size > 2 + 16 || text.data[0] != '0'
        || (text.data[1] | 0x20) != 'x') {
        return json_value_u64(text, number);
    }
    *number = 0;
    for (; i < text.size; i++) {
        char digit = (char)(text.data[i] | 0x20);
        const char *found = memchr(digits, digit, sizeof digits - 1);

        if (found == NULL) {
            return false;
        }
        *number = *number << 4 | (uint64_t)(found - digits);
    }
    return true;
}

bool
intake_id_key(struct event_intake *intake, const struct chrome_event *event,
              uint32_t process, char letter, struct buffer *key,
              struct error *err)
{
    struct intake_id id = {
        .process = event->id_scope == CHROME_ID_GLOBAL ? UINT32_MAX : process,
    };
    uint64_t number;

    if (!intern_table_add(intake->tables.categories, event->category.data,
                          event->category.size, &id.category, err)) {
        return false;
    }
    buffer_clear(key);
    buffer_append(key, &id, sizeof id);
    buffer_append_char(key, letter);
    if (read_number(event->id, &number)) {
        buffer_append_char(key, '#');
        buffer_append(key, &number, sizeof number);
    } else {
        buffer_append_char(key, '=');
        buffer_append(key, event->id.data, event->id.size);
    }
    buffer_append_char(key, '\0');
    buffer_append(key, event->id_domain.data, event->id_domain.size);
    return buffer_is_ok(key) || error_set_no_memory(err);
}
