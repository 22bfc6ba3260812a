// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <errno.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
// asm-generic's number, newer than the C library's headers.
#define SO_PEERPIDFD 77
#endif

enum {
    descriptor_limit = 16,
    notify_seconds = 5,
    nanoseconds_per_microsecond = 1000,
    nanoseconds_per_second = 1000000000,
    microseconds_per_second = 1000000,
};

static int stream_type(bool non_blocking) { return SOCK_STREAM | SOCK_CLOEXEC | (non_blocking ? SOCK_NONBLOCK : 0); }

int csys_unix_socket(bool non_blocking) { return socket(AF_UNIX, stream_type(non_blocking), 0); }

int csys_unix_pair(bool non_blocking, int fds[2]) { return socketpair(AF_UNIX, stream_type(non_blocking), 0, fds); }

size_t csys_unix_path_limit(void) { return sizeof((struct sockaddr_un *)0)->sun_path - 1; }

static int path_address(struct sockaddr_un *address, const char *path, size_t length) {
    if (length == 0) {
        errno = EINVAL;  // An empty path would bind to a name of the kernel's choice.
        return -1;
    }
    if (length > csys_unix_path_limit()) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length);
    return 0;
}

int csys_unix_bind(int fd, const char *path, size_t length) {
    struct sockaddr_un address;
    if (path_address(&address, path, length) < 0) return -1;
    return bind(fd, (const struct sockaddr *)&address, sizeof address);
}

int csys_unix_connect(int fd, const char *path, size_t length) {
    struct sockaddr_un address;
    if (path_address(&address, path, length) < 0) return -1;
    return connect(fd, (const struct sockaddr *)&address, sizeof address);
}

int csys_accept(int fd) { return accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

static int integer_option(int fd, int option, int *value) {
    socklen_t length = sizeof *value;
    return getsockopt(fd, SOL_SOCKET, option, value, &length);
}

int csys_is_unix_listener(int fd) {
    int domain, type, listening;
    if (integer_option(fd, SO_DOMAIN, &domain) < 0) return errno == ENOTSOCK ? 0 : -1;
    if (integer_option(fd, SO_TYPE, &type) < 0 || integer_option(fd, SO_ACCEPTCONN, &listening) < 0) return -1;
    return domain == AF_UNIX && type == SOCK_STREAM && listening;
}

int csys_peer_credentials(int fd, int32_t *pid, uint32_t *uid, uint32_t *gid) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return -1;
    *pid = peer.pid;
    *uid = peer.uid;
    *gid = peer.gid;
    return 0;
}

int csys_peer_pidfd(int fd) {
    int pidfd = -1;
    return integer_option(fd, SO_PEERPIDFD, &pidfd) < 0 ? -1 : pidfd;
}

static int set_timeout(int fd, int option, int64_t nanoseconds) {
    // Rounded up: zero would mean "without limit".
    int64_t microseconds = nanoseconds / nanoseconds_per_microsecond + (nanoseconds % nanoseconds_per_microsecond > 0);
    struct timeval limit = {
        .tv_sec = microseconds / microseconds_per_second, .tv_usec = microseconds % microseconds_per_second};
    return setsockopt(fd, SOL_SOCKET, option, &limit, sizeof limit);
}

int csys_set_send_timeout(int fd, int64_t nanoseconds) { return set_timeout(fd, SO_SNDTIMEO, nanoseconds); }


typedef union {
    struct cmsghdr alignment;
    char bytes[CMSG_SPACE(descriptor_limit * sizeof(int))];
} descriptor_message;

ssize_t csys_send_descriptors(int fd, const void *bytes, size_t length, const int *fds, size_t count) {
    if (count > descriptor_limit) {
        errno = EINVAL;
        return -1;
    }
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    descriptor_message control = {0};
    if (count > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(header), fds, count * sizeof(int));
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

ssize_t csys_receive_descriptors(
    int fd, void *bytes, size_t length, int *fds, size_t capacity, size_t *count, bool *truncated) {
    struct iovec part = {.iov_base = bytes, .iov_len = length};
    descriptor_message control = {0};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    *count = 0;
    *truncated = false;
    ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    if (got < 0) return -1;
    *truncated = (message.msg_flags & MSG_CTRUNC) != 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t received = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < received; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
            if (*count < capacity) {
                fds[(*count)++] = descriptor;
            } else {
                close(descriptor);
                *truncated = true;
            }
        }
    }
    return got;
}

int csys_notify(const char *address, size_t address_length, const void *bytes, size_t length) {
    struct sockaddr_un target = {.sun_family = AF_UNIX};
    if (address_length < 2 || (address[0] != '/' && address[0] != '@')) {
        errno = EINVAL;
        return -1;
    }
    if (address_length > csys_unix_path_limit()) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(target.sun_path, address, address_length);
    if (address[0] == '@') target.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    // A service manager that is stuck must not take the daemon with it.
    csys_set_send_timeout(fd, (int64_t)notify_seconds * nanoseconds_per_second);
    // An abstract name is as long as it is said to be; a path may end anywhere after its bytes.
    socklen_t target_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + address_length);
    ssize_t sent;
    do {
        sent = sendto(fd, bytes, length, MSG_NOSIGNAL, (const struct sockaddr *)&target, target_length);
    } while (sent < 0 && errno == EINTR);
    int error = errno;
    close(fd);
    errno = error;
    return sent < 0 ? -1 : 0;
}

static int connect_address(int family, const struct sockaddr *address, socklen_t length) {
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    if (connect(fd, address, length) == 0 || errno == EINPROGRESS || errno == EINTR) return fd;
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

int csys_tcp_connect(const char *address, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
        return connect_address(AF_INET, (const struct sockaddr *)&v4, sizeof v4);
    }
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
        return connect_address(AF_INET6, (const struct sockaddr *)&v6, sizeof v6);
    }
    errno = EINVAL;
    return -1;
}

int csys_socket_error(int fd) {
    int code = 0;
    socklen_t length = sizeof code;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno;
}

bool csys_is_own_address(const char *address) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1) return false;
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    bool is_own = is_v4 ? bind(fd, (const struct sockaddr *)&v4, sizeof v4) == 0
                        : bind(fd, (const struct sockaddr *)&v6, sizeof v6) == 0;
    close(fd);
    return is_own;
}
