// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package main

import (
	"fmt"
	"sync"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
)

const (
	testService  = "grpc.testing.TestService"
	requestSize  = 271828
	responseSize = 314159
)

type interopSteps struct{ peer }

func interop(p peer) []step {
	i := interopSteps{p}
	return []step{
		{"empty_unary", i.emptyUnary},
		{"large_unary", i.largeUnary},
		{"100 concurrent large_unary", func() error { return concurrently(100, i.largeUnary) }},
		{"custom_metadata", i.customMetadata},
		{"status_code_and_message", func() error { return i.echoes(2, "test status message") }},
		{"special_status_message", func() error {
			return i.echoes(2, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")
		}},
		{"unimplemented_method", i.unimplementedMethod},
		{"unimplemented_service", i.unimplementedService},
	}
}

func (i interopSteps) emptyUnary() error {
	return i.call(testService, "EmptyCall", &empty{}, &empty{})
}

func (i interopSteps) largeUnary() error {
	reply := &simpleResponse{}
	request := &simpleRequest{ResponseSize: responseSize, Payload: &payload{Body: make([]byte, requestSize)}}
	if err := i.call(testService, "UnaryCall", request, reply); err != nil {
		return err
	}
	if reply.Payload == nil || len(reply.Payload.Body) != responseSize {
		return fmt.Errorf("the answer does not have %d bytes", responseSize)
	}
	return nil
}

// customMetadata has two values under one key: both must arrive, in their order.
func (i interopSteps) customMetadata() error {
	const key = "x-grpc-test-echo-initial"
	reply := &simpleResponse{}
	metadata := ttrpc.MD{key: {"test_initial_metadata_value", "second"}}
	if err := i.callWith(metadata, testService, "UnaryCall", &simpleRequest{}, reply); err != nil {
		return err
	}
	if reply.Username != "test_initial_metadata_value,second" {
		return fmt.Errorf("the values came back as %q", reply.Username)
	}
	return nil
}

func (i interopSteps) echoes(code codes.Code, message string) error {
	request := &simpleRequest{ResponseStatus: &echoStatus{Code: int32(code), Message: message}}
	result, err := i.fails(code, testService, "UnaryCall", request)
	if err != nil {
		return err
	}
	if result.Message() != message {
		return fmt.Errorf("wanted the message %q, got %q", message, result.Message())
	}
	return nil
}

func (i interopSteps) unimplementedMethod() error {
	_, err := i.fails(codes.Unimplemented, testService, "UnimplementedCall", &empty{})
	return err
}

func (i interopSteps) unimplementedService() error {
	_, err := i.fails(codes.Unimplemented, "grpc.testing.UnimplementedService", "UnimplementedCall", &empty{})
	return err
}

// concurrently runs a step count times at once and returns one of its errors.
func concurrently(count int, step func() error) error {
	errors := make(chan error, count)
	var group sync.WaitGroup
	for n := 0; n < count; n++ {
		group.Add(1)
		go func() {
			defer group.Done()
			errors <- step()
		}()
	}
	group.Wait()
	close(errors)
	for err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}
