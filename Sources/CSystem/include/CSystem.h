// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What Swift's Glibc module does not show: Linux calls outside POSIX, macros with arguments, variadic functions.
// Every declaration is our own, so that no GNU structure becomes part of a Swift interface.
// Unless said otherwise a function returns -1 and sets errno when it fails, and retries nothing.

#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Threads

/// An integer that no other live thread of the process has.
static inline uintptr_t csys_thread_self(void) { return (uintptr_t)__builtin_thread_pointer(); }

/// A thread that must be joined once.
typedef struct {
    uintptr_t handle;
} csys_thread;

/// Starts `count` threads at a time, which end at once. Returns 0, or the error number of the first that cannot be started.
int csys_try_threads(int count);

/// Starts a thread named `name` (15 bytes are kept) that blocks every asynchronous signal and calls `body(context)`.
/// Returns 0 or an error number.
int csys_thread_start(
    csys_thread *thread, const char *name, void (*body)(void *_Nullable context), void *_Nullable context);

/// Waits until the thread has ended. Returns 0 or an error number.
int csys_thread_join(csys_thread thread);
/// Lets the thread end by itself, instead of joining it. Returns 0 or an error number.
int csys_thread_detach(csys_thread thread);

// Readiness

enum {
    CSYS_READABLE = 0x001,
    CSYS_WRITABLE = 0x004,
    CSYS_ERROR = 0x008,
    CSYS_HANGUP = 0x010,
    CSYS_PEER_CLOSED_WRITE = 0x2000,
};

/// One ready descriptor: the tag it was added with and what it is ready for.
typedef struct {
    uint64_t tag;
    uint32_t events;
    uint32_t reserved;
} csys_ready;

int csys_epoll_create(void);
int csys_epoll_add(int epoll, int fd, uint32_t events, bool edge_triggered, uint64_t tag);
int csys_epoll_modify(int epoll, int fd, uint32_t events, uint64_t tag);
int csys_epoll_remove(int epoll, int fd);

/// Waits at most `timeout` nanoseconds, without limit when it is negative, and fills at most 256 entries of `ready`.
/// Returns how many; an interrupting signal counts as none.
int csys_epoll_wait(int epoll, csys_ready *ready, int capacity, int64_t timeout);

/// A non-blocking eventfd.
int csys_eventfd_create(void);
/// Adds one to an eventfd. Never blocks; a counter that is full is success.
int csys_eventfd_signal(int fd);

/// Waits until `fd` is ready for one of `events` (`CSYS_…`), at most `timeout` nanoseconds, without limit when negative.
/// Returns the events, 0 when the time is over; fails with EINTR.
int csys_poll(int fd, uint32_t events, int64_t timeout);

// Signals

/// Blocks the signals in the calling thread.
/// Returns 0 or an error number.
int csys_signals_block(const int *signals, size_t count);
/// Lets every signal through to the calling thread again. Returns an error number.
int csys_signals_unblock(void);

/// Unblocks a signal in the calling thread and sends it there.
/// Returns 0 or an error number if the signal has not ended the process.
int csys_signal_raise(int signal);
/// A non-blocking signalfd for the signals.
int csys_signalfd_create(const int *signals, size_t count);
/// Takes one signal. Returns its number, 0 when there is none.
int csys_signalfd_read(int fd, int32_t *sender_pid, uint32_t *sender_uid);

// Sockets

/// A stream socket of the Unix domain, close-on-exec.
int csys_unix_socket(bool non_blocking);
/// A connected pair of stream sockets, close-on-exec.
int csys_unix_pair(bool non_blocking, int fds[_Nonnull 2]);
/// Binds to a path of `length` bytes. ENAMETOOLONG when it does not fit.
int csys_unix_bind(int fd, const char *path, size_t length);
/// Connects to a path of `length` bytes. ENAMETOOLONG when it does not fit.
int csys_unix_connect(int fd, const char *path, size_t length);
/// The most bytes a socket path may have.
size_t csys_unix_path_limit(void);
/// Begins to connect over TCP to a numeric address of version 4 or 6. Returns a socket, non-blocking and close-on-exec; it is
/// writable when it is connected or has failed. EINVAL when the address is not numeric.
int csys_tcp_connect(const char *address, uint16_t port);
/// Why connecting a socket has failed; 0 when it has not.
int csys_socket_error(int fd);
/// Accepts a connection, non-blocking and close-on-exec.
int csys_accept(int fd);
/// 1 when `fd` is a Unix stream socket that listens, 0 when it is something else.
int csys_is_unix_listener(int fd);
int csys_peer_credentials(int fd, int32_t *pid, uint32_t *uid, uint32_t *gid);
/// A pidfd of the connected peer; ENOPROTOOPT on kernels before 6.5.
int csys_peer_pidfd(int fd);
/// Limits how long a blocking send (and connect), or receive, may wait; 0 is without limit.
int csys_set_send_timeout(int fd, int64_t nanoseconds);

/// Sends bytes with up to 16 descriptors attached. Returns the number of bytes sent.
ptrdiff_t csys_send_descriptors(int fd, const void *bytes, size_t length, const int *fds, size_t count);
/// Receives bytes and at most `capacity` (up to 16) descriptors, close-on-exec; more are closed and *truncated is set.
/// Returns the number of bytes received.
ptrdiff_t csys_receive_descriptors(
    int fd, void *bytes, size_t length, int *fds, size_t capacity, size_t *count, bool *truncated);

/// Sends one datagram to a Unix address: a path, or an abstract name when the first byte is '@'. Waits at most five
/// seconds for room at the receiver's.
int csys_notify(const char *address, size_t address_length, const void *bytes, size_t length);

// Processes

int csys_pidfd_open(int32_t pid);
int csys_pidfd_signal(int pidfd, int signal);
/// The niceness of this process.
int csys_niceness(void);

enum { CSYS_RUNNING = 0, CSYS_EXITED = 1, CSYS_SIGNALED = 2 };

/// Reaps the child behind a pidfd. Returns CSYS_EXITED with its code, CSYS_SIGNALED with the signal, or CSYS_RUNNING
/// when `block` is false and the child lives on.
int csys_pidfd_reap(int pidfd, bool block, int32_t *value);

/// The same without reaping: how a child has ended, or CSYS_RUNNING. Never blocks.
int csys_pidfd_peek(int pidfd, int32_t *value);

/// How to start a program.
typedef struct {
    const char *path;                             ///< Searched in PATH when it has no slash.
    char *_Nullable const *_Nonnull arguments;    ///< Ends with NULL.
    char *_Nullable const *_Nonnull environment;  ///< Ends with NULL.
    const char *_Nullable directory;              ///< The working directory; NULL: this process's.
    int standard[3];                              ///< Become 0, 1 and 2; -1 stays as it is here, -2 is /dev/null.
    const int *_Nullable more;                    ///< Become 3, 4 and so on.
    int more_count;                               ///< How many those are.
    bool new_session;                             ///< Makes the child the leader of its own session.
    const char *_Nullable group;                  ///< The directory of its control group; NULL: ours.
    uint64_t lock_limit;                          ///< Its soft limit of file locks; UINT64_MAX: ours.
} csys_spawn;

/// Starts a program with default signals, an empty signal mask, no further descriptors, and the limit of descriptors that was in
/// force before csys_raise_descriptor_limit. Gives its number and a pidfd, close-on-exec. Returns 0 or an error number, a negative one
/// when the group could not be joined.
int csys_process_spawn(const csys_spawn *how, int32_t *pid, int *pidfd);

/// The process's environment; ends with NULL.
char *_Nullable const *_Nullable csys_environment(void);

// Files

/// Writes to a pipe that does not block, without a signal if nothing reads from it. Returns as `write`.
int64_t csys_pipe_write(int pipe, const void *_Nullable bytes, size_t length);
/// A file in memory with these bytes, which cannot be changed. Returns its descriptor, or -1 and errno.
int csys_sealed_file(const char *name, const void *_Nullable bytes, size_t length);
/// A non-blocking inotify descriptor.
int csys_inotify_create(void);
/// Watches what is written to a file or cut off it, and whether its name is removed. Returns the watch's number.
int csys_inotify_add(int inotify, const char *path);
/// Watches for names that are made in a directory, removed from it or replaced, and for its own end.
int csys_inotify_add_names(int inotify, const char *directory);
int csys_inotify_remove(int inotify, int watch);
/// Takes events and fills at most `capacity` entries of `watches` with the numbers of their watches; -2 is an event that
/// means that some were lost. Returns how many, 0 when there are none now.
int csys_inotify_read(int inotify, int *watches, int capacity);
/// Opens a directory in another one without following links. With `is_step` it can only be passed through, which needs no
/// permission to read it. A negative `directory` stands for the current one.
int csys_open_directory(int directory, const char *name, bool is_step);
/// Copies `length` bytes from the start of one file to another. Returns 0, or -1 and errno.
int csys_copy(int from, int to, int64_t length);
int64_t csys_file_size(int fd);

/// Whether an address, as text, is one of this host.
bool csys_is_own_address(const char *address);

/// A TCP socket that is bound to a port of 127.0.0.1 and does not listen.
int csys_bind_loopback(uint16_t port);

/// Whether the kernel alone makes the files of a directory, as it does below /proc and /sys, whatever the permissions say.
bool csys_is_of_kernel(int directory);

/// Whether the process may run the program at a path.
bool csys_is_executable(const char *path);
/// Whether the file system at a path is mounted with noexec.
bool csys_is_noexec(const char *path);
/// The process that holds a POSIX lock on a file; 0 if none does, -1 and errno on failure.
int32_t csys_lock_holder(int fd);
/// Takes an exclusive flock without waiting; EWOULDBLOCK if another process holds it.
int csys_flock(int fd);
/// The same for a lock that several can have.
int csys_flock_shared(int fd);
enum { CSYS_ABSENT = 0, CSYS_SOCKET = 1, CSYS_DIRECTORY = 2, CSYS_REGULAR = 3, CSYS_OTHER = 4, CSYS_LINK = 5, CSYS_PIPE = 6 };
/// What is at a path; links are not followed. `mode` gets the permission bits.
int csys_file_kind(const char *path, uint32_t *mode, uint32_t *owner);
/// Opens for reading, close-on-exec.
int csys_open_read(const char *path);
/// The same without waiting for the writer of a pipe; what is read does not block.
int csys_open_read_now(const char *path);
int csys_set_non_blocking(int fd, bool on);
int csys_set_close_on_exec(int fd);

/// The size of a terminal, in characters.
int csys_terminal_size(int fd, uint16_t *columns, uint16_t *rows);
/// Raises the limit of open descriptors as far as the process may; programs that it starts get the one before. Returns the limit
/// in force.
int64_t csys_raise_descriptor_limit(void);
/// The limit before it was raised; UINT64_MAX when it was not.
uint64_t csys_original_descriptor_limit(void);

/// How much memory the limits of the process leave; UINT64_MAX stands for no limit.
typedef struct {
    uint64_t address_space;
    uint64_t address_space_used;
    uint64_t data;
    uint64_t data_used;
    uint64_t thread_stack;  ///< What the stack of a thread takes.
} csys_memory;

/// How large the stack of the main thread may become, UINT64_MAX without a limit.
uint64_t csys_stack_limit(void);
/// Makes all threads share one heap; otherwise each reserves an address space of 64 MiB or more for its own.
void csys_share_heap(void);
/// Makes each heap keep up to `bytes` free bytes at its end. Blocks of up to `largest` bytes are taken from the heap too, instead of being
/// mapped at each use.
void csys_keep_heap(size_t bytes, size_t largest);
/// Gives the free pages of all heaps back to the system. Others that need a heap wait for it.
void csys_trim_heap(void);
/// Unmaps the pages of programs and libraries that cannot be written to. The system maps those again that are used.
void csys_release_code(void);

/// Returns false when the system does not say.
bool csys_memory_room(csys_memory *memory);
/// Fills a buffer with random bytes.
int csys_random(void *bytes, size_t length);
/// Nanoseconds of CLOCK_MONOTONIC.
uint64_t csys_monotonic(void);
/// Blocks the thread for `nanoseconds`, whatever signals come.
void csys_sleep(uint64_t nanoseconds);
/// Writes the text for an error number, ended by NUL.
void csys_error_text(int code, char *text, size_t capacity);

#pragma clang assume_nonnull end

#endif
