// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// What an instance writes to.
package struct LogFiles: ~Copyable {
    package let output: FileDescriptor
    package let error: FileDescriptor
}
