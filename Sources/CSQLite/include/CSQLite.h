// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What Storage uses of SQLite, which is opened while the program runs: a program that keeps no state does not pay for it.
// Every declaration is our own. One thread at a time may use a database.

#ifndef CSQLITE_H
#define CSQLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// An opened SQLite.
typedef struct csqlite_library csqlite_library;
/// An open database.
typedef struct csqlite_database csqlite_database;
/// One statement that runs.
typedef struct csqlite_statement csqlite_statement;

/// What a step or a call found.
typedef enum {
    CSQLITE_DONE,
    CSQLITE_ROW,
    /// The file is not a database, or is damaged.
    CSQLITE_DAMAGED,
    /// The disk is full.
    CSQLITE_FULL,
    /// Another program uses the database.
    CSQLITE_BUSY,
    /// The statement does not fit what is in the file.
    CSQLITE_UNFIT,
    /// It cannot be read or written, for another reason.
    CSQLITE_FAILED,
} csqlite_result;

/// The type of a value in a row.
typedef enum { CSQLITE_NULL, CSQLITE_INTEGER, CSQLITE_TEXT } csqlite_type;

/// Opens the library of that name; it stays loaded. NULL if there is none or it lacks a function; `problem` says why.
csqlite_library *_Nullable csqlite_library_open(const char *name, char *problem, size_t capacity);
/// Releases the handle. No database may be open.
void csqlite_library_close(csqlite_library *library);

/// Opens a database file that exists, to read and write it. NULL if that fails; `result` and `problem` say why.
csqlite_database *_Nullable csqlite_open(
    const csqlite_library *library, const char *path, csqlite_result *result, char *problem, size_t capacity);
/// Closes it. No statement may be left.
void csqlite_close(csqlite_database *database);
/// What went wrong last.
const char *csqlite_message(csqlite_database *database);
/// The error number of the system call that failed last; 0 if none did.
int csqlite_system_error(csqlite_database *database);

/// Makes one statement. NULL if that fails.
csqlite_statement *_Nullable csqlite_prepare(csqlite_database *database, const char *sql, csqlite_result *result);
/// Sets a parameter; the first is 1. The bytes are copied.
csqlite_result csqlite_bind_text(csqlite_statement *statement, int place, const char *text, size_t count);
csqlite_result csqlite_bind_integer(csqlite_statement *statement, int place, int64_t number);
/// Runs the statement until its next row or its end.
csqlite_result csqlite_step(csqlite_statement *statement);
/// The current row; the first column is 0. A text is valid until the next step.
int csqlite_columns(csqlite_statement *statement);
csqlite_type csqlite_column_type(csqlite_statement *statement, int column);
int64_t csqlite_column_integer(csqlite_statement *statement, int column);
const char *_Nullable csqlite_column_text(csqlite_statement *statement, int column, size_t *count);
/// Ends the statement.
void csqlite_finish(csqlite_statement *statement);

#pragma clang assume_nonnull end

#endif
