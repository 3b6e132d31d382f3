// Calls the probe with grpc-js. Usage: node check.js PORT PROTO
import assert from "node:assert/strict";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [port, proto] = process.argv.slice(2);
const definition = loader.loadSync(proto, { keepCase: true, longs: Number, defaults: true });
const { Probe } = grpc.loadPackageDefinition(definition).probe.v1;
const probe = new Probe(`127.0.0.1:${port}`, grpc.credentials.createInsecure());

const unary = (request, options = {}) =>
  new Promise((resolve, reject) =>
    probe.Unary(request, new grpc.Metadata(), options, (error, answer) =>
      error ? reject(error) : resolve(answer),
    ),
  );

const failure = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("no failure");
};

const collect = async (stream) => {
  const messages = [];
  for await (const message of stream) messages.push(message);
  return messages;
};

const checks = {
  async unary() {
    assert.equal((await unary({ text: "hi" })).text, "hi");
  },
  async serverStream() {
    const messages = await collect(probe.ServerStream({ count: 5 }));
    assert.deepEqual(messages.map((m) => m.number), [0, 1, 2, 3, 4]);
  },
  async bidirectional() {
    const call = probe.Bidi();
    for (const text of ["a", "b", "c"]) call.write({ text });
    call.end();
    const messages = await collect(call);
    assert.deepEqual(messages.map((m) => m.text), ["a", "b", "c"]);
  },
  async cancelAndCallAgain() {
    for (let round = 0; round < 10; round++) {
      const call = probe.ServerStream({ behaviour: "emit until cancelled" });
      call.on("error", () => {});
      await new Promise((resolve) => call.once("data", resolve));
      call.cancel();
      assert.equal((await unary({ text: "hi" })).text, "hi");
    }
  },
  async deadline() {
    const late = { deadline: Date.now() + 200 };
    const error = await failure(unary({ behaviour: "wait for cancellation" }, late));
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  },
  async unknownMethod() {
    const call = new Promise((resolve, reject) =>
      probe.makeUnaryRequest("/probe.v1.Probe/Nope", () => Buffer.alloc(0), (b) => b, {}, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
    assert.equal((await failure(call)).code, grpc.status.UNIMPLEMENTED);
  },
  async unicodeStatus() {
    const error = await failure(unary({ behaviour: "fail in unicode" }));
    assert.equal(error.code, grpc.status.INTERNAL);
    assert.equal(error.details, "ünïcödé 100% \n newline 漢字");
  },
  async details() {
    const error = await failure(unary({ behaviour: "fail with details" }));
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.equal(error.metadata.get("grpc-status-details-bin").length, 1);
  },
};

setTimeout(() => process.exit(2), 30_000).unref();
for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log("ok", name);
}
probe.close();
