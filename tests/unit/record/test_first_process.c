// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "tracer/record/first_process.h"

static bool
claim(const char *folder)
{
    struct error err = {0};
    bool is_first = false;

    cr_assert(first_process_claim(folder, &is_first, &err), "%s", err.message);
    return is_first;
}

/* What a forked child finds. */
static bool
claim_in_child(const char *folder)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        struct error err = {0};
        bool is_first = false;

        _exit(first_process_claim(folder, &is_first, &err) ? is_first : 2);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(zero(int, WTERMSIG(status)));
    cr_assert(lt(int, WEXITSTATUS(status), 2));
    return WEXITSTATUS(status) != 0;
}

Test(first_process, is_the_one_that_asks_first_and_stays_it)
{
    char *folder = temporary_folder_make();

    cr_assert(claim(folder));
    cr_assert(not(claim_in_child(folder)));
    cr_assert(claim(folder)); /* as after an exec */
    temporary_folder_remove(folder);
}

Test(first_process, is_not_a_later_one_even_when_the_first_is_gone)
{
    char *folder = temporary_folder_make();

    cr_assert(claim_in_child(folder));
    cr_assert(not(claim(folder)));
    temporary_folder_remove(folder);
}

Test(first_process, is_nobody_who_finds_an_unfinished_claim)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, FIRST_PROCESS_NAME);
    FILE *file = fopen(path, "w");

    cr_assert(file != NULL);
    (void)fclose(file);
    cr_assert(not(claim(folder)));
    free(path);
    temporary_folder_remove(folder);
}

Test(first_process, cannot_be_told_without_the_folder)
{
    struct error err = {0};
    bool is_first = false;

    cr_assert(not(first_process_claim("/nonexistent", &is_first, &err)));
    cr_assert(eq(int, err.code, ERROR_SYSTEM));
}
