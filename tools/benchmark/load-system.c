// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "load.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

_Noreturn void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static size_t histogram_class(uint64_t value) {
    if (value < histogram_parts) return value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - 6;
    return (size_t)(shift + 1) * histogram_parts + ((value >> shift) - histogram_parts);
}

void histogram_add(struct histogram *histogram, uint64_t value) { histogram->counts[histogram_class(value)]++; }

double histogram_percentile(const struct histogram *histogram, double part) {
    enum { classes = sizeof histogram->counts / sizeof histogram->counts[0] };
    uint64_t total = 0, seen = 0;
    for (size_t i = 0; i < classes; i++) total += histogram->counts[i];
    for (size_t i = 0; i < classes; i++) {
        seen += histogram->counts[i];
        if (total == 0 || seen < part * (double)total) continue;
        if (i < histogram_parts) return (double)i;
        size_t shift = i / histogram_parts - 1;
        return (double)((uint64_t)(i % histogram_parts + histogram_parts) << shift);
    }
    return 0;
}

int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) die("the socket path is too long");
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket");
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

void set_nonblocking(int fd) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) die("fcntl");
}

void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

void pin(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) < 0) die("sched_setaffinity");
}

pid_t spawn(char **command) {
    pid_t child;
    int error = posix_spawnp(&child, command[0], NULL, NULL, command, environ);
    if (error) {
        errno = error;
        die("cannot start the server");
    }
    return child;
}

bool is_running(pid_t process) { return waitpid(process, NULL, WNOHANG) == 0; }

void stop(pid_t process) {
    kill(process, SIGTERM);
    for (int tries = 0; tries < 500; tries++) {
        if (!is_running(process)) return;
        struct timespec pause = {.tv_nsec = 10000000};
        nanosleep(&pause, NULL);
    }
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
}

uint64_t process_cpu(pid_t process) {
    if (process <= 0) return 0;
    char path[300];
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *tasks = opendir(path);
    if (!tasks) die("the server is gone");
    uint64_t total = 0;
    for (struct dirent *task; (task = readdir(tasks));) {
        unsigned long long ran;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", process, task->d_name);
        FILE *file = task->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (!file) continue;
        if (fscanf(file, "%llu", &ran) == 1) total += ran;
        fclose(file);
    }
    closedir(tasks);
    return total;
}

long process_rss(pid_t process) {
    if (process <= 0) return 0;
    char line[256];
    snprintf(line, sizeof line, "/proc/%d/status", process);
    FILE *file = fopen(line, "r");
    if (!file) die("the server is gone");
    long kib = 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "VmRSS: %ld", &kib) == 1) break;
    }
    fclose(file);
    return kib;
}
