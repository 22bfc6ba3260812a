// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// Starting a program. The child shares our memory until it runs the program, and we stand still meanwhile. So it makes system calls
// and nothing else, and sanitizers leave its code alone. It can do what posix_spawn cannot: give back the limit of descriptors.
//
// A child with a control group has a copy of our memory, because the C library's `clone` cannot make it in its group, and `clone3` without
// a wrapper cannot give it a stack of its own. What it reports is in memory that is shared all the same.

/// The C library's `clone`, by the name under which sanitizers do not replace it: theirs allows no shared memory.
extern int __clone(int (*body)(void *), void *stack, int flags, void *argument, ...);

enum { stack_size = 64 << 10, guard_size = 64 << 10, signal_count = 64, signal_set_size = 8 };
/// For kernels without a call that closes all.
enum { descriptors_closed_one_by_one = 65536 };

/// At the upper end of the child's stack, which its size therefore aligns.
typedef struct {
    _Alignas(16) const csys_spawn *how;
    const char *search;  ///< The directories in which a name without a slash is looked for.
    uint64_t descriptors;  ///< The limit that it gets; UINT64_MAX stands for ours.
    bool is_in_group;
    int error;
} start;

#define CHILD_CODE __attribute__((disable_sanitizer_instrumentation, noinline)) static

/// What the child's first descriptors become; all others are closed.
CHILD_CODE bool child_streams(const csys_spawn *how) {
    const int *standard = how->standard;
    const int next = 3 + how->more_count;
    for (int i = 0; i < 3; i++) {
        if (standard[i] >= 3 && syscall(SYS_dup3, standard[i], i, 0) < 0) return false;
    }
    for (int i = 3; i < next; i++) {
        if (syscall(SYS_dup3, how->more[i - 3], i, 0) < 0) return false;
    }
    // Before anything is opened, so that there is room in a full table.
    if (syscall(SYS_close_range, next, ~0U, 0) < 0) {
        if (errno != ENOSYS) return false;
        for (int number = next; number < descriptors_closed_one_by_one; number++) syscall(SYS_close, number);
    }
    for (int i = 0; i < 3; i++) {
        if (standard[i] != -2) continue;
        long null = syscall(SYS_openat, AT_FDCWD, "/dev/null", i == 0 ? O_RDONLY : O_WRONLY, 0);
        if (null < 0) return false;
        if (null == i) continue;
        if (syscall(SYS_dup3, (int)null, i, 0) < 0) return false;
        syscall(SYS_close, (int)null);
    }
    return true;
}

CHILD_CODE bool child_group(const char *group) {
    if (!group) return true;
    long directory = syscall(SYS_openat, AT_FDCWD, group, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
    if (directory < 0) return false;
    long file = syscall(SYS_openat, (int)directory, "cgroup.procs", O_WRONLY | O_NOFOLLOW, 0);
    if (file < 0) return false;
    // It stands for the process that writes it.
    if (syscall(SYS_write, (int)file, "0", 1) != 1) return false;
    syscall(SYS_close, (int)file);
    return syscall(SYS_close, (int)directory) == 0;
}

CHILD_CODE void child_signals(void) {
    // A zeroed action of the kernel's is the default one, and is at most this long.
    const uint64_t action[8] = {0};
    const uint64_t none = 0;
    for (int number = 1; number <= signal_count; number++) {
        syscall(SYS_rt_sigaction, number, action, NULL, signal_set_size);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, signal_set_size);
}

/// Sets a soft limit, as far as the hard one allows; UINT64_MAX leaves it as it is.
CHILD_CODE bool child_limit(int resource, uint64_t soft) {
    uint64_t limit[2];
    if (soft == UINT64_MAX) return true;
    if (syscall(SYS_prlimit64, 0, resource, NULL, limit) < 0) return false;
    limit[0] = soft < limit[1] ? soft : limit[1];
    return syscall(SYS_prlimit64, 0, resource, limit, NULL) == 0;
}

/// Runs the program from the first directory that has one to run. Returns an error number.
CHILD_CODE int child_search(const csys_spawn *how, const char *search) {
    char path[PATH_MAX];
    bool is_denied = false;
    for (const char *next = search;; next++) {
        size_t length = 0;
        while (*next != '\0' && *next != ':' && length < sizeof path - 1) path[length++] = *next++;
        if (length > 0) path[length++] = '/';
        const char *name = how->path;
        while (*name != '\0' && length < sizeof path) path[length++] = *name++;
        if (length < sizeof path) {
            path[length] = '\0';
            syscall(SYS_execve, path, how->arguments, how->environment);
            if (errno == EACCES) is_denied = true;
            else if (errno != ENOENT && errno != ENOTDIR && errno != ENODEV && errno != ESTALE) return errno;
        }
        while (*next != '\0' && *next != ':') next++;
        if (*next == '\0') return is_denied ? EACCES : ENOENT;
    }
}

CHILD_CODE bool has_slash(const char *path) {
    for (; *path != '\0'; path++) {
        if (*path == '/') return true;
    }
    return false;
}

/// Runs the program. Returns an error number.
CHILD_CODE int child_run(const start *own) {
    const csys_spawn *how = own->how;
    if (how->new_session && syscall(SYS_setsid) < 0) return errno;
    if (how->directory && syscall(SYS_chdir, how->directory) != 0) return errno;
    if (!child_limit(RLIMIT_NOFILE, own->descriptors)) return errno;
    if (!child_limit(RLIMIT_LOCKS, how->lock_limit)) return errno;
    child_signals();
    if (!has_slash(how->path)) return child_search(how, own->search);
    syscall(SYS_execve, how->path, how->arguments, how->environment);
    return errno;
}

CHILD_CODE int child_main(void *argument) {
    start *own = argument;
    if (!child_streams(own->how)) {
        own->error = errno;
    } else if (!own->is_in_group && !child_group(own->how->group)) {
        own->error = -errno;
    } else {
        own->error = child_run(own);
    }
    syscall(SYS_exit_group, 127);
    return 127;
}

/// Makes the child in its group; -1 if the system cannot. To be moved there later, it would wait for all processors, for about ten
/// milliseconds, and we with it.
static pid_t clone_into(const char *group, int *pidfd) {
    int directory = open(group, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) return -1;
    struct clone_args how = {
        .flags = CLONE_INTO_CGROUP | CLONE_VFORK | CLONE_PIDFD,
        .pidfd = (uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = (uint64_t)directory,
    };
    pid_t made = (pid_t)syscall(SYS_clone3, &how, sizeof how);
    if (made != 0) close(directory);
    return made;
}

/// Makes the child and waits until it runs its program, or could not. Returns as csys_process_spawn.
static int clone_child(start *own, pid_t *pid, int *pidfd) {
    const uint64_t all = ~UINT64_C(0);
    uint64_t before;
    // The child would run our handlers.
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, signal_set_size);
    *pid = own->how->group ? clone_into(own->how->group, pidfd) : -1;
    own->is_in_group = *pid >= 0;
    if (*pid == 0) child_main(own);
    if (*pid < 0) {
        *pid = __clone(
            child_main, own, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, own, pidfd);
    }
    int error = *pid < 0 ? errno : own->error;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, signal_set_size);
    if (*pid < 0 || error == 0) return error;
    while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR) {
    }
    close(*pidfd);
    return error;
}

int csys_process_spawn(const csys_spawn *how, pid_t *pid, int *pidfd) {
    for (int i = 0; i < 3; i++) {
        // One of the first three that goes elsewhere could be covered before it is copied.
        if (how->standard[i] >= 0 && how->standard[i] < 3) return EINVAL;
    }
    for (int i = 0; i < how->more_count; i++) {
        if (how->more[i] < 3 + how->more_count) return EINVAL;
    }
    const size_t size = guard_size + stack_size;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return errno;
    // The stack grows down from here.
    start *own = (start *)(memory + size) - 1;
    const char *search = getenv("PATH");
    *own = (start){
        .how = how, .search = search ? search : "/bin:/usr/bin", .descriptors = csys_original_descriptor_limit()};
    int error = mprotect(memory, guard_size, PROT_NONE) == 0 ? clone_child(own, pid, pidfd) : errno;
    munmap(memory, size);
    return error;
}
