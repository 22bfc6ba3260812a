// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What HTTPTransfer uses of libcurl, which is opened while the program runs: a program that never needs it pays nothing.
// Every declaration is our own: no variadic function, no type of libcurl's.

#ifndef CCURL_H
#define CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// An opened libcurl.
typedef struct ccurl_library ccurl_library;
/// Transfers that are driven together, all by one thread.
typedef struct ccurl_multi ccurl_multi;
/// One request and its answer.
typedef struct ccurl_transfer ccurl_transfer;

/// Opens the library of that name; it stays loaded. NULL if there is none or it lacks a function; `problem` says why.
ccurl_library *_Nullable ccurl_library_open(const char *name, char *problem, size_t capacity);
/// Releases the handle. Nothing of the library may be in use.
void ccurl_library_close(ccurl_library *library);

// Many transfers on one event loop

enum { CCURL_IN = 1, CCURL_OUT = 2, CCURL_ERROR = 4 };

/// How transfers ask to be driven. Neither function may call a function of this header.
typedef struct {
    void *context;
    /// Watch a socket for `CCURL_IN`, `CCURL_OUT` or both; stop watching it if `interest` is 0.
    void (*watch)(void *context, int socket, int interest);
    /// Call `ccurl_multi_act` without a socket after `milliseconds`, instead of the time that was asked for before; never
    /// if negative.
    void (*schedule)(void *context, int64_t milliseconds);
} ccurl_driver;

ccurl_multi *_Nullable ccurl_multi_create(ccurl_library *library, const ccurl_driver *driver);
/// Ends it. No transfer may be left in it; the driver is not called.
void ccurl_multi_free(ccurl_multi *multi);
/// A socket is ready for `events`; a negative one: the time that was asked for has come.
void ccurl_multi_act(ccurl_multi *multi, int socket, int events);
/// Takes one transfer that has ended, with its code; NULL if there is none. Remove it afterwards.
ccurl_transfer *_Nullable ccurl_multi_ended(ccurl_multi *multi, int *code);
bool ccurl_multi_add(ccurl_multi *multi, ccurl_transfer *transfer);
void ccurl_multi_remove(ccurl_multi *multi, ccurl_transfer *transfer);

// One transfer

/// Receives an answer. Returning false ends the transfer with `CCURL_REFUSED`.
typedef struct {
    void *context;
    /// One line of a header or trailer, with its end.
    bool (*header)(void *context, const uint8_t *bytes, size_t count);
    /// A piece of the body.
    bool (*body)(void *context, const uint8_t *bytes, size_t count);
} ccurl_receiver;

/// A transfer that reuses nothing of earlier ones: no connection, no session of TLS, no cached name or certificate.
/// It uses no proxy, follows no redirect, reads no netrc, raises no signal and speaks HTTP and HTTPS only.
ccurl_transfer *_Nullable ccurl_transfer_create(ccurl_library *library, const ccurl_receiver *receiver);
/// Ends a transfer that is in no multi.
void ccurl_transfer_free(ccurl_transfer *transfer);

typedef enum {
    CCURL_URL,
    CCURL_METHOD,
    CCURL_UNIX_SOCKET,
    CCURL_CA_FILE,  ///< Replaces the authorities of the system.
    CCURL_CERTIFICATE_FILE,
    CCURL_KEY_FILE,
} ccurl_text;

typedef enum {
    CCURL_CONNECT_TIMEOUT,  ///< Milliseconds for name, connection and handshake.
    CCURL_CONNECT_ONLY,     ///< 1: no request is sent.
    CCURL_HTTP2,            ///< 1: HTTP/2 from the first byte; 0: HTTP/1.1.
    CCURL_VERIFY,           ///< 0: any certificate will do.
    CCURL_NO_BODY,          ///< 1: the answer has no body, as for HEAD.
} ccurl_number;

// These return whether the transfer took it.

bool ccurl_transfer_set_text(ccurl_transfer *transfer, ccurl_text what, const char *text);
bool ccurl_transfer_set_number(ccurl_transfer *transfer, ccurl_number what, long number);
/// The bytes are copied.
bool ccurl_transfer_set_body(ccurl_transfer *transfer, const void *_Nullable bytes, size_t count);
/// `Name: value`; `Name;` without a value, `Name:` to send no such header.
bool ccurl_transfer_add_header(ccurl_transfer *transfer, const char *line);
/// `::host:port`: connects there, whatever the URL names.
bool ccurl_transfer_set_address(ccurl_transfer *transfer, const char *address);

/// What is known of a transfer that has ended with a code.
typedef enum {
    CCURL_SUCCESS,
    CCURL_CONNECT_FAILED,
    CCURL_TLS_FAILED,
    CCURL_TIMED_OUT,
    CCURL_REFUSED,  ///< The receiver wanted no more.
    CCURL_PROTOCOL_FAILED,
} ccurl_outcome;

ccurl_outcome ccurl_transfer_outcome(ccurl_transfer *transfer, int code);
/// The text for the code, or the more precise text of the transfer. It lives as long as the transfer.
const char *ccurl_transfer_error_text(ccurl_transfer *transfer, int code);
/// The error number of the connection that failed; 0 if there is none.
int ccurl_transfer_system_error(ccurl_transfer *transfer);

/// The socket of a transfer that only connected and has not been removed; -1 if there is none.
int ccurl_transfer_socket(ccurl_transfer *transfer);
/// Reads once from it, and drops what comes. Returns a code; a connection that the server has closed is not a success.
int ccurl_transfer_receive(ccurl_transfer *transfer);
/// Whether the code says that there was nothing to read yet.
bool ccurl_would_block(int code);

#pragma clang assume_nonnull end

#endif
