// SPDX-License-Identifier: Apache-2.0
/*
 * cli/child_process.h - run the command as if we were not there.
 *
 * The child has our process group, session, terminal, standard streams,
 * working directory, signal mask and dispositions. SIGINT, SIGQUIT and
 * SIGTSTP from the keyboard reach it by themselves and are not ours; SIGTERM,
 * SIGHUP, SIGUSR1, SIGUSR2 and SIGCONT that somebody sends to us are passed
 * on. When it is stopped we stop, and it goes on when we do. Terminal modes
 * that it left changed are put back.
 */
#ifndef CLI_CHILD_PROCESS_H
#define CLI_CHILD_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct error;
struct launcher_signals;

struct child_process {
    pid_t pid;       /* it has been waited for: only a number */
    int wait_status; /* of waitpid(2) */
    int exec_errno;  /* why the command could not be started; 0 = it was */
};

/*
 * Run path with these arguments and environment and wait for its end. False
 * and *err only when no process could be made; a command that could not be
 * started is told by exec_errno. The signals must be held.
 */
bool child_process_run(struct child_process *child, const char *path,
                       char *const *arguments, char *const *environment,
                       const struct launcher_signals *signals,
                       struct error *err);

#endif
