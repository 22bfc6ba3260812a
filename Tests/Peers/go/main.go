// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// ttrpc-peer calls a server by containerd's own ttrpc client. It prints a line for each step that went well.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const usage = `usage: ttrpc-peer SOCKET SCENARIO

Scenarios:
  daemon    the life of a backend, against backendd
  interop   the unary cases of gRPC's interoperability tests, against interop-server
`

// limit is how long one call may take; it is also what the server gets as the deadline.
const limit = 30 * time.Second

// peer is one connection, with the calls written as the scenarios need them.
type peer struct{ client *ttrpc.Client }

func (p peer) call(service, method string, request, reply interface{}) error {
	return p.callWith(ttrpc.MD{}, service, method, request, reply)
}

func (p peer) callWith(metadata ttrpc.MD, service, method string, request, reply interface{}) error {
	ctx, cancel := context.WithTimeout(ttrpc.WithMetadata(context.Background(), metadata), limit)
	defer cancel()
	if err := p.client.Call(ctx, service, method, request, reply); err != nil {
		return fmt.Errorf("%s/%s: %w", service, method, err)
	}
	return nil
}

// fails makes a call that must end with this code.
func (p peer) fails(code codes.Code, service, method string, request interface{}) (*status.Status, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	err := p.client.Call(ctx, service, method, request, &empty{})
	result, known := status.FromError(err)
	if err == nil || !known || result.Code() != code {
		return nil, fmt.Errorf("%s/%s: wanted the status %v, got %v", service, method, code, err)
	}
	return result, nil
}

// step is one thing to try; a scenario ends at the first that fails.
type step struct {
	name string
	run  func() error
}

func run(steps []step) error {
	for _, step := range steps {
		if err := step.run(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		fmt.Printf("ok %s\n", step.name)
	}
	return nil
}

func main() {
	scenarios := map[string]func(peer) []step{"daemon": daemon, "interop": interop}
	if len(os.Args) != 3 || scenarios[os.Args[2]] == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	connection, err := net.Dial("unix", os.Args[1])
	if err != nil {
		fmt.Fprintf(os.Stderr, "ttrpc-peer: cannot connect: %v\n", err)
		os.Exit(1)
	}
	client := ttrpc.NewClient(connection)
	defer client.Close()
	if err := run(scenarios[os.Args[2]](peer{client})); err != nil {
		fmt.Fprintf(os.Stderr, "ttrpc-peer: %v\n", err)
		os.Exit(1)
	}
}
