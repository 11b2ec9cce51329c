// SPDX-License-Identifier: Apache-2.0
/* Errors are plain values; nothing here allocates or keeps state. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
error_set(struct error *err, enum error_code code, const char *format, ...)
{
    va_list arguments;

    if (err == NULL) {
        return false;
    }
    va_start(arguments, format);
    (void)vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    err->code = code;
    return false;
}

bool
error_set_system(struct error *err, int errnum, const char *format, ...)
{
    char reason[128];
    va_list arguments;
    size_t used;

    if (err == NULL) {
        return false;
    }
    va_start(arguments, format);
    (void)vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    err->code = ERROR_SYSTEM;
    used = strlen(err->message);
    (void)snprintf(err->message + used, sizeof err->message - used, ": %s",
                   strerror_r(errnum, reason, sizeof reason));
    return false;
}

bool
error_set_no_memory(struct error *err)
{
    return error_set(err, ERROR_NO_MEMORY, "out of memory");
}

bool
error_add_context(struct error *err, const char *context)
{
    char message[ERROR_MESSAGE_SIZE];

    if (err == NULL) {
        return false;
    }
    memcpy(message, err->message, sizeof message);
    message[sizeof message - 1] = '\0';
    (void)snprintf(err->message, sizeof err->message, "%s: %s", context,
                   message);
    return false;
}
