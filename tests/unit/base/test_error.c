// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <errno.h>
#include <string.h>

#include "base/error.h"

Test(error, says_what_where_and_why)
{
    struct error err = {0};

    cr_assert(not(error_set_system(&err, ENOENT, "cannot open %s", "a.vzt")));
    cr_assert(eq(int, err.code, ERROR_SYSTEM));
    cr_assert(not(error_add_context(&err, "report")));
    cr_assert(eq(str, err.message,
                 "report: cannot open a.vzt: No such file or directory"));
    cr_assert(eq(int, err.code, ERROR_SYSTEM));
}

Test(error, cuts_what_does_not_fit)
{
    struct error err = {0};
    char text[3 * ERROR_MESSAGE_SIZE];

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    cr_assert(not(error_set(&err, ERROR_USAGE, "%s", text)));
    cr_assert(eq(sz, strlen(err.message), ERROR_MESSAGE_SIZE - 1));
    cr_assert(not(error_add_context(&err, text)));
    cr_assert(eq(sz, strlen(err.message), ERROR_MESSAGE_SIZE - 1));
    cr_assert(not(error_set_system(&err, ENOENT, "%s", text)));
    cr_assert(eq(sz, strlen(err.message), ERROR_MESSAGE_SIZE - 1));
}

Test(error, may_be_nobodys_concern)
{
    cr_assert(not(error_set(NULL, ERROR_USAGE, "x")));
    cr_assert(not(error_set_system(NULL, ENOENT, "x")));
    cr_assert(not(error_set_no_memory(NULL)));
    cr_assert(not(error_add_context(NULL, "x")));
}
