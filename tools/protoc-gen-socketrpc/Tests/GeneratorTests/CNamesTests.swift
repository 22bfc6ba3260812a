// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import protoc_gen_socketrpc

@Suite struct CNamesTests {
    @Test(arguments: [
        ("backends.v1.GRPCContext", "Backends__V1__GRPCContext"), ("ttrpc.Request", "Ttrpc__Request"),
        ("fixture.v1.Outer.Inner", "Fixture__V1__Outer__Inner"), ("a.snake_case", "A__SnakeCase"),
    ])
    func `a struct is named as protoc-c names it`(fullName: String, expected: String) {
        #expect(CNames.type(fullName) == expected)
    }

    @Test(arguments: [
        ("backends.v1.MetadataEntry", "backends__v1__metadata_entry__init"),
        ("backends.v1.GRPCContext", "backends__v1__grpccontext__init"),
        ("fixture.v1.Outer.Inner", "fixture__v1__outer__inner__init"),
    ])
    func `an initializer is named as protoc-c names it`(fullName: String, expected: String) {
        #expect(CNames.initializer(fullName) == expected)
    }

    @Test(arguments: [
        ("name", "name"), ("Mixed_Case", "mixed_case"), ("class", "class_"), ("Default", "default_"), ("func", "func"),
    ])
    func `a member that C++ reserves has an underscore at the end`(name: String, expected: String) {
        #expect(CNames.field(named: name) == expected)
    }
}
