// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What an event loop tells that a descriptor is ready.
package protocol EventHandler: AnyObject {
    /// The registered descriptor is ready. Called on the loop, again in the next turn while it still is.
    func ready(_ events: ReadyEvents)
}
