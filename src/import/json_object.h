// SPDX-License-Identifier: Apache-2.0
/* import/json_object.h - a member of a small object that is in memory. */
#ifndef IMPORT_JSON_OBJECT_H
#define IMPORT_JSON_OBJECT_H

#include "format/record_encode.h"

/* The string (its escapes as they are) or word that key has in an object; no
 * text when it has none, or the object is no JSON up to there. */
struct text_span json_object_member(struct text_span object, const char *key);

#endif
