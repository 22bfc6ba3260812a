// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include "message_decode.h"

/// Reads the bytes of a message and refuses what protobuf-c would take without a limit or a check.
message_finding message_check(
    const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t budget);

/// Decodes in two passes: the check, then protobuf-c's own decoder. What the decoder must agree with.
message_finding oracle_decode(
    message_arena *arena, const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count,
    void **message);

/// Removes the fields that the types do not have, which the decoder leaves out.
void remove_unknown(ProtobufCMessage *message);
