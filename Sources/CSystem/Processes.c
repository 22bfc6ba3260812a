// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
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

int csys_niceness(void) { return getpriority(PRIO_PROCESS, 0); }

static int wait_for_pidfd(int pidfd, int options, int32_t *value) {
    siginfo_t info = {0};
    int result;
    do {
        result = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | options);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -1;
    *value = info.si_status;
    if (info.si_pid == 0) return CSYS_RUNNING;
    return info.si_code == CLD_EXITED ? CSYS_EXITED : CSYS_SIGNALED;
}

int csys_pidfd_reap(int pidfd, bool block, int32_t *value) {
    return wait_for_pidfd(pidfd, block ? 0 : WNOHANG, value);
}

int csys_pidfd_peek(int pidfd, int32_t *value) { return wait_for_pidfd(pidfd, WNOHANG | WNOWAIT, value); }

char *const *csys_environment(void) { return environ; }
