// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "Library.h"

#include <stdlib.h>
#include <string.h>

static size_t header_callback(char *bytes, size_t size, size_t count, void *context) {
    const ccurl_transfer *transfer = context;
    const size_t length = size * count;
    return transfer->receiver.header(transfer->receiver.context, (const uint8_t *)bytes, length) ? length : length + 1;
}

static size_t body_callback(char *bytes, size_t size, size_t count, void *context) {
    const ccurl_transfer *transfer = context;
    const size_t length = size * count;
    // Not 0 when refused: that would be a success for a piece of no bytes.
    return transfer->receiver.body(transfer->receiver.context, (const uint8_t *)bytes, length) ? length : length + 1;
}

// Options that older versions do not know are left out: those have no cache to switch off.
static bool is_accepted(CURLcode code) { return code == CURLE_OK || code == CURLE_UNKNOWN_OPTION; }

static bool set_rules(const ccurl_transfer *transfer) {
    bool good = true;
#define SET(option, value) good = good && is_accepted(transfer->library->easy_setopt(transfer->easy, option, value))
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_SSL_SESSIONID_CACHE, 0L);
    SET(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(CURLOPT_CA_CACHE_TIMEOUT, 0L);
    // A name that is still looked up must not hold the thread when its transfer ends.
    SET(CURLOPT_QUICK_EXIT, 1L);
#endif
    SET(CURLOPT_HTTP09_ALLOWED, 0L);
    SET(CURLOPT_USERAGENT, "backendd");
    SET(CURLOPT_TCP_NODELAY, 1L);
#undef SET
    return good;
}

ccurl_transfer *ccurl_transfer_create(ccurl_library *library, const ccurl_receiver *receiver) {
    ccurl_transfer *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) return NULL;
    transfer->library = library;
    transfer->receiver = *receiver;
    transfer->easy = library->easy_init();
    if (transfer->easy == NULL) {
        free(transfer);
        return NULL;
    }
    library->easy_setopt(transfer->easy, CURLOPT_PRIVATE, (void *)transfer);
    library->easy_setopt(transfer->easy, CURLOPT_ERRORBUFFER, transfer->error_text);
    library->easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, header_callback);
    library->easy_setopt(transfer->easy, CURLOPT_HEADERDATA, (void *)transfer);
    library->easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, body_callback);
    library->easy_setopt(transfer->easy, CURLOPT_WRITEDATA, (void *)transfer);
    if (!set_rules(transfer)) {
        ccurl_transfer_free(transfer);
        return NULL;
    }
    return transfer;
}

void ccurl_transfer_free(ccurl_transfer *transfer) {
    transfer->library->easy_cleanup(transfer->easy);
    transfer->library->slist_free_all(transfer->headers);
    transfer->library->slist_free_all(transfer->addresses);
    free(transfer);
}

static bool set_string(const ccurl_transfer *transfer, CURLoption option, const char *text) {
    return transfer->library->easy_setopt(transfer->easy, option, text) == CURLE_OK;
}

static bool set_long(const ccurl_transfer *transfer, CURLoption option, long number) {
    return transfer->library->easy_setopt(transfer->easy, option, number) == CURLE_OK;
}

bool ccurl_transfer_set_text(ccurl_transfer *transfer, ccurl_text what, const char *text) {
    switch (what) {
        case CCURL_URL: return set_string(transfer, CURLOPT_URL, text);
        case CCURL_METHOD: return set_string(transfer, CURLOPT_CUSTOMREQUEST, text);
        case CCURL_UNIX_SOCKET: return set_string(transfer, CURLOPT_UNIX_SOCKET_PATH, text);
        case CCURL_CA_FILE:
            return set_string(transfer, CURLOPT_CAINFO, text) && set_string(transfer, CURLOPT_CAPATH, NULL);
        case CCURL_CERTIFICATE_FILE: return set_string(transfer, CURLOPT_SSLCERT, text);
        case CCURL_KEY_FILE: return set_string(transfer, CURLOPT_SSLKEY, text);
    }
    return false;
}

bool ccurl_transfer_set_number(ccurl_transfer *transfer, ccurl_number what, long number) {
    switch (what) {
        case CCURL_CONNECT_TIMEOUT: return set_long(transfer, CURLOPT_CONNECTTIMEOUT_MS, number);
        case CCURL_CONNECT_ONLY:
            // The connection is left open for `ccurl_transfer_receive`; removing the transfer closes it.
            return set_long(transfer, CURLOPT_CONNECT_ONLY, number)
                && set_long(transfer, CURLOPT_FORBID_REUSE, number != 0 ? 0 : 1);
        case CCURL_HTTP2:
            return set_long(
                transfer, CURLOPT_HTTP_VERSION,
                number != 0 ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_1_1);
        case CCURL_VERIFY:
            return set_long(transfer, CURLOPT_SSL_VERIFYPEER, number != 0 ? 1 : 0)
                && set_long(transfer, CURLOPT_SSL_VERIFYHOST, number != 0 ? 2 : 0);
        case CCURL_NO_BODY: return set_long(transfer, CURLOPT_NOBODY, number);
    }
    return false;
}

bool ccurl_transfer_set_body(ccurl_transfer *transfer, const void *bytes, size_t count) {
    return transfer->library->easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count) == CURLE_OK
        && transfer->library->easy_setopt(transfer->easy, CURLOPT_COPYPOSTFIELDS, count > 0 ? bytes : "") == CURLE_OK;
}

bool ccurl_transfer_add_header(ccurl_transfer *transfer, const char *line) {
    struct curl_slist *longer = transfer->library->slist_append(transfer->headers, line);
    if (longer == NULL) return false;
    transfer->headers = longer;
    return transfer->library->easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, longer) == CURLE_OK;
}

bool ccurl_transfer_set_address(ccurl_transfer *transfer, const char *address) {
    struct curl_slist *longer = transfer->library->slist_append(transfer->addresses, address);
    if (longer == NULL) return false;
    transfer->addresses = longer;
    return transfer->library->easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, longer) == CURLE_OK;
}

// An alert of the peer, for example about a missing certificate, can arrive after the handshake: then only the text of the
// error shows it.
static bool mentions_tls(const ccurl_transfer *transfer) {
    return strstr(transfer->error_text, "SSL") != NULL || strstr(transfer->error_text, "TLS") != NULL;
}

ccurl_outcome ccurl_transfer_outcome(ccurl_transfer *transfer, int code) {
    switch ((CURLcode)code) {
        case CURLE_OK: return CCURL_SUCCESS;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT: return CCURL_CONNECT_FAILED;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_CLIENTCERT:
        case CURLE_USE_SSL_FAILED: return CCURL_TLS_FAILED;
        case CURLE_OPERATION_TIMEDOUT: return CCURL_TIMED_OUT;
        case CURLE_WRITE_ERROR: return CCURL_REFUSED;
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR: return mentions_tls(transfer) ? CCURL_TLS_FAILED : CCURL_PROTOCOL_FAILED;
        default: return CCURL_PROTOCOL_FAILED;
    }
}

const char *ccurl_transfer_error_text(ccurl_transfer *transfer, int code) {
    return transfer->error_text[0] != '\0' ? transfer->error_text : transfer->library->easy_strerror((CURLcode)code);
}

int ccurl_transfer_system_error(ccurl_transfer *transfer) {
    long number = 0;
    transfer->library->easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
    return (int)number;
}

int ccurl_transfer_socket(ccurl_transfer *transfer) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    transfer->library->easy_getinfo(transfer->easy, CURLINFO_ACTIVESOCKET, &socket);
    return socket == CURL_SOCKET_BAD ? -1 : socket;
}

int ccurl_transfer_receive(ccurl_transfer *transfer) {
    char dropped[4096];
    size_t count = 0;
    CURLcode code = transfer->library->easy_recv(transfer->easy, dropped, sizeof dropped, &count);
    return code == CURLE_OK && count == 0 ? CURLE_GOT_NOTHING : (int)code;
}

bool ccurl_would_block(int code) { return (CURLcode)code == CURLE_AGAIN; }
