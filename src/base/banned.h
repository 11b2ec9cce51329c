// SPDX-License-Identifier: Apache-2.0
/*
 * base/banned.h - functions that no product code may call.
 *
 * Forced into every product source by the build. The string functions have no
 * bound, localtime shares its result, and a layer that prints or exits would
 * do so inside somebody else's program: only src/cli may (it defines
 * VIZTRACER_MAY_PRINT).
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets
#pragma GCC poison localtime gmtime asctime ctime

#ifndef VIZTRACER_MAY_PRINT
#pragma GCC poison exit abort printf puts putchar perror
#endif

#endif
