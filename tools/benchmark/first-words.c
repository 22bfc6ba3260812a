// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Writes into a file when its main function began, in nanoseconds of the monotonic clock, and waits for a signal.

#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    FILE *file = count == 2 ? fopen(arguments[1], "we") : NULL;
    if (!file) return 2;
    fprintf(file, "%lld\n", (long long)now.tv_sec * 1000000000 + now.tv_nsec);
    fclose(file);
    pause();
    return 0;
}
