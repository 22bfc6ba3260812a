// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/// The longest launch is more than the system passes to a program.
enum { longest_launch = 16 << 20, longest_name = 240, most_log_files = 100, smallest_log = 4096 };

static bool is_log(const log_file *log) {
    return log && log->name[0] != '\0' && log->name[0] != '.' && !strchr(log->name, '/') && strlen(log->name) <= longest_name
        && log->size >= smallest_log && log->size <= INT64_MAX && log->files >= 1 && log->files <= most_log_files;
}

static bool is_valid(const launch *what) {
    return what->program[0] != '\0' && what->n_arguments > 0 && what->log_directory[0] == '/' && what->end
        && what->end->signal > 0 && what->end->signal <= 64 && is_log(what->output) && is_log(what->error);
}

launch *launch_decode(const uint8_t *bytes, size_t length, int *error) {
    launch *what = backends__shim__v1__launch__unpack(NULL, length, bytes);
    *error = what && what->version != message_version ? EPROTONOSUPPORT : EBADMSG;
    if (what && what->version == message_version && is_valid(what)) return what;
    if (what) backends__shim__v1__launch__free_unpacked(what, NULL);
    return NULL;
}

launch *launch_read(int fd, int *error) {
    struct stat status;
    *error = EMSGSIZE;
    if (fstat(fd, &status) != 0 || status.st_size <= 0 || status.st_size > longest_launch) return NULL;
    size_t length = (size_t)status.st_size;
    // The daemon has sealed the file, so that it stays as long as it is.
    void *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
    *error = errno;
    if (bytes == MAP_FAILED) return NULL;
    launch *what = launch_decode(bytes, length, error);
    munmap(bytes, length);
    return what;
}
