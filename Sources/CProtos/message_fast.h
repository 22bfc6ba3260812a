// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include "message_walk.h"

#include <stdint.h>

/// Reads the message of a walk to its end.
///
/// - Returns: false with a finding.
bool message_read(message_walk *walk);

/// What reads a field of a kind when its tag is one byte; NULL where `message_read_field` reads all.
const void *message_handler(uint8_t kind);
