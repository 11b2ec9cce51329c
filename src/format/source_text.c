// SPDX-License-Identifier: Apache-2.0
#include "format/source_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"

enum { NAME_SIZE = 64, PART_SIZE = 4096, BOM_SIZE = 3 };

static const char bom[] = "\xef\xbb\xbf";
static const char replacement[] = "\xef\xbf\xbd";

static bool
is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\f';
}

static bool
is_name_character(char character)
{
    return (character >= 'a' && character <= 'z')
           || (character >= 'A' && character <= 'Z')
           || (character >= '0' && character <= '9') || character == '-'
           || character == '_' || character == '.';
}

/* Copy the name that a comment gives behind "coding:" or "coding=". */
static bool
find_name(const char *comment, const char *end, char name[NAME_SIZE])
{
    static const char word[] = "coding";
    const char *at = comment;
    size_t length = 0;

    for (; at < end; at++) {
        const char *behind = at + sizeof word - 1;

        if (behind < end && memcmp(at, word, sizeof word - 1) == 0
            && (*behind == ':' || *behind == '=')) {
            at = behind + 1;
            break;
        }
    }
    while (at < end && is_blank(*at)) {
        at++;
    }
    while (at < end && is_name_character(*at) && length < NAME_SIZE - 1) {
        name[length] = *at;
        length++;
        at++;
    }
    name[length] = '\0';
    return length > 0;
}

/* The encoding that one of the first two lines names; the second counts when
 * the first has no code. */
static bool
find_encoding(const char *bytes, size_t size, char name[NAME_SIZE])
{
    const char *end = bytes + size;

    for (int line = 0; line < 2; line++) {
        const char *at = bytes;
        const char *line_end = bytes;

        while (line_end < end && *line_end != '\n' && *line_end != '\r') {
            line_end++;
        }
        while (at < line_end && is_blank(*at)) {
            at++;
        }
        if (at < line_end && *at != '#') {
            return false;
        }
        if (find_name(at, line_end, name)) {
            return true;
        }
        bytes = line_end;
        bytes += bytes < end && *bytes == '\r';
        bytes += bytes < end && *bytes == '\n';
    }
    return false;
}

/* Python's names of encodings to those of iconv: it takes "-" and "_" as the
 * same and has short names of its own. */
static iconv_t
open_converter(char name[NAME_SIZE])
{
    static const char *const latin1[] = {"latin-1", "latin1",    "l1",
                                         "8859",    "iso8859-1", "iso-latin-1"};

    for (char *at = name; *at != '\0'; at++) {
        if (*at == '_') {
            *at = '-';
        } else if (*at >= 'A' && *at <= 'Z') {
            *at = (char)(*at - 'A' + 'a');
        }
    }
    for (size_t i = 0; i < sizeof latin1 / sizeof latin1[0]; i++) {
        if (strcmp(name, latin1[i]) == 0) {
            return iconv_open("UTF-8", "ISO-8859-1");
        }
    }
    if (strcmp(name, "shift-jis") == 0) {
        return iconv_open("UTF-8", "SHIFT_JIS");
    }
    return iconv_open("UTF-8", name);
}

static bool
is_utf8_name(const char *name)
{
    return strncasecmp(name, "utf-8", 5) == 0
           || strncasecmp(name, "utf_8", 5) == 0
           || strcasecmp(name, "utf8") == 0;
}

static void
convert(struct buffer *out, iconv_t converter, const char *bytes, size_t size)
{
    char *from = (char *)bytes; /* iconv does not write there */

    while (size > 0 && buffer_is_ok(out)) {
        char part[PART_SIZE];
        char *to = part;
        size_t room = sizeof part;
        size_t result = iconv(converter, &from, &size, &to, &room);

        buffer_append(out, part, sizeof part - room);
        if (result == (size_t)-1 && errno != E2BIG) {
            buffer_append_text(out, replacement);
            from++;
            size--;
        }
    }
}

void
source_text_decode(struct buffer *out, const char *bytes, size_t size)
{
    char name[NAME_SIZE];
    iconv_t converter = (iconv_t)-1;

    if (size >= BOM_SIZE && memcmp(bytes, bom, BOM_SIZE) == 0) {
        bytes += BOM_SIZE;
        size -= BOM_SIZE;
    } else if (find_encoding(bytes, size, name) && !is_utf8_name(name)) {
        converter = open_converter(name);
    }
    if (converter == (iconv_t)-1) {
        buffer_append(out, bytes, size);
        return;
    }
    convert(out, converter, bytes, size);
    (void)iconv_close(converter);
}
