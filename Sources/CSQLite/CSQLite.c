// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSQLite.h"

#include <dlfcn.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct csqlite_library {
    __typeof__(sqlite3_open_v2) *open_v2;
    __typeof__(sqlite3_close) *close;
    __typeof__(sqlite3_errmsg) *errmsg;
    __typeof__(sqlite3_errstr) *errstr;
    __typeof__(sqlite3_extended_result_codes) *extended_result_codes;
    __typeof__(sqlite3_db_config) *db_config;
    __typeof__(sqlite3_prepare_v2) *prepare_v2;
    __typeof__(sqlite3_bind_text) *bind_text;
    __typeof__(sqlite3_bind_int64) *bind_int64;
    __typeof__(sqlite3_step) *step;
    __typeof__(sqlite3_column_count) *column_count;
    __typeof__(sqlite3_column_type) *column_type;
    __typeof__(sqlite3_column_int64) *column_int64;
    __typeof__(sqlite3_column_text) *column_text;
    __typeof__(sqlite3_column_bytes) *column_bytes;
    __typeof__(sqlite3_finalize) *finalize;
};

struct csqlite_database {
    const csqlite_library *library;
    sqlite3 *connection;
    int system_error;
};

struct csqlite_statement {
    const csqlite_library *library;
    csqlite_database *database;
    sqlite3_stmt *statement;
};

static bool load(csqlite_library *library, void *handle, const char **missing) {
#define FIND(function)                                                      \
    do {                                                                    \
        *(void **)&library->function = dlsym(handle, "sqlite3_" #function); \
        if (library->function == NULL) {                                    \
            *missing = "sqlite3_" #function;                                \
            return false;                                                   \
        }                                                                   \
    } while (0)
    FIND(open_v2);
    FIND(close);
    FIND(errmsg);
    FIND(errstr);
    FIND(extended_result_codes);
    FIND(db_config);
    FIND(prepare_v2);
    FIND(bind_text);
    FIND(bind_int64);
    FIND(step);
    FIND(column_count);
    FIND(column_type);
    FIND(column_int64);
    FIND(column_text);
    FIND(column_bytes);
    FIND(finalize);
#undef FIND
    return true;
}

csqlite_library *csqlite_library_open(const char *name, char *problem, size_t capacity) {
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == NULL) {
        const char *text = dlerror();
        snprintf(problem, capacity, "%s", text != NULL ? text : "no reason given");
        return NULL;
    }
    csqlite_library *library = calloc(1, sizeof *library);
    const char *missing = "memory";
    if (library == NULL || !load(library, handle, &missing)) {
        snprintf(problem, capacity, "%s: there is no %s in it", name, missing);
        free(library);
        return NULL;
    }
    return library;
}

void csqlite_library_close(csqlite_library *library) { free(library); }

static csqlite_result result_of(int code) {
    switch (code & 0xff) {
        case SQLITE_OK:
        case SQLITE_DONE: return CSQLITE_DONE;
        case SQLITE_ROW: return CSQLITE_ROW;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return CSQLITE_DAMAGED;
        case SQLITE_FULL: return CSQLITE_FULL;
        case SQLITE_ERROR:
        case SQLITE_SCHEMA:
        case SQLITE_MISMATCH: return CSQLITE_UNFIT;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return CSQLITE_BUSY;
        default: return CSQLITE_FAILED;
    }
}

csqlite_database *csqlite_open(
    const csqlite_library *library, const char *path, csqlite_result *result, char *problem, size_t capacity) {
    sqlite3 *connection = NULL;
    int code = library->open_v2(
        path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
    csqlite_database *database = code == SQLITE_OK ? calloc(1, sizeof *database) : NULL;
    if (database == NULL) {
        *result = code == SQLITE_OK ? CSQLITE_FAILED : result_of(code);
        snprintf(problem, capacity, "%s", library->errstr(code == SQLITE_OK ? SQLITE_NOMEM : code));
        library->close(connection);
        return NULL;
    }
    library->extended_result_codes(connection, 1);
    // Closing a damaged file must not take its log away.
    library->db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
    database->library = library;
    database->connection = connection;
    *result = CSQLITE_DONE;
    return database;
}

void csqlite_close(csqlite_database *database) {
    database->library->close(database->connection);
    free(database);
}

const char *csqlite_message(csqlite_database *database) { return database->library->errmsg(database->connection); }

int csqlite_system_error(csqlite_database *database) { return database->system_error; }

// SQLite's own record of the system's error misses those of a commit, and of opening the log.
static void keep_system_error(csqlite_database *database, int code) {
    int primary = code & 0xff;
    database->system_error = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ? errno : 0;
}

csqlite_statement *csqlite_prepare(csqlite_database *database, const char *sql, csqlite_result *result) {
    sqlite3_stmt *prepared = NULL;
    errno = 0;
    int code = database->library->prepare_v2(database->connection, sql, -1, &prepared, NULL);
    keep_system_error(database, code);
    csqlite_statement *statement = code == SQLITE_OK ? calloc(1, sizeof *statement) : NULL;
    if (statement == NULL) {
        database->library->finalize(prepared);
        *result = code == SQLITE_OK ? CSQLITE_FAILED : result_of(code);
        return NULL;
    }
    statement->library = database->library;
    statement->database = database;
    statement->statement = prepared;
    *result = CSQLITE_DONE;
    return statement;
}

csqlite_result csqlite_bind_text(csqlite_statement *statement, int place, const char *text, size_t count) {
    return result_of(
        statement->library->bind_text(statement->statement, place, text, (int)count, SQLITE_TRANSIENT));
}

csqlite_result csqlite_bind_integer(csqlite_statement *statement, int place, int64_t number) {
    return result_of(statement->library->bind_int64(statement->statement, place, number));
}

csqlite_result csqlite_step(csqlite_statement *statement) {
    errno = 0;
    int code = statement->library->step(statement->statement);
    keep_system_error(statement->database, code);
    return result_of(code);
}

int csqlite_columns(csqlite_statement *statement) { return statement->library->column_count(statement->statement); }

csqlite_type csqlite_column_type(csqlite_statement *statement, int column) {
    switch (statement->library->column_type(statement->statement, column)) {
        case SQLITE_INTEGER: return CSQLITE_INTEGER;
        case SQLITE_NULL: return CSQLITE_NULL;
        default: return CSQLITE_TEXT;
    }
}

int64_t csqlite_column_integer(csqlite_statement *statement, int column) {
    return statement->library->column_int64(statement->statement, column);
}

const char *csqlite_column_text(csqlite_statement *statement, int column, size_t *count) {
    const unsigned char *text = statement->library->column_text(statement->statement, column);
    *count = text == NULL ? 0 : (size_t)statement->library->column_bytes(statement->statement, column);
    return (const char *)text;
}

void csqlite_finish(csqlite_statement *statement) {
    statement->library->finalize(statement->statement);
    free(statement);
}
