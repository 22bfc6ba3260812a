// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { chunk = 64 << 10, longest_name = 256 };

/// Opens a file of the log, which must belong to this user alone. Returns the file, or -1.
static int open_file(int directory, const char *name, int flags) {
    int file = openat(directory, name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags, 0600);
    struct stat status;
    if (file < 0) return -1;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() && (status.st_mode & 022) == 0) {
        return file;
    }
    close(file);
    errno = EPERM;
    return -1;
}

/// Whether the file still has its path. What is written to another one would be lost.
static bool is_in_place(const stream_log *log) {
    struct stat own, named;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", log->path, log->rules->name);
    return log->file >= 0 && fstat(log->file, &own) == 0 && lstat(path, &named) == 0 && own.st_dev == named.st_dev
        && own.st_ino == named.st_ino;
}

/// Opens the file that has the path now, or a new one, in a new directory if there is none. Returns false with an error number in errno.
static bool open_named(stream_log *log) {
    struct stat status;
    mkdir(log->path, 0700);
    int directory = open(log->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) return false;
    if (log->directory >= 0) close(log->directory);
    log->directory = directory;
    int file = open_file(directory, log->rules->name, 0);
    if (file < 0 || fstat(file, &status) != 0) return false;
    if (log->file >= 0) close(log->file);
    log->file = file;
    log->size = (uint64_t)status.st_size;
    log->is_at_line_start = true;
    return true;
}

int log_open(stream_log *log, const char *path, const log_file *rules) {
    *log = (stream_log){.rules = rules, .path = path, .directory = -1, .file = -1, .pipe = -1};
    return open_named(log) ? 0 : errno;
}

/// Empties the file in place, which needs no descriptor and no room.
static bool empty(stream_log *log) {
    if (ftruncate(log->file, 0) != 0) return false;
    log->size = 0;
    return true;
}

/// Begins a new file; false if that makes no room. The file before it gets the number 1, that one 2, and so on; the oldest
/// one is lost.
static bool rotate(stream_log *log) {
    char newer[longest_name], older[longest_name];
    const char *name = log->rules->name;
    if (log->rules->files == 1) return empty(log);
    // Made first, so that nothing is lost if it cannot be.
    snprintf(newer, sizeof newer, ".%s.new", name);
    unlinkat(log->directory, newer, 0);
    int file = open_file(log->directory, newer, O_EXCL);
    if (file < 0) return empty(log);
    for (uint32_t number = log->rules->files - 1; number > 1; number--) {
        snprintf(newer, sizeof newer, "%s.%u", name, number - 1);
        snprintf(older, sizeof older, "%s.%u", name, number);
        renameat(log->directory, newer, log->directory, older);
    }
    snprintf(older, sizeof older, "%s.1", name);
    renameat(log->directory, name, log->directory, older);
    snprintf(newer, sizeof newer, ".%s.new", name);
    renameat(log->directory, newer, log->directory, name);
    close(log->file);
    log->file = file;
    log->size = 0;
    return true;
}

/// Writes bytes to the file. Returns how many were kept.
static size_t append(stream_log *log, const char *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(log->file, bytes + done, length - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            log->error = count < 0 ? errno : ENOSPC;
            break;
        }
        done += (size_t)count;
    }
    log->size += done;
    if (done > 0) log->is_at_line_start = bytes[done - 1] == '\n';
    return done;
}

bool log_resume(stream_log *log) {
    if (log->error == 0) return true;
    if (!is_in_place(log) && !open_named(log)) return false;
    char line[128];
    int length = snprintf(
        line, sizeof line, "%sbackendd: %llu bytes of output were lost: %s\n", log->is_at_line_start ? "" : "\n",
        (unsigned long long)log->dropped, strerrordesc_np(log->error));
    bool was_at_line_start = log->is_at_line_start;
    uint64_t before = log->size;
    if (append(log, line, (size_t)length) < (size_t)length) {
        // A part of the line would read like output.
        if (ftruncate(log->file, (off_t)before) == 0) log->size = before;
        log->is_at_line_start = was_at_line_start;
        return false;
    }
    log->dropped_before += log->dropped;
    log->dropped = 0;
    log->error = 0;
    return true;
}

/// How much of the bytes goes into the current file: whole lines if one of them fits.
static size_t part(const stream_log *log, const char *bytes, size_t length) {
    uint64_t room = log->rules->size > log->size ? log->rules->size - log->size : 0;
    if (length <= room) return length;
    const char *end = memrchr(bytes, '\n', (size_t)room);
    if (end) return (size_t)(end - bytes) + 1;
    return log->is_at_line_start && log->size > 0 ? 0 : (size_t)room;
}

static void keep(stream_log *log, const char *bytes, size_t length) {
    if (!is_in_place(log) && !open_named(log)) log->error = errno;
    while (length > 0) {
        if (!log_resume(log)) break;
        size_t fitting = part(log, bytes, length);
        size_t done = append(log, bytes, fitting);
        bytes += done;
        length -= done;
        if (done < fitting) break;
        if (length > 0 && !rotate(log)) {
            log->error = errno;
            break;
        }
    }
    log->dropped += length;
}

bool log_pump(stream_log *log) {
    static char bytes[chunk];
    if (log->pipe < 0) return false;
    ssize_t count = read(log->pipe, bytes, sizeof bytes);
    if (count > 0) {
        keep(log, bytes, (size_t)count);
        return true;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return errno == EINTR;
    close(log->pipe);
    log->pipe = -1;
    return false;
}
