// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One call that waits for an outcome; unique in a registry.
package typealias CallerID = UInt64
