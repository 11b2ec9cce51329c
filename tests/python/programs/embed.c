// SPDX-License-Identifier: Apache-2.0
/*
 * A program that has an interpreter inside, more than once.
 */
#include <Python.h>

#include <stdio.h>

static const char text[] = "def square(n):\n"
                           "    return n * n\n"
                           "print(sum(square(n) for n in range(10)))\n";

int
main(void)
{
    for (int i = 0; i < 3; i++) {
        Py_Initialize();
        if (PyRun_SimpleString(text) != 0) {
            return 1;
        }
        Py_Finalize();
        printf("interpreter %d is gone\n", i);
        fflush(stdout);
    }
    return 0;
}
