// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <time.h>
#include <sys/types.h>
#include <unistd.h>

_Static_assert(CSYS_READABLE == EPOLLIN && CSYS_WRITABLE == EPOLLOUT && CSYS_ERROR == EPOLLERR, "epoll's bits");
_Static_assert(CSYS_HANGUP == EPOLLHUP && CSYS_PEER_CLOSED_WRITE == EPOLLRDHUP, "epoll's bits");
_Static_assert(CSYS_READABLE == POLLIN && CSYS_WRITABLE == POLLOUT && CSYS_ERROR == POLLERR, "poll's bits");
_Static_assert(CSYS_HANGUP == POLLHUP && CSYS_PEER_CLOSED_WRITE == POLLRDHUP, "poll's bits");

enum { nanoseconds_per_second = 1000000000, nanoseconds_per_millisecond = 1000000, ready_capacity = 256 };

static struct timespec to_timespec(int64_t nanoseconds) {
    return (struct timespec){
        .tv_sec = nanoseconds / nanoseconds_per_second, .tv_nsec = nanoseconds % nanoseconds_per_second};
}

int csys_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int csys_epoll_add(int epoll, int fd, uint32_t events, bool edge_triggered, uint64_t tag) {
    struct epoll_event event = {.events = events | (edge_triggered ? (uint32_t)EPOLLET : 0), .data.u64 = tag};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int csys_epoll_modify(int epoll, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event event = {.events = events, .data.u64 = tag};
    return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

int csys_epoll_remove(int epoll, int fd) {
    struct epoll_event unused = {0};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &unused);
}

/// For kernels before 5.11 and sandboxes that lack epoll_pwait2: rounds up, so that no timer is awaited in a spin.
static int wait_milliseconds(int epoll, struct epoll_event *events, int capacity, int64_t timeout) {
    int64_t limit = -1;
    if (timeout >= 0) {
        limit = timeout / nanoseconds_per_millisecond + (timeout % nanoseconds_per_millisecond != 0);
        limit = limit > INT32_MAX ? INT32_MAX : limit;
    }
    return epoll_wait(epoll, events, capacity, (int)limit);
}

int csys_epoll_wait(int epoll, csys_ready *ready, int capacity, int64_t timeout) {
    struct epoll_event events[ready_capacity];
    if (capacity > ready_capacity) capacity = ready_capacity;
    int count;
    if (timeout <= 0) {
        count = epoll_wait(epoll, events, capacity, timeout < 0 ? -1 : 0);
    } else {
        struct timespec limit = to_timespec(timeout);
        count = epoll_pwait2(epoll, events, capacity, &limit, NULL);
        if (count < 0 && errno == ENOSYS) count = wait_milliseconds(epoll, events, capacity, timeout);
    }
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int i = 0; i < count; i++) ready[i] = (csys_ready){.tag = events[i].data.u64, .events = events[i].events};
    return count;
}

int csys_eventfd_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int csys_eventfd_signal(int fd) {
    const uint64_t one = 1;
    ssize_t written;
    do {
        written = write(fd, &one, sizeof one);
    } while (written < 0 && errno == EINTR);
    return written == sizeof one || errno == EAGAIN ? 0 : -1;
}

int csys_poll(int fd, uint32_t events, int64_t timeout) {
    struct pollfd one = {.fd = fd, .events = (short)events};
    struct timespec limit = to_timespec(timeout < 0 ? 0 : timeout);
    int count = ppoll(&one, 1, timeout < 0 ? NULL : &limit, NULL);
    if (count <= 0) return count;
    if (one.revents & POLLNVAL) {
        errno = EBADF;
        return -1;
    }
    return (int)(unsigned short)one.revents;
}

static int try_flock(int fd, int kind) {
    int result;
    do {
        result = flock(fd, kind | LOCK_NB);
    } while (result < 0 && errno == EINTR);
    return result;
}

int csys_flock(int fd) { return try_flock(fd, LOCK_EX); }

int32_t csys_lock_holder(int fd) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_GETLK, &whole) != 0) return -1;
    return whole.l_type == F_UNLCK ? 0 : whole.l_pid;
}

int csys_flock_shared(int fd) { return try_flock(fd, LOCK_SH); }

int csys_file_kind(const char *path, uint32_t *mode, uint32_t *owner) {
    struct stat status;
    *mode = 0;
    *owner = 0;
    if (lstat(path, &status) < 0) return errno == ENOENT ? CSYS_ABSENT : -1;
    *mode = status.st_mode & 07777;
    *owner = status.st_uid;
    if (S_ISSOCK(status.st_mode)) return CSYS_SOCKET;
    if (S_ISDIR(status.st_mode)) return CSYS_DIRECTORY;
    if (S_ISLNK(status.st_mode)) return CSYS_LINK;
    if (S_ISFIFO(status.st_mode)) return CSYS_PIPE;
    return S_ISREG(status.st_mode) ? CSYS_REGULAR : CSYS_OTHER;
}

bool csys_is_of_kernel(int directory) {
    struct statfs info;
    if (fstatfs(directory, &info) != 0) return false;
    return info.f_type == PROC_SUPER_MAGIC || info.f_type == SYSFS_MAGIC || info.f_type == CGROUP2_SUPER_MAGIC;
}

bool csys_is_executable(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

bool csys_is_noexec(const char *path) {
    struct statvfs info;
    return statvfs(path, &info) == 0 && (info.f_flag & ST_NOEXEC) != 0;
}

int csys_open_read_now(const char *path) { return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); }

int csys_open_read(const char *path) { return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY); }

int csys_set_non_blocking(int fd, bool on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int csys_set_close_on_exec(int fd) {
    int flags = fcntl(fd, F_GETFD);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

int csys_terminal_size(int fd, uint16_t *columns, uint16_t *rows) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int csys_random(void *bytes, size_t length) {
    char *next = bytes;
    while (length > 0) {
        ssize_t got = getrandom(next, length, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        next += got;
        length -= (size_t)got;
    }
    return 0;
}

uint64_t csys_monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * nanoseconds_per_second + (uint64_t)now.tv_nsec;
}

void csys_sleep(uint64_t nanoseconds) {
    struct timespec left = {
        .tv_sec = (time_t)(nanoseconds / nanoseconds_per_second), .tv_nsec = (long)(nanoseconds % nanoseconds_per_second)};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
    }
}

void csys_error_text(int code, char *text, size_t capacity) {
    const char *message = strerror_r(code, text, capacity);
    if (message != text) snprintf(text, capacity, "%s", message);
}
