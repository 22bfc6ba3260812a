// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int csys_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int csys_pidfd_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

static int wait_for_pidfd(int pidfd, int options, int32_t *value) {
    siginfo_t info = {0};
    int result;
    do {
        result = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | options);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -1;
    *value = info.si_status;
    if (info.si_pid == 0) return CSYS_RUNNING;
    return info.si_code == CLD_EXITED ? CSYS_EXITED : CSYS_SIGNALLED;
}

int csys_pidfd_reap(int pidfd, bool block, int32_t *value) {
    return wait_for_pidfd(pidfd, block ? 0 : WNOHANG, value);
}

int csys_pidfd_peek(int pidfd, int32_t *value) { return wait_for_pidfd(pidfd, WNOHANG | WNOWAIT, value); }

int csys_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

/// What the child's descriptors 0, 1 and 2 become. Returns 0 or an error number.
static int standard_streams(posix_spawn_file_actions_t *actions, const csys_spawn *how) {
    int sources[3];
    // A source among 0, 1 and 2 that goes elsewhere could be covered before it is copied.
    for (int i = 0; i < 3; i++) {
        sources[i] = how->standard[i];
        if (sources[i] >= 0 && sources[i] < 3 && sources[i] != i) return EINVAL;
    }
    for (int i = 0; i < 3; i++) {
        int error = 0;
        if (sources[i] == -2) {
            error = posix_spawn_file_actions_addopen(actions, i, "/dev/null", i == 0 ? O_RDONLY : O_WRONLY, 0);
        } else if (sources[i] >= 0) {
            error = posix_spawn_file_actions_adddup2(actions, sources[i], i);
        }
        if (error != 0) return error;
    }
    return 0;
}

static int spawn_attributes(posix_spawnattr_t *attributes, const csys_spawn *how) {
    sigset_t set;
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if (how->new_session) flags |= POSIX_SPAWN_SETSID;
    sigemptyset(&set);
    int error = posix_spawnattr_setsigmask(attributes, &set);
    if (error != 0) return error;
    sigfillset(&set);
    error = posix_spawnattr_setsigdefault(attributes, &set);
    if (error != 0) return error;
    return posix_spawnattr_setflags(attributes, flags);
}

int csys_process_spawn(const csys_spawn *how, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    error = standard_streams(&actions, how);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (error == 0 && how->directory) error = posix_spawn_file_actions_addchdir_np(&actions, how->directory);
    if (error == 0) error = spawn_attributes(&attributes, how);
    if (error == 0) error = posix_spawnp(pid, how->path, &actions, &attributes, how->arguments, how->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

char *const *csys_environment(void) { return environ; }
