// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// MARK: Making the program's process

static bool write_group(const char *group, const char *name, const char *text) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", group, name) >= (int)sizeof path) return false;
    int file = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return false;
    bool is_done = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    close(file);
    return is_done;
}

static bool set_processors(const launch *what) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (size_t i = 0; i < what->n_processors; i++) CPU_SET(what->processors[i], &set);
    return what->n_processors == 0 || sched_setaffinity(0, sizeof set, &set) == 0;
}

static bool set_limits(const launch *what) {
    for (size_t i = 0; i < what->n_limits; i++) {
        const struct rlimit limit = {.rlim_cur = what->limits[i]->soft, .rlim_max = what->limits[i]->hard};
        if (setrlimit((__rlimit_resource_t)what->limits[i]->resource, &limit) != 0) return false;
    }
    return true;
}

static bool set_streams(int output, int error) {
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return null >= 0 && dup2(null, 0) == 0 && dup2(output, 1) == 1 && dup2(error, 2) == 2;
}

static void reset_signals(void) {
    sigset_t none;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Texts as the system takes them: with NULL at their end.
static char **vector(char **texts, size_t count) {
    char **made = realloc(texts, (count + 1) * sizeof *made);
    if (made) made[count] = NULL;
    return made;
}

/// Makes a process, at once in its group if the system can do that: to be moved there later, it would wait for all processors, for
/// about ten milliseconds.
static pid_t make_process(const char *group, bool *is_in_group) {
    int directory = group[0] != '\0' ? open(group, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    struct clone_args how = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)directory};
    pid_t made = directory < 0 ? -1 : (pid_t)syscall(SYS_clone3, &how, sizeof how);
    if (directory >= 0) close(directory);
    *is_in_group = made >= 0 || group[0] == '\0';
    return made < 0 ? fork() : made;
}

/// Becomes the program. Returns where that failed, with an error number in errno.
static stage become(const launch *what, pid_t shim, bool is_in_group, int output, int error) {
    if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return STAGE(SESSION);
    // A shim that died before that request is noticed here.
    if (getppid() != shim) _exit(127);
    if (!is_in_group && !write_group(what->group, "cgroup.procs", "0")) return STAGE(GROUP);
    if (setpriority(PRIO_PROCESS, 0, what->nice) != 0) return STAGE(NICE);
    if (!set_processors(what)) return STAGE(PROCESSORS);
    if (what->directory[0] != '\0' && chdir(what->directory) != 0) return STAGE(DIRECTORY);
    if (!set_streams(output, error)) return STAGE(STREAMS);
    char **arguments = vector(what->arguments, what->n_arguments);
    char **environment = vector(what->environment, what->n_environment);
    reset_signals();
    // Last, because a limit may forbid the steps before it.
    if (!set_limits(what)) return STAGE(LIMITS);
    if (arguments && environment) execve(what->program, arguments, environment);
    return STAGE(PROGRAM);
}

int tree_spawn(process_tree *tree, const launch *what, int output, int error) {
    int ends[2];
    pid_t shim = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    bool is_in_group;
    *tree = (process_tree){.leader = make_process(what->group, &is_in_group), .failures = ends[0]};
    int failed = errno;
    if (tree->leader == 0) {
        int found[2] = {(int)become(what, shim, is_in_group, output, error)};
        found[1] = errno;
        _exit(write(ends[1], found, sizeof found) == sizeof found ? 127 : 126);
    }
    close(ends[1]);
    return tree->leader < 0 ? failed : 0;
}

stage tree_failure(process_tree *tree, int *error) {
    int found[2];
    ssize_t count;
    do {
        count = read(tree->failures, found, sizeof found);
    } while (count < 0 && errno == EINTR);
    close(tree->failures);
    tree->failures = -1;
    if (count != sizeof found) return STAGE(UNSPECIFIED);
    *error = found[1];
    return (stage)found[0];
}

// MARK: Ending it

void tree_signal(const process_tree *tree, int signal) {
    if (tree->leader <= 0) return;
    kill(-tree->leader, signal);
    // A stopped group does not handle signals.
    if (signal != SIGSTOP && signal != SIGTSTP) kill(-tree->leader, SIGCONT);
}

/// Whether a process has left the leader's group, which is the fifth field, and so does not get what is sent to that.
static bool has_left_group(pid_t pid, pid_t leader) { return process_field(pid, 5) != (uint64_t)leader; }

/// Signals (if the number is not 0) and then reaps each child of this process besides the leader, but with another signal than SIGKILL
/// only those that have left its group. Returns how many children there were.
static int for_each_other_child(pid_t leader, int signal) {
    int count = 0;
    DIR *processes = opendir("/proc");
    if (!processes) return -1;
    for (const struct dirent *entry; (entry = readdir(processes));) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid <= 0 || pid == leader || process_field(pid, 4) != (uint64_t)getpid()) continue;
        if (signal == SIGKILL || (signal != 0 && has_left_group(pid, leader))) kill(pid, signal);
        if (waitpid(pid, NULL, WNOHANG) != pid) count++;
    }
    closedir(processes);
    return count;
}

bool tree_reap(process_tree *tree, siginfo_t *end, struct rusage *usage) {
    while (!tree->has_ended) {
        siginfo_t found = {0};
        if (waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) != 0 || found.si_pid == 0) return false;
        if (found.si_pid != tree->leader) {
            waitpid(found.si_pid, NULL, WNOHANG);
            continue;
        }
        // The system call also tells what the process used; the C library's function does not.
        tree->has_ended = syscall(SYS_waitid, P_PID, tree->leader, end, WEXITED | WNOHANG | WNOWAIT, usage) == 0;
        return tree->has_ended;
    }
    return false;
}

void tree_signal_orphans(const process_tree *tree, int signal) { for_each_other_child(tree->leader, signal); }

bool tree_is_alone(const process_tree *tree) { return tree->has_ended && for_each_other_child(tree->leader, 0) == 0; }

bool tree_kill(const process_tree *tree, const char *group) {
    if (group[0] != '\0') write_group(group, "cgroup.kill", "1");
    kill(-tree->leader, SIGKILL);
    return for_each_other_child(tree->leader, SIGKILL) == 0 && tree->has_ended;
}
