// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/types.h>
#include <unistd.h>

enum { name_capacity = 16 };

typedef struct {
    void (*body)(void *);
    void *context;
    char name[name_capacity];
} thread_start;

static void *thread_main(void *argument) {
    thread_start start = *(thread_start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

/// Every signal but those that a faulting instruction raises: those must reach the crash handler.
static void asynchronous_signals(sigset_t *set) {
    static const int synchronous[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
    sigfillset(set);
    for (size_t i = 0; i < sizeof synchronous / sizeof *synchronous; i++) sigdelset(set, synchronous[i]);
}

int csys_thread_start(csys_thread *thread, const char *name, void (*body)(void *), void *context) {
    thread_start *start = calloc(1, sizeof *start);
    if (!start) return ENOMEM;
    start->body = body;
    start->context = context;
    strncpy(start->name, name, name_capacity - 1);

    // The new thread inherits the mask, so there is no moment in which it could take a signal.
    sigset_t blocked, before;
    asynchronous_signals(&blocked);
    int error = pthread_sigmask(SIG_BLOCK, &blocked, &before);
    if (error == 0) {
        pthread_t created;
        error = pthread_create(&created, NULL, thread_main, start);
        if (error == 0) thread->handle = (uintptr_t)created;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (error != 0) free(start);
    return error;
}

static void *wait_and_end(void *gate) {
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

static size_t smallest_stack(void) {
    long least = sysconf(_SC_THREAD_STACK_MIN);
    return least > 0 ? (size_t)least : (size_t)PTHREAD_STACK_MIN;
}

int csys_try_threads(int count) {
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    if (!threads) return ENOMEM;
    // Their stacks are small: what is tried is their number.
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, smallest_stack());
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&gate);
    int started = 0, error = 0;
    while (started < count && error == 0) {
        error = pthread_create(&threads[started], &attributes, wait_and_end, &gate);
        if (error == 0) started++;
    }
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
    pthread_attr_destroy(&attributes);
    free(threads);
    return error;
}

int csys_thread_join(csys_thread thread) { return pthread_join((pthread_t)thread.handle, NULL); }

int csys_thread_detach(csys_thread thread) { return pthread_detach((pthread_t)thread.handle); }

static int signal_set(const int *signals, size_t count, sigset_t *set) {
    sigemptyset(set);
    for (size_t i = 0; i < count; i++) {
        if (sigaddset(set, signals[i]) < 0) return -1;
    }
    return 0;
}

int csys_signals_block(const int *signals, size_t count) {
    sigset_t set;
    if (signal_set(signals, count, &set) < 0) return errno;
    return pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int csys_signals_unblock(void) {
    sigset_t set;
    sigemptyset(&set);
    return pthread_sigmask(SIG_SETMASK, &set, NULL);
}

int csys_signal_raise(int signal) {
    sigset_t set;
    if (signal_set(&signal, 1, &set) < 0) return errno;
    int error = pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    if (error != 0) return error;
    return raise(signal) == 0 ? 0 : errno;
}

int csys_signalfd_create(const int *signals, size_t count) {
    sigset_t set;
    if (signal_set(signals, count, &set) < 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int csys_signalfd_read(int fd, int32_t *sender_pid, uint32_t *sender_uid) {
    struct signalfd_siginfo info;
    ssize_t got;
    do {
        got = read(fd, &info, sizeof info);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return errno == EAGAIN ? 0 : -1;
    if (got != sizeof info) {
        errno = EIO;
        return -1;
    }
    *sender_pid = (int32_t)info.ssi_pid;
    *sender_uid = info.ssi_uid;
    return (int)info.ssi_signo;
}
