// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// The shim of one instance: the parent of its program, the reaper of its descendants, and the writer of its log files. It outlives
// the daemon. It has one thread, and what others may know of it is in the directory of the instance.

#pragma once

#include "backends/shim/v1/shim.pb-c.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/// The descriptors that the daemon passes.
enum { launch_fd = 0, lock_fd = 3, directory_fd = 4, life_fd = 5 };
enum { message_version = 1 };

typedef Backends__Shim__V1__Launch launch;
typedef Backends__Shim__V1__LogFile log_file;
typedef Backends__Shim__V1__Command command;
typedef Backends__Shim__V1__Process process;
typedef Backends__Shim__V1__Running running;
typedef Backends__Shim__V1__Exit exit_record;
typedef Backends__Shim__V1__Stage stage;
#define STAGE(NAME) BACKENDS__SHIM__V1__STAGE__STAGE_##NAME
#define PHASE(NAME) BACKENDS__SHIM__V1__PHASE__PHASE_##NAME

// MARK: Launch.c

/// Reads what to start from a sealed file; NULL with an error number if it is damaged, too long or of another version.
launch *launch_read(int fd, int *error);
launch *launch_decode(const uint8_t *bytes, size_t length, int *error);

// MARK: Commands.c

/// What was read of the daemon's commands and not taken yet. It always has room for one more byte than the longest command that is not
/// whole.
typedef struct {
    uint8_t bytes[512];
    size_t length;
} command_buffer;

/// Takes the next command, if it is there as a whole: then returns true. `*taken` is NULL if it means nothing to this shim.
bool command_take(command_buffer *buffer, command **taken);

// MARK: Records.c

/// Makes room for the records. Returns an error number.
int records_prepare(int directory);
/// Writes the record of an instance that has not ended; false if it could not be written.
bool records_running(int directory, const running *record);
/// Writes the record of an instance that has ended: twice at most.
void records_exit(int directory, const exit_record *record);
/// A number, from the fourth on, in /proc/PID/stat; 0 if there is no such process.
uint64_t process_field(pid_t pid, int number);

// MARK: Tree.c

typedef struct {
    pid_t leader;  ///< The program's process, which leads a session; 0 before it is made and after it was reaped.
    int failures;  ///< Where the process reports why it could not run the program: at its end once it runs; -1 when not open.
    bool has_ended;  ///< The leader is dead. It keeps its process ID until nothing else is left.
} process_tree;

/// Makes the process that runs the program. Returns an error number.
int tree_spawn(process_tree *tree, const launch *what, int output, int error);
/// Why the program could not be run, once `failures` is readable; STAGE_UNSPECIFIED if it runs.
stage tree_failure(process_tree *tree, int *error);
/// Reaps descendants that have ended, until the leader is found dead: then returns true, and how it ended. The leader is not reaped.
bool tree_reap(process_tree *tree, siginfo_t *end, struct rusage *usage);
/// Sends a signal to the leader's process group.
void tree_signal(const process_tree *tree, int signal);
/// Sends a signal to the orphans that have left that group, once the leader has ended.
void tree_signal_orphans(const process_tree *tree, int signal);
/// Whether nothing is left but the dead leader.
bool tree_is_alone(const process_tree *tree);
/// Kills what is left. Returns whether nothing was left; call again until it does.
bool tree_kill(const process_tree *tree, const char *group);

// MARK: Log.c

typedef struct {
    const log_file *rules;
    const char *path;  ///< The directory of the file, which stays open.
    int directory;
    int file;
    uint64_t size;
    bool is_at_line_start;
    int pipe;  ///< Where the program's output arrives; -1 after its end.
    int error;  ///< Why output is being dropped now; 0 while nothing is.
    uint64_t dropped;  ///< Bytes dropped since output was last kept.
    uint64_t dropped_before;  ///< Bytes dropped before.
} stream_log;

/// Opens the file of a stream. Returns an error number.
int log_open(stream_log *log, const char *path, const log_file *rules);
/// Moves what the program wrote into the file; true if there may be more. Never waits.
bool log_pump(stream_log *log);
/// Tries to write how much was dropped; true when nothing is being dropped now.
bool log_resume(stream_log *log);
