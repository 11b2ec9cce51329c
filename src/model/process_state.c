// SPDX-License-Identifier: Apache-2.0
#include "model/process_state.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/os.h"
#include "format/reader.h"
#include "model/trace_model.h"

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

/* Whether an option of the interpreter takes the next argument. */
static bool
takes_value(const char *option)
{
    return strcmp(option, "-X") == 0 || strcmp(option, "-W") == 0
           || strcmp(option, "--check-hash-based-pycs") == 0;
}

/* What a command line runs: the module behind -m, "python -c", or the script,
 * without its folder. */
static const char *
find_script(const struct trace_section *section)
{
    const char *argument = section->arguments;
    const char *before = "";
    const char *name = "";

    for (uint32_t i = 0; i < section->argument_count; i++) {
        bool is_interpreter =
            i == 0 && strncmp(base_name(argument), "python", 6) == 0;

        if (strcmp(before, "-m") == 0) {
            return argument;
        }
        if (strcmp(argument, "-c") == 0) {
            return "python -c";
        }
        name = base_name(argument);
        if (!is_interpreter && argument[0] != '-' && !takes_value(before)) {
            break;
        }
        before = argument;
        argument += strlen(argument) + 1;
    }
    return name;
}

static const char *
find_name(const struct trace_section *section, struct arena *arena)
{
    const char *script;
    char text[32];

    if (section->name[0] != '\0') {
        return section->name;
    }
    script = find_script(section);
    if (script[0] != '\0') {
        return script;
    }
    (void)snprintf(text, sizeof text, "pid %" PRIu32, section->header.pid);
    return arena_copy(arena, text, strlen(text));
}

static bool
is_this_machine(const struct vzt_section_header *header)
{
    uint8_t boot_id[OS_BOOT_ID_SIZE];
    const uint8_t unknown[OS_BOOT_ID_SIZE] = {0};

    os_boot_id(boot_id);
    return memcmp(boot_id, unknown, sizeof boot_id) != 0
           && memcmp(boot_id, header->boot_id, sizeof boot_id) == 0
           && header->pid_namespace == os_pid_namespace();
}

static bool
is_other_boot(const struct vzt_section_header *header)
{
    uint8_t boot_id[OS_BOOT_ID_SIZE];
    const uint8_t unknown[OS_BOOT_ID_SIZE] = {0};

    os_boot_id(boot_id);
    return memcmp(header->boot_id, unknown, sizeof boot_id) != 0
           && memcmp(boot_id, unknown, sizeof boot_id) != 0
           && memcmp(boot_id, header->boot_id, sizeof boot_id) != 0;
}

/* A process that never said it was done: is it still there? In another pid
 * namespace nobody can tell. */
static enum process_end
find_whether_alive(const struct vzt_section_header *header)
{
    if (is_other_boot(header)) {
        return PROCESS_END_KILLED;
    }
    if (!is_this_machine(header) || header->pid == 0
        || header->process_start == 0) {
        return PROCESS_END_UNKNOWN;
    }
    return os_process_start((pid_t)header->pid) == header->process_start
               ? PROCESS_END_RUNNING
               : PROCESS_END_KILLED;
}

static const char *
stop_text(const struct vzt_status *status)
{
    switch ((enum vzt_stop_reason)status->stop_reason) {
    case VZT_STOP_NONE:
        break;
    case VZT_STOP_DISK_FULL:
        if (status->stop_errno == EFBIG) {
            return "its file had the size that the process may write";
        }
        return status->stop_errno == EDQUOT ? "the disk quota was used up"
                                            : "the disk was full";
    case VZT_STOP_FILE_LOST:
        return "its trace file was taken away";
    case VZT_STOP_NO_MEMORY:
        return "there was no memory";
    case VZT_STOP_EXEC:
        return "became another program";
    case VZT_STOP_TABLE_FULL:
        return "it had more functions or threads than fit";
    case VZT_STOP_INTERNAL:
        return "the recorder found an error in itself";
    case VZT_STOP_EXIT_CALL:
        return "the program called os._exit";
    }
    return "the reason is unknown";
}

static enum process_end
find_end(const struct trace_section *section)
{
    const struct vzt_status *status = &section->status;

    if (status->exit_kind == VZT_EXIT_SIGNAL) {
        return PROCESS_END_SIGNAL;
    }
    if (status->state == VZT_STATE_STOPPED) {
        return PROCESS_END_STOPPED;
    }
    if (status->state == VZT_STATE_ENDED) {
        return PROCESS_END_FINISHED;
    }
    if (status->state != VZT_STATE_RECORDING) {
        return PROCESS_END_UNKNOWN;
    }
    if (status->exit_kind == VZT_EXIT_STATUS) {
        return PROCESS_END_KILLED;
    }
    return find_whether_alive(&section->header);
}

/* "SIGKILL", or "signal 34". */
static void
name_signal(char *text, size_t size, int number)
{
    const char *name = sigabbrev_np(number);

    if (name != NULL) {
        (void)snprintf(text, size, "SIG%s", name);
    } else {
        (void)snprintf(text, size, "signal %d", number);
    }
}

static void
describe_finish(const struct vzt_status *status, char *text, size_t size)
{
    const char *how = status->stop_reason == VZT_STOP_EXIT_CALL
                          ? "left by os._exit"
                          : "finished";

    if (status->exit_kind == VZT_EXIT_STATUS) {
        (void)snprintf(text, size, "%s with status %d", how,
                       (int)status->exit_value);
    } else {
        (void)snprintf(text, size, "%s", how);
    }
}

static void
describe_end(const struct model_process *process,
             const struct vzt_status *status, char *text, size_t size)
{
    char name[32];

    switch (process->end) {
    case PROCESS_END_UNKNOWN:
        (void)snprintf(text, size, "how it ended is unknown");
        break;
    case PROCESS_END_RUNNING:
        (void)snprintf(text, size, "still running");
        break;
    case PROCESS_END_FINISHED:
        describe_finish(status, text, size);
        break;
    case PROCESS_END_KILLED:
        (void)snprintf(text, size,
                       "ended without saying so: it was killed, "
                       "crashed or left by os._exit");
        if (status->exit_kind == VZT_EXIT_STATUS) {
            (void)snprintf(text, size, "left by os._exit with status %d",
                           (int)status->exit_value);
        }
        break;
    case PROCESS_END_SIGNAL:
        name_signal(name, sizeof name, status->exit_value);
        (void)snprintf(text, size, "killed by %s", name);
        break;
    case PROCESS_END_STOPPED:
        (void)snprintf(text, size, "%s%s",
                       status->stop_reason == VZT_STOP_EXEC
                           ? ""
                           : "recording stopped early: ",
                       stop_text(status));
        break;
    }
}

bool
process_state_describe(struct model_process *process,
                       const struct trace_section *section, struct arena *arena,
                       struct error *err)
{
    char text[128];

    process->section_id = section->header.section_id;
    process->pid = section->header.pid;
    process->has_pid = process->pid < VZT_MADE_UP_PID;
    process->ppid = section->header.ppid;
    process->end = find_end(section);
    process->end_value = section->status.exit_kind == VZT_EXIT_UNKNOWN
                             ? 0
                             : section->status.exit_value;
    describe_end(process, &section->status, text, sizeof text);
    process->name = find_name(section, arena);
    process->end_text = arena_copy(arena, text, strlen(text));
    if (process->name == NULL || process->end_text == NULL) {
        return error_set_no_memory(err);
    }
    return true;
}
