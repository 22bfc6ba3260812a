// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Runs a daemon and traces it and its shims, to kill them at a certain system call.
//
//     stepper SHIM PROGRAM ARGUMENT...
//
// Each line of its input is a command:
//
//     run                     starts the program; another one may have been started before
//     arm SIDE NUMBER VICTIM  counts the calls of SIDE from here on; at the one with the number, VICTIM is killed
//
// SIDE is `daemon`, `shim` or `none`, VICTIM also `both`, or `server`: the program of a shim. Each line of its output tells what has happened: `daemon PID`, `armed DAEMON SHIM`
// with what was counted since the last time, `killed SIDE CALL`. At the end of its input it ends, and what it traced goes on.
//
// It counts the calls whose effects other processes can see. What a kill leaves behind is the same at all calls between two of them.

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most_traced = 1024, options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK
    | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC };

/// `is_child`: a child of a shim, which is to become the program.
typedef enum { no_side, daemon_side, shim_side, both_sides, server_side } side;
typedef struct {
    pid_t id;
    pid_t process;
    side side;
    bool is_child;
} traced;

static const char *const side_names[] = {"", "daemon", "shim", "both", "server"};
static traced table[most_traced];
static const char *shim;
static char **program;
static side armed, victim;
static long wanted, counts[both_sides];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static traced *find(pid_t id) {
    for (int i = 0; i < most_traced; i++) {
        if (table[i].id == id) return &table[i];
    }
    return NULL;
}

static traced *add(pid_t id, pid_t process, side side, bool is_child) {
    traced *made = find(0);
    if (!made) die("too many threads");
    *made = (traced){.id = id, .process = process, .side = side, .is_child = is_child};
    return made;
}

/// A number in /proc/ID/status.
static pid_t status_number(pid_t id, const char *name) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)id);
    FILE *file = fopen(path, "re");
    pid_t found = 0;
    while (file && found == 0 && fgets(line, sizeof line, file)) {
        if (strncmp(line, name, strlen(name)) == 0) found = (pid_t)atoi(line + strlen(name) + 1);
    }
    if (file) fclose(file);
    return found;
}

/// A thread or a process that one of the traced has made: it may be seen before its maker tells.
static traced *meet(pid_t id) {
    pid_t process = status_number(id, "Tgid:");
    for (int i = 0; i < most_traced; i++) {
        if (table[i].id != 0 && table[i].process == process) return add(id, process, table[i].side, table[i].is_child);
    }
    const traced *parent = find(status_number(id, "PPid:"));
    // A child of the daemon is to be a shim. That of a shim is to be the program, and counts as the shim until then.
    return add(id, process, parent ? shim_side : no_side, parent && parent->side == shim_side);
}

static void start(void) {
    int go[2];
    if (pipe2(go, O_CLOEXEC) != 0) die("pipe");
    pid_t made = fork();
    if (made < 0) die("fork");
    if (made == 0) {
        sigset_t none;
        char byte;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        if (read(go[0], &byte, 1) != 1) _exit(126);
        int null = open("/dev/null", O_RDWR | O_CLOEXEC), log = open("daemon.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(null, 0);
        dup2(log, 1);
        dup2(log, 2);
        execv(program[0], program);
        _exit(127);
    }
    if (ptrace(PTRACE_SEIZE, made, 0, options) != 0) die("PTRACE_SEIZE");
    add(made, made, daemon_side, false);
    if (write(go[1], "", 1) != 1) die("write");
    close(go[0]);
    close(go[1]);
    printf("daemon %d\n", (int)made);
}

/// Whether other processes cannot see what a call does.
static bool is_private(const struct __ptrace_syscall_info *call) {
    static const int numbers[] = {
        SYS_read, SYS_pread64, SYS_close, SYS_newfstatat, SYS_fstat, SYS_lseek, SYS_getdents64, SYS_mmap, SYS_munmap, SYS_mprotect,
        SYS_brk, SYS_madvise, SYS_futex, SYS_getpid, SYS_gettid, SYS_geteuid, SYS_getegid, SYS_getuid, SYS_getgid, SYS_getppid,
        SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_clock_gettime, SYS_clock_nanosleep, SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2,
        SYS_epoll_ctl, SYS_ppoll, SYS_readlinkat, SYS_faccessat, SYS_getrandom, SYS_sysinfo, SYS_uname, SYS_prlimit64, SYS_set_robust_list,
        SYS_rseq, SYS_sched_yield, SYS_sched_getaffinity, SYS_statx, SYS_recvfrom, SYS_recvmsg, SYS_getsockopt, SYS_setsockopt,
        SYS_inotify_rm_watch, SYS_sigaltstack, SYS_fadvise64, SYS_timerfd_settime, SYS_eventfd2, SYS_gettimeofday, SYS_fstatfs,
    };
    int number = (int)call->entry.nr;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (numbers[i] == number) return true;
    }
#ifdef SYS_stat
    if (number == SYS_stat || number == SYS_lstat || number == SYS_access || number == SYS_readlink || number == SYS_poll) return true;
#endif
    return number == SYS_openat && (call->entry.args[2] & (O_CREAT | O_ACCMODE)) == 0;
}

/// Kills the oldest child of a shim, which is its program.
static void kill_program(pid_t of) {
    char path[64];
    int child;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)of, (int)of);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%d", &child) == 1) kill(child, SIGKILL);
    if (file) fclose(file);
}

static void kill_all(side which) {
    for (int i = 0; i < most_traced; i++) {
        const traced *found = &table[i];
        if (found->id == 0 || found->is_child || found->id != found->process) continue;
        if (found->side == which || which == both_sides) kill(found->process, SIGKILL);
        if (found->side == shim_side && which == server_side) kill_program(found->process);
    }
}

static void count(const traced *found) {
    struct __ptrace_syscall_info call;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, found->id, sizeof call, &call) <= 0) return;
    if (found->side == no_side || call.op != PTRACE_SYSCALL_INFO_ENTRY || is_private(&call)) return;
    counts[found->side]++;
    if (armed != found->side || counts[armed] != wanted) return;
    armed = no_side;
    kill_all(victim);
    printf("killed %s %d\n", side_names[found->side], (int)call.entry.nr);
}

/// A traced process has become a program. Returns whether it is worth tracing on.
static bool became(traced *found, pid_t former) {
    char path[64], name[PATH_MAX];
    // The thread that has done it gets the number of the process; the others are gone.
    if (former != found->id && find(former)) *find(former) = (traced){0};
    snprintf(path, sizeof path, "/proc/%d/exe", (int)found->id);
    ssize_t length = readlink(path, name, sizeof name - 1);
    name[length < 0 ? 0 : length] = '\0';
    if (found->side == daemon_side) return true;
    found->is_child = false;
    found->side = strcmp(name, shim) == 0 ? shim_side : no_side;
    return found->side == shim_side;
}

static void stopped(pid_t id, int status) {
    traced *found = find(id);
    if (!found) found = meet(id);
    int number = WSTOPSIG(status), event = status >> 16, passed = 0;
    unsigned long former = 0;
    if (event == PTRACE_EVENT_EXEC) {
        ptrace(PTRACE_GETEVENTMSG, id, 0, &former);
        if (!became(found, (pid_t)former)) {
            *found = (traced){0};
            ptrace(PTRACE_DETACH, id, 0, 0);
            return;
        }
    } else if (event == PTRACE_EVENT_STOP && number != SIGTRAP) {
        ptrace(PTRACE_LISTEN, id, 0, 0);
        return;
    } else if (number == (SIGTRAP | 0x80)) {
        count(found);
    } else if (event == 0) {
        passed = number;
    }
    ptrace(PTRACE_SYSCALL, id, 0, passed);
}

static void obey(const char *line) {
    char side_name[16], victim_name[16];
    if (strcmp(line, "run\n") == 0) {
        start();
    } else if (sscanf(line, "arm %15s %ld %15s", side_name, &wanted, victim_name) == 3) {
        armed = victim = no_side;
        for (int i = daemon_side; i <= server_side; i++) {
            if (strcmp(side_name, side_names[i]) == 0) armed = (side)i;
            if (strcmp(victim_name, side_names[i]) == 0) victim = (side)i;
        }
        printf("armed %ld %ld\n", counts[daemon_side], counts[shim_side]);
        memset(counts, 0, sizeof counts);
    } else {
        fprintf(stderr, "stepper: not a command: %s", line);
        exit(2);
    }
}

static bool read_commands(void) {
    static char text[256];
    static size_t length;
    ssize_t count = read(0, text + length, sizeof text - 1 - length);
    if (count <= 0) return false;
    text[length += (size_t)count] = '\0';
    for (char *end; (end = strchr(text, '\n'));) {
        char line[256] = {0};
        memcpy(line, text, (size_t)(end - text) + 1);
        obey(line);
        length -= (size_t)(end - text) + 1;
        memmove(text, end + 1, length + 1);
    }
    return true;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: stepper SHIM PROGRAM ARGUMENT...\n");
        return 2;
    }
    shim = arguments[1];
    program = arguments + 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    struct pollfd awaited[] = {{.fd = 0, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    for (;;) {
        struct signalfd_siginfo information;
        int status;
        if (poll(awaited, 2, -1) < 0 && errno != EINTR) die("poll");
        while (read(signals, &information, sizeof information) > 0) {
        }
        for (pid_t id; (id = waitpid(-1, &status, __WALL | WNOHANG)) > 0;) {
            traced *found = find(id);
            if (WIFSTOPPED(status)) stopped(id, status);
            else if (found) *found = (traced){0};
        }
        if (awaited[0].revents != 0 && !read_commands()) return 0;
    }
}
