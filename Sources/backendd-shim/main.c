// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// In milliseconds.
enum { retry_time = 1000, directory_check_time = 30000 };
enum { pipe_room = 256 << 10, chunks_of_last_words = 64 };
/// From here on, the shim's own exit code is the stage at which it failed, for a daemon that finds no record.
enum { first_failure_code = 64 };

static launch *what;
static process_tree tree = {.failures = -1};
static stream_log logs[2] = {{.pipe = -1}, {.pipe = -1}};
static int queue, signals;
static bool ends_with_daemon;
/// When what is left is killed; 0 while nothing asked the instance to end.
static uint64_t kill_time;
/// What the program was last asked to end with; 0 if it was not.
static int end_signal;
static running record = BACKENDS__SHIM__V1__RUNNING__INIT;
static exit_record ending = BACKENDS__SHIM__V1__EXIT__INIT;
static Backends__Shim__V1__Failure failure = BACKENDS__SHIM__V1__FAILURE__INIT;
static uint64_t record_time, directory_check;

static uint64_t milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static uint64_t earlier(uint64_t a, uint64_t b) { return a < b ? a : b; }
static uint64_t dropped(const stream_log *log) { return log->dropped_before + log->dropped; }
static uint64_t microseconds(struct timeval time) { return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec; }

// MARK: The end

static void write_end(bool cleared) {
    ending.version = message_version;
    ending.cleared = cleared;
    ending.dropped_bytes = dropped(&logs[0]) + dropped(&logs[1]);
    records_exit(directory_fd, &ending);
}

/// The program could not be run.
static void set_failure(stage where, int number) {
    failure.stage = where;
    failure.error = (uint32_t)number;
    ending.kind_case = BACKENDS__SHIM__V1__EXIT__KIND_FAILURE;
    ending.failure = &failure;
}

static void set_end_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    ending.time = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Ends the shim before there is a process.
_Noreturn static void fail(stage where, int number) {
    set_end_time();
    set_failure(where, number);
    write_end(true);
    _exit(first_failure_code + (int)where);
}

/// Reads what is left in the pipes, without waiting for processes that may still write.
static void pump_last_words(void) {
    for (int i = 0; i < 2; i++) {
        for (int chunk = 0; chunk < chunks_of_last_words && log_pump(&logs[i]); chunk++) {}
        log_resume(&logs[i]);
    }
}

_Noreturn static void finish(void) {
    pump_last_words();
    waitpid(tree.leader, NULL, 0);
    if (what->group[0] != '\0') rmdir(what->group);
    write_end(true);
    _exit(0);
}

/// Asks the program to end, and sets the time at which what is left is killed.
static void begin_end(const Backends__Shim__V1__End *how) {
    uint64_t time = milliseconds() + how->grace;
    kill_time = kill_time == 0 ? time : earlier(kill_time, time);
    if (how->grace == 0) return;
    end_signal = (int)how->signal;
    tree_signal(&tree, end_signal);
}

// MARK: The record of an instance that runs

/// Writes the record if it is due: `now`, or when output begins or ceases to be dropped, or once per second while it is.
static void write_running(bool now) {
    uint64_t bytes = dropped(&logs[0]) + dropped(&logs[1]), time = milliseconds();
    uint32_t number = (uint32_t)(logs[0].error != 0 ? logs[0].error : logs[1].error);
    bool has_grown = bytes != record.dropped_bytes && time - record_time >= retry_time;
    if (!now && !has_grown && number == record.log_error) return;
    record.version = message_version;
    record.dropped_bytes = bytes;
    record.log_error = number;
    record_time = time;
    records_running(directory_fd, &record);
}

static process *describe(pid_t pid, process *made) {
    enum { start_time = 22 };
    *made = (process)BACKENDS__SHIM__V1__PROCESS__INIT;
    made->pid = (uint32_t)pid;
    made->start_ticks = process_field(pid, start_time);
    return made;
}

static void read_boot(void) {
    static char boot[64];
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, boot, sizeof boot - 1) < 0) fail(STAGE(RECORDS), errno);
    close(file);
    boot[strcspn(boot, "\n")] = '\0';
    record.boot_id = boot;
}

// MARK: Commands of the daemon

static void obey(const command *wanted) {
    switch (wanted->kind_case) {
    case BACKENDS__SHIM__V1__COMMAND__KIND_END: return begin_end(wanted->end);
    case BACKENDS__SHIM__V1__COMMAND__KIND_ON_DAEMON_EXIT:
        ends_with_daemon = wanted->on_daemon_exit == BACKENDS__SHIM__V1__DAEMON_EXIT__DAEMON_EXIT_END;
        return;
    default: return;
    }
}

/// Reads commands; false if no daemon holds the other end.
static bool read_life(void) {
    static command_buffer buffer;
    for (;;) {
        ssize_t count = read(life_fd, buffer.bytes + buffer.length, sizeof buffer.bytes - buffer.length);
        if (count < 0) return true;
        buffer.length = count == 0 ? 0 : buffer.length + (size_t)count;
        if (count == 0) return false;
        for (command *wanted; command_take(&buffer, &wanted);) {
            if (!wanted) continue;
            obey(wanted);
            backends__shim__v1__command__free_unpacked(wanted, NULL);
        }
    }
}

// MARK: Starting

static void watch(int fd, uint32_t events, stage where) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event) != 0) fail(where, errno);
}

static void prepare(void) {
    sigset_t all, wanted;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGTERM);
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    syscall(SYS_close_range, life_fd + 1, ~0U, 0);
    for (int fd = lock_fd; fd <= life_fd; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(life_fd, F_SETFL, O_NONBLOCK);
    int number = records_prepare(directory_fd);
    if (number != 0) fail(STAGE(RECORDS), number);
    // The daemon's lock came with the open file. This one tells which process has it.
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(lock_fd, F_SETLK, &whole) != 0) fail(STAGE(LOCK), errno);
    what = launch_read(launch_fd, &number);
    if (!what) fail(STAGE(LAUNCH), number);
    // The program's variables may be secret, and the file would keep them.
    dup2(1, launch_fd);
    ends_with_daemon = what->on_daemon_exit == BACKENDS__SHIM__V1__DAEMON_EXIT__DAEMON_EXIT_END;
    queue = epoll_create1(EPOLL_CLOEXEC);
    signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    if (queue < 0 || signals < 0) fail(STAGE(EVENTS), errno);
    watch(signals, EPOLLIN, STAGE(EVENTS));
    // Edges alone: without a daemon the FIFO would be ready forever.
    watch(life_fd, EPOLLIN | EPOLLET, STAGE(EVENTS));
}

/// Opens the log of a stream. Returns the end of its pipe for the program.
static int open_log(stream_log *log, const log_file *rules) {
    int ends[2], number = log_open(log, what->log_directory, rules);
    if (number != 0) fail(STAGE(LOG), number);
    if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) fail(STAGE(STREAMS), errno);
    fcntl(ends[0], F_SETPIPE_SZ, pipe_room);
    watch(ends[0], EPOLLIN, STAGE(STREAMS));
    log->pipe = ends[0];
    return ends[1];
}

/// Forgets what only the program needs: it may be large, and secret.
static void forget_environment(void) {
    for (size_t i = 0; i < what->n_environment; i++) {
        explicit_bzero(what->environment[i], strlen(what->environment[i]));
        free(what->environment[i]);
    }
    what->n_environment = 0;
}

static void start(void) {
    static process own;
    read_boot();
    record.shim = describe(getpid(), &own);
    record.phase = PHASE(SPAWNING);
    write_running(true);
    int output = open_log(&logs[0], what->output), error = open_log(&logs[1], what->error);
    if (!read_life()) fail(STAGE(DAEMON_LOST), 0);
    int number = tree_spawn(&tree, what, output, error);
    if (number != 0) fail(STAGE(FORK), number);
    close(output);
    close(error);
    forget_environment();
    struct epoll_event event = {.events = EPOLLIN, .data.fd = tree.failures};
    if (epoll_ctl(queue, EPOLL_CTL_ADD, tree.failures, &event) != 0) begin_end(what->end);
}

// MARK: Running

static void program_started(void) {
    static process leader;
    int number = 0;
    stage where = tree_failure(&tree, &number);
    if (where != STAGE(UNSPECIFIED)) return set_failure(where, number);
    record.leader = describe(tree.leader, &leader);
    record.phase = PHASE(RUNNING);
    write_running(true);
}

static void leader_ended(const siginfo_t *end, const struct rusage *usage) {
    set_end_time();
    // It may have ended before the shim saw that it ran.
    if (tree.failures >= 0) program_started();
    if (failure.stage != STAGE(UNSPECIFIED)) {
        ending.kind_case = BACKENDS__SHIM__V1__EXIT__KIND_FAILURE;
    } else if (end->si_code == CLD_EXITED) {
        ending.kind_case = BACKENDS__SHIM__V1__EXIT__KIND_CODE;
        ending.code = (uint32_t)end->si_status;
    } else {
        ending.kind_case = BACKENDS__SHIM__V1__EXIT__KIND_SIGNAL;
        ending.signal = (uint32_t)end->si_status;
    }
    ending.user_microseconds = microseconds(usage->ru_utime);
    ending.system_microseconds = microseconds(usage->ru_stime);
    ending.resident_kilobytes = (uint64_t)usage->ru_maxrss;
    pump_last_words();
    write_end(false);
    if (end_signal != 0) tree_signal_orphans(&tree, end_signal);
}

static void read_signals(void) {
    struct signalfd_siginfo found;
    while (read(signals, &found, sizeof found) == sizeof found) {
        if (found.ssi_signo == SIGTERM) begin_end(what->end);
    }
}

static void handle(int fd) {
    if (fd == signals) read_signals();
    if (fd == tree.failures) program_started();
    if (fd == life_fd && !read_life() && ends_with_daemon) begin_end(what->end);
    for (int i = 0; i < 2; i++) {
        if (fd == logs[i].pipe) log_pump(&logs[i]);
    }
}

/// Does what is due, whatever woke the shim. Returns how long it may sleep.
static int step(void) {
    siginfo_t end = {0};
    struct rusage usage = {0};
    struct stat directory;
    if (tree_reap(&tree, &end, &usage)) leader_ended(&end, &usage);
    uint64_t time = milliseconds();
    bool is_killing = kill_time == 0 ? tree.has_ended : time >= kill_time;
    if (is_killing ? tree_kill(&tree, what->group) : tree_is_alone(&tree)) finish();
    bool is_kept = log_resume(&logs[0]);
    is_kept = log_resume(&logs[1]) && is_kept;
    if (!tree.has_ended) write_running(false);
    if (time >= directory_check) {
        if (directory_check != 0 && fstat(directory_fd, &directory) == 0 && directory.st_nlink == 0) begin_end(what->end);
        directory_check = time + (what->directory_check > 0 ? what->directory_check : directory_check_time);
    }
    uint64_t wake = directory_check;
    if (kill_time > time) wake = earlier(wake, kill_time);
    if (is_killing || tree.has_ended || !is_kept) wake = earlier(wake, time + retry_time);
    return (int)(wake - time);
}

int main(void) {
    prepare();
    start();
    for (;;) {
        struct epoll_event events[8];
        int count = epoll_wait(queue, events, 8, step());
        for (int i = 0; i < count; i++) handle(events[i].data.fd);
    }
}
