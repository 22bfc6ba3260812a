// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <stddef.h>
#include <stdint.h>

// The google.protobuf.FileDescriptorSet of everything that the daemon serves, imports included, and how long it is.
const uint8_t *descriptor_set(size_t *length);
