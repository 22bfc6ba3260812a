// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// Finds messages that hold themselves. A list or a map on the way is fine in Swift, the case of a oneof can be made
/// `indirect`, a property cannot.
enum Recursion {
    /// Whether the member of a oneof holds the message it is in.
    static func isIndirect(_ member: FieldDescriptor) -> Bool {
        guard let type = member.messageType, let outer = member.containingType else { return false }
        return reaches(from: type, to: outer) { !$0.isRepeated }
    }

    /// Refuses a message that holds itself by properties alone.
    static func check(_ message: Descriptor) throws {
        let isProperty = { (field: FieldDescriptor) in !field.isRepeated && field.realContainingOneof == nil }
        for field in message.fields where isProperty(field) {
            guard let type = field.messageType, reaches(from: type, to: message, by: isProperty) else { continue }
            throw GeneratorError("\(field.fullName) makes a message that holds itself; put the field into a oneof")
        }
        for nested in message.messages { try check(nested) }
    }

    private static func reaches(
        from start: Descriptor, to goal: Descriptor, by isFollowed: (FieldDescriptor) -> Bool
    ) -> Bool {
        var seen: Set<String> = []
        var open = [start]
        while let message = open.popLast() {
            if message.fullName == goal.fullName { return true }
            guard seen.insert(message.fullName).inserted else { continue }
            open += message.fields.filter(isFollowed).compactMap(\.messageType)
        }
        return false
    }
}
