// SPDX-License-Identifier: Apache-2.0
#include "import/json_object.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "import/json_scan.h"

struct text_span
json_object_member(struct text_span object, const char *key)
{
    struct json_scan scan;
    struct text_span text = {0};
    bool goes_on;

    json_scan_open_memory(&scan, object);
    goes_on = json_scan_need(&scan, '{', "'{'");
    while (goes_on) {
        struct text_span member;
        bool is_cut = false;
        bool is_wanted;
        char byte;

        if (!json_scan_string(&scan, SIZE_MAX, &member, &is_cut)) {
            break;
        }
        is_wanted = member.size == strlen(key)
                    && memcmp(member.data, key, member.size) == 0;
        if (!json_scan_need(&scan, ':', "':'")
            || !json_scan_peek(&scan, &byte)) {
            break;
        }
        if (is_wanted && byte == '"') {
            (void)json_scan_string(&scan, SIZE_MAX, &text, &is_cut);
            break;
        }
        if (is_wanted && byte != '{' && byte != '[') {
            (void)json_scan_word(&scan, &text);
            break;
        }
        goes_on = json_scan_skip(&scan) && json_scan_take(&scan, ',', &goes_on)
                  && goes_on;
    }
    json_scan_close(&scan); /* the text is in the object, not in the scan */
    return text;
}
