// SPDX-License-Identifier: Apache-2.0
#include "report/waiting.h"

#include <stddef.h>
#include <string.h>

#include "format/payload.h"
#include "model/trace_model.h"

static const char *const names[] = {
    "lock.acquire",     "lock.__enter__",  "RLock.acquire",
    "RLock.__enter__",  "SemLock.acquire", "SemLock.__enter__",
    "SimpleQueue.get",  "time.sleep",      "select.select",
    "poll.poll",        "epoll.poll",      "signal.pause",
    "signal.sigwait",   "posix.wait",      "posix.wait3",
    "posix.wait4",      "posix.waitid",    "posix.waitpid",
    "socket._accept",   "socket.connect",  "socket.recv",
    "socket.recv_into", "socket.recvfrom", "socket.recvfrom_into",
    "socket.recvmsg",   "_SSLSocket.read",
};

bool
waiting_is(const struct model_function *function)
{
    if (function->kind != VZT_FUNCTION_C) {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(function->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}
