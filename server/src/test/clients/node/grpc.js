// The column of grpc-js. Usage: node grpc.js PORT PROTO
import assert from "node:assert/strict";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import { failure, run, sleep } from "./rows.js";

const [port, proto] = process.argv.slice(2);
const definition = loader.loadSync(proto, { keepCase: true, longs: Number, defaults: true });
const { Probe } = grpc.loadPackageDefinition(definition).probe.v1;
const connect = (options = {}) =>
  new Probe(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.use_local_subchannel_pool": 1,
    ...options,
  });
const probe = connect();

const unaryOf = (client, request, options = {}) =>
  new Promise((resolve, reject) =>
    client.Unary(request, new grpc.Metadata(), options, (error, answer) =>
      error ? reject(error) : resolve(answer),
    ),
  );
const unary = (request, options) => unaryOf(probe, request, options);

const collect = async (stream) => {
  const messages = [];
  for await (const message of stream) messages.push(message);
  return messages;
};

const opened = async (request) => {
  const call = probe.ServerStream(request);
  call.on("error", () => {});
  await new Promise((resolve) => call.once("data", resolve));
  return call;
};

const unknown = (path) =>
  new Promise((resolve, reject) =>
    probe.makeUnaryRequest(path, () => Buffer.alloc(0), (b) => b, {}, (error) =>
      error ? reject(error) : resolve(),
    ),
  );

await run({
  async unary() {
    assert.equal((await unary({ text: "hi" })).text, "hi");
  },
  async "server streaming"() {
    const messages = await collect(probe.ServerStream({ count: 5 }));
    assert.deepEqual(messages.map((m) => m.number), [0, 1, 2, 3, 4]);
  },
  async "bidirectional streaming"() {
    const call = probe.Bidi();
    for (const text of ["a", "b", "c"]) call.write({ text });
    call.end();
    assert.deepEqual((await collect(call)).map((m) => m.text), ["a", "b", "c"]);
  },
  async "thrown handler"() {
    assert.equal((await failure(unary({ behaviour: "throw exception" }))).code, 2);
  },
  async "each status code"() {
    for (let code = 1; code <= 16; code++) {
      assert.equal((await failure(unary({ behaviour: "fail as", count: code }))).code, code);
    }
  },
  async "UTF-8 status text"() {
    const error = await failure(unary({ behaviour: "fail in unicode" }));
    assert.equal(error.details, "ünïcödé 100% \n newline 漢字");
  },
  async "error details"() {
    const error = await failure(unary({ behaviour: "fail with details" }));
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.equal(error.metadata.get("grpc-status-details-bin").length, 1);
  },
  async deadline() {
    const late = { deadline: Date.now() + 200 };
    const error = await failure(unary({ behaviour: "wait for cancellation" }, late));
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  },
  async "cancel of a silent stream"() {
    (await opened({ behaviour: "hold" })).cancel();
    assert.equal((await unary({ text: "hi" })).text, "hi");
  },
  async "cancel of an emitting stream"() {
    (await opened({ behaviour: "emit until cancelled" })).cancel();
    assert.equal((await unary({ text: "hi" })).text, "hi");
  },
  async "120 cancels beside a live stream"() {
    const live = collect(probe.ServerStream({ count: 60, pause_ms: 10 }));
    for (let round = 0; round < 120; round++) {
      (await opened({ behaviour: "emit until cancelled" })).cancel();
    }
    assert.equal((await live).length, 60);
  },
  async "pings on a quiet stream"() {
    const client = connect({ "grpc.keepalive_time_ms": 200 });
    const call = client.ServerStream({ behaviour: "hold" });
    let ended = false;
    call.on("error", () => (ended = true));
    call.on("data", () => {});
    await sleep(2_000);
    assert.equal(ended, false);
    assert.equal((await unaryOf(client, { text: "hi" })).text, "hi");
    call.cancel();
    client.close();
  },
  async "messages of 1.9, 2.1, 4.1 and 15 MB"() {
    for (const size of [1_900_000, 2_100_000, 4_100_000, 15_000_000]) {
      assert.equal((await unary({ text: "y".repeat(size), size })).payload.length, size);
    }
  },
  async "a message above the limit"() {
    const error = await failure(unary({ text: "y".repeat(17_000_000) }));
    assert.equal(error.code, grpc.status.RESOURCE_EXHAUSTED);
  },
  async "compressed requests"() {
    const client = connect({ "grpc.default_compression_algorithm": 2 });
    assert.equal((await unaryOf(client, { text: "y".repeat(50_000) })).number, 50_000);
    client.close();
  },
  async "unknown service"() {
    assert.equal((await failure(unknown("/nope.Nope/Nope"))).code, grpc.status.UNIMPLEMENTED);
  },
  async "unknown method"() {
    assert.equal((await failure(unknown("/probe.v1.Probe/Nope"))).code, grpc.status.UNIMPLEMENTED);
  },
  async "5,000 open streams"() {
    const client = connect();
    const calls = Array.from({ length: 5_000 }, () => client.ServerStream({ behaviour: "hold" }));
    await Promise.all(
      calls.map(
        (call) =>
          new Promise((resolve, reject) => {
            call.on("error", reject);
            call.once("data", resolve);
          }),
      ),
    );
    client.close();
    for (const call of calls) call.on("error", () => {}).removeAllListeners("error").on("error", () => {});
    client.getChannel().close();
  },
  async "a reader that stops and goes on"() {
    const call = probe.ServerStream({ behaviour: "emit when ready", count: 2_000, size: 1_000 });
    let count = 0;
    const end = new Promise((resolve, reject) => call.on("end", resolve).on("error", reject));
    call.on("data", () => {
      if (++count === 10) {
        call.pause();
        setTimeout(() => call.resume(), 1_000);
      }
    });
    await end;
    assert.equal(count, 2_000);
  },
  async "drain with a stream in flight"() {
    const call = probe.ServerStream({ count: 30, pause_ms: 30 });
    const messages = collect(call);
    await new Promise((resolve) => call.once("data", resolve));
    console.log("drain");
    assert.equal((await messages).length, 30);
  },
});
