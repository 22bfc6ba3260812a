// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

int64_t csys_pipe_write(int pipe, const void *bytes, size_t length) {
    const struct timespec now = {0};
    sigset_t broken, before, pending;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    // One that was pending before is not ours to take away.
    bool was_pending = sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    ssize_t count;
    do {
        count = write(pipe, bytes, length);
    } while (count < 0 && errno == EINTR);
    int code = errno;
    if (count < 0 && code == EPIPE && !was_pending) sigtimedwait(&broken, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = code;
    return count;
}

int csys_sealed_file(const char *name, const void *bytes, size_t length) {
    enum { seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };
    int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) return -1;
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(file, (const char *)bytes + done, length - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += (size_t)count;
    }
    if (done == length && fcntl(file, F_ADD_SEALS, seals) == 0) return file;
    int code = errno;
    close(file);
    errno = code;
    return -1;
}

int csys_inotify_create(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int csys_inotify_add(int inotify, const char *path) {
    return inotify_add_watch(inotify, path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF);
}

int csys_inotify_add_names(int inotify, const char *directory) {
    return inotify_add_watch(
        inotify, directory, IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

int csys_inotify_remove(int inotify, int watch) { return inotify_rm_watch(inotify, watch); }

int csys_inotify_read(int inotify, int *watches, int capacity) {
    _Alignas(struct inotify_event) char buffer[4096];
    // An entry is at least as long as its header, so that no more than `capacity` come.
    size_t room = (size_t)capacity * sizeof(struct inotify_event);
    if (room > sizeof buffer) room = sizeof buffer;
    ssize_t length = read(inotify, buffer, room);
    if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    int count = 0;
    for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= length && count < capacity;) {
        struct inotify_event event;
        memcpy(&event, buffer + at, sizeof event);
        watches[count++] = event.mask & IN_Q_OVERFLOW ? -2 : event.wd;
        at += (ssize_t)(sizeof event + event.len);
    }
    return count;
}

int csys_open_directory(int directory, const char *name, bool is_step) {
    int flags = O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | (is_step ? O_PATH : O_RDONLY);
    return openat(directory < 0 ? AT_FDCWD : directory, name, flags);
}

int csys_copy(int from, int to, int64_t length) {
    char buffer[65536];
    off_t at = 0;
    while (at < length) {
        size_t wanted = (size_t)(length - at) < sizeof buffer ? (size_t)(length - at) : sizeof buffer;
        ssize_t got = pread(from, buffer, wanted, at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) return 0;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, buffer + done, (size_t)(got - done));
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return -1;
            done += put;
        }
        at += got;
    }
    return 0;
}

int64_t csys_file_size(int fd) {
    struct stat info;
    return fstat(fd, &info) == 0 ? (int64_t)info.st_size : -1;
}

int csys_bind_loopback(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // A port whose last connections are still winding down is free. Only one that is listened at is not bound by others as well.
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}
