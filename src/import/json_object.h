// SPDX-License-Identifier: Apache-2.0
/* import/json_object.h - small objects that are in memory. */
#ifndef IMPORT_JSON_OBJECT_H
#define IMPORT_JSON_OBJECT_H

#include <stdbool.h>

#include "format/record_encode.h"
#include "import/json_scan.h"

struct buffer;
struct error;

struct json_member {
    struct text_span key;   /* between its quotes, escapes as they are */
    struct text_span value; /* as it stands there */
};

/* Goes through the members of an object. */
struct json_members {
    struct json_scan scan;
    bool goes_on;
};

void json_members_begin(struct json_members *members, struct text_span object);

/* False behind the last one, and where the object is no JSON. */
bool json_members_next(struct json_members *members,
                       struct json_member *member);

/* To be called in the end. */
void json_members_release(struct json_members *members);

/* The string (its escapes as they are) or word that key has in an object; no
 * text when it has none, or the object is no JSON up to there. */
struct text_span json_object_member(struct text_span object, const char *key);

/* Append the members of two objects, as one: those of the second one, and those
 * of the first one that it has not. If one is no object, {"begin": the first,
 * "end": the second}. False without memory. */
bool json_object_merge(struct text_span first, struct text_span second,
                       struct buffer *out, struct error *err);

#endif
