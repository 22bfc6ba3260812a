// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Each record is written to a file that was made beforehand, with room, and then renamed: a reader sees a whole record or none, and
// a full disk stops none that matters.

enum { record_room = 512, rooms_made = 4 };

/// Two for each record; the fifth is made when `running` is written for the third time, and so on.
static const char *const rooms[] = {".running-1", ".running-2", ".exit-1", ".exit-2", ".running-3"};
static int running_count, exit_count;

static int make_room(int directory, const char *name) {
    int file = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    int error = posix_fallocate(file, 0, record_room);
    close(file);
    return error;
}

int records_prepare(int directory) {
    int error = 0;
    for (int i = 0; i < rooms_made && error == 0; i++) error = make_room(directory, rooms[i]);
    return error;
}

static bool write_record(int directory, const char *room, const char *name, const ProtobufCMessage *record) {
    uint8_t bytes[record_room];
    size_t length = protobuf_c_message_get_packed_size(record);
    int file = length > sizeof bytes ? -1 : openat(directory, room, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return false;
    protobuf_c_message_pack(record, bytes);
    bool is_done = pwrite(file, bytes, length, 0) == (ssize_t)length && ftruncate(file, (off_t)length) == 0;
    close(file);
    return is_done && renameat(directory, room, directory, name) == 0;
}

bool records_running(int directory, const running *record) {
    const char *room = rooms[running_count < 2 ? running_count++ : rooms_made];
    if (room == rooms[rooms_made] && make_room(directory, room) != 0) return false;
    return write_record(directory, room, "running", &record->base);
}

void records_exit(int directory, const exit_record *record) {
    if (exit_count < 2) write_record(directory, rooms[2 + exit_count++], "exit", &record->base);
}

uint64_t process_field(pid_t pid, int number) {
    char path[32], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    text[length < 0 ? 0 : length] = '\0';
    // The name of the program, in parentheses, may contain spaces and parentheses. The third field follows it.
    char *field = strrchr(text, ')');
    for (int i = 2; field && i < number; i++) field = strchr(field + 1, ' ');
    return field ? strtoull(field + 1, NULL, 10) : 0;
}
