// The column of connect-es over gRPC. Usage: node connect.js PORT PROTO
import assert from "node:assert/strict";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { compressionGzip, createGrpcTransport } from "@connectrpc/connect-node";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { failure, run, sleep } from "./rows.js";

const [port, proto] = process.argv.slice(2);
const root = protobuf.loadSync(proto);
const files = descriptor.FileDescriptorSet.encode(root.toDescriptor("proto3")).finish();
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, files));
const service = registry.getService("probe.v1.Probe");
const connect = (options = {}) =>
  createGrpcTransport({
    baseUrl: `http://127.0.0.1:${port}`,
    readMaxBytes: 64 << 20,
    writeMaxBytes: 64 << 20,
    // Node gives a connection up whose unsent requests are larger, 10 MB unless told otherwise.
    nodeOptions: { maxSessionMemory: 64 },
    ...options,
  });
const probe = createClient(service, connect());

const collect = async (stream) => {
  const messages = [];
  for await (const message of stream) messages.push(message);
  return messages;
};

const cancelled = async (request) => {
  const cancel = new AbortController();
  try {
    for await (const _ of probe.serverStream(request, { signal: cancel.signal })) cancel.abort();
  } catch (error) {
    assert.equal(ConnectError.from(error).code, Code.Canceled);
  }
};

const unknown = (other) =>
  connect().unary({ ...service.method.unary, ...other }, undefined, undefined, undefined, {});

await run({
  async unary() {
    assert.equal((await probe.unary({ text: "hi" })).text, "hi");
  },
  async "server streaming"() {
    const messages = await collect(probe.serverStream({ count: 5 }));
    assert.deepEqual(messages.map((m) => Number(m.number)), [0, 1, 2, 3, 4]);
  },
  async "bidirectional streaming"() {
    const texts = async function* () {
      for (const text of ["a", "b", "c"]) yield { text };
    };
    assert.deepEqual((await collect(probe.bidi(texts()))).map((m) => m.text), ["a", "b", "c"]);
  },
  async "thrown handler"() {
    assert.equal((await failure(probe.unary({ behaviour: "throw exception" }))).code, 2);
  },
  async "each status code"() {
    for (let code = 1; code <= 16; code++) {
      const error = await failure(probe.unary({ behaviour: "fail as", count: code }));
      assert.equal(error.code, code);
    }
  },
  async "UTF-8 status text"() {
    const error = await failure(probe.unary({ behaviour: "fail in unicode" }));
    assert.equal(error.rawMessage, "ünïcödé 100% \n newline 漢字");
  },
  async "error details"() {
    const error = await failure(probe.unary({ behaviour: "fail with details" }));
    assert.equal(error.code, Code.InvalidArgument);
    assert.equal(error.details[0].type, "google.rpc.BadRequest");
  },
  async deadline() {
    const call = probe.unary({ behaviour: "wait for cancellation" }, { timeoutMs: 200 });
    assert.equal((await failure(call)).code, Code.DeadlineExceeded);
  },
  async "cancel of a silent stream"() {
    await cancelled({ behaviour: "hold" });
    assert.equal((await probe.unary({ text: "hi" })).text, "hi");
  },
  async "cancel of an emitting stream"() {
    await cancelled({ behaviour: "emit until cancelled" });
    assert.equal((await probe.unary({ text: "hi" })).text, "hi");
  },
  async "120 cancels beside a live stream"() {
    const live = collect(probe.serverStream({ count: 60, pauseMs: 10 }));
    for (let round = 0; round < 120; round++) await cancelled({ behaviour: "emit until cancelled" });
    assert.equal((await live).length, 60);
  },
  async "pings on a quiet stream"() {
    const client = createClient(service, connect({ pingIntervalMs: 200, pingIdleConnection: true }));
    const quit = new AbortController();
    const stream = client.serverStream({ behaviour: "hold" }, { signal: quit.signal });
    let ended = false;
    const reading = collect(stream).catch(() => (ended = true));
    await sleep(2_000);
    assert.equal(ended, false);
    assert.equal((await client.unary({ text: "hi" })).text, "hi");
    quit.abort();
    await reading;
  },
  async "messages of 1.9, 2.1, 4.1 and 15 MB"() {
    for (const size of [1_900_000, 2_100_000, 4_100_000, 15_000_000]) {
      assert.equal((await probe.unary({ text: "y".repeat(size), size })).payload.length, size);
    }
  },
  async "a message above the limit"() {
    const error = await failure(probe.unary({ text: "y".repeat(17_000_000) }));
    assert.equal(error.code, Code.ResourceExhausted);
  },
  async "compressed requests"() {
    const client = createClient(service, connect({ sendCompression: compressionGzip }));
    assert.equal(Number((await client.unary({ text: "y".repeat(50_000) })).number), 50_000);
  },
  async "unknown service"() {
    const parent = { ...service, typeName: "nope.Nope" };
    assert.equal((await failure(unknown({ parent }))).code, Code.Unimplemented);
  },
  async "unknown method"() {
    assert.equal((await failure(unknown({ name: "Nope" }))).code, Code.Unimplemented);
  },
  async "5,000 open streams"() {
    const client = createClient(service, connect());
    const quit = new AbortController();
    const first = async () => {
      const stream = client.serverStream({ behaviour: "hold" }, { signal: quit.signal });
      await stream[Symbol.asyncIterator]().next();
    };
    await Promise.all(Array.from({ length: 5_000 }, first));
  },
  async "a reader that stops and goes on"() {
    const client = createClient(service, connect());
    const stream = client.serverStream({ behaviour: "emit when ready", count: 2_000, size: 1_000 });
    let count = 0;
    for await (const _ of stream) if (++count === 10) await sleep(1_000);
    assert.equal(count, 2_000);
  },
  async "drain with a stream in flight"() {
    const client = createClient(service, connect());
    let count = 0;
    for await (const _ of client.serverStream({ count: 30, pauseMs: 30 })) {
      if (++count === 1) console.log("drain");
    }
    assert.equal(count, 30);
  },
});
