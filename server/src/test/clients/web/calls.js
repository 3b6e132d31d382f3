// What a page of an app does with the server, over gRPC-Web and over REST. Runs in Node and in a
// browser. Each call throws when something is not as it should be.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { ChatService } from "./gen/tandem/v1/chat_pb.js";
import { RunState } from "./gen/tandem/v1/run_pb.js";

const check = (holds, message) => {
  if (!holds) throw new Error(message);
};

const asking = (content) => ({
  model: "scripted/echo",
  messages: [{ role: "user", content }],
});

const hanging = asking("/script\nsay one two\nhang");

const failure = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("no failure");
};

export const calls = (base, key) => {
  const client = (withKey) =>
    createClient(
      ChatService,
      createGrpcWebTransport({
        baseUrl: base,
        interceptors: [
          (next) => (request) => {
            if (withKey) request.header.set("authorization", `Bearer ${key}`);
            return next(request);
          },
        ],
      }),
    );
  const chat = client(true);
  const post = (path, body) =>
    fetch(base + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });

  return {
    async unary() {
      let requestId;
      const answer = await chat.createChatCompletion(asking("grüße 漢字"), {
        headers: { "x-request-id": "from-the-page" },
        onHeader: (headers) => (requestId = headers.get("x-request-id")),
      });
      check(answer.message.content === "grüße 漢字", answer.message.content);
      check(requestId === "from-the-page", `request id ${requestId}`);
    },

    async stream() {
      const events = [];
      for await (const { event } of chat.streamChatCompletion(asking("/script\nwords 200"))) {
        events.push(event);
      }
      check(events[0].case === "started", events[0].case);
      check(events.at(-1).case === "completed", events.at(-1).case);
      const text = events.filter((e) => e.case === "text").map((e) => e.value.text);
      check(text.join("").trim().endsWith("word200"), text.join(""));
    },

    async firstWordsComeAtOnce() {
      for await (const { event } of chat.streamChatCompletion(hanging)) {
        if (event.case === "text") return;
      }
      throw new Error("no text");
    },

    async failure() {
      const error = await failure(
        chat.createChatCompletion({ ...asking("hi"), model: "nobody/knows — 漢字" }),
      );
      check(error.code === Code.NotFound, String(error));
      check(error.rawMessage.includes("漢字"), error.rawMessage);
      const types = error.details.map((detail) => detail.type);
      check(types.includes("google.rpc.ErrorInfo"), `details ${types}`);
      check(error.metadata.get("x-request-id"), "a request id among the trailers");
    },

    async failureMidway() {
      const seen = [];
      for await (const { event } of chat.streamChatCompletion(
        asking("/script\nsay one two three\nfail overloaded"),
      )) {
        seen.push(event.case);
      }
      check(seen.includes("text") && seen.at(-1) === "failed", seen.join());
    },

    async deadline() {
      const error = await failure(chat.createChatCompletion(hanging, { timeoutMs: 300 }));
      check(error.code === Code.DeadlineExceeded, String(error));
    },

    async leaving() {
      const abort = new AbortController();
      let run;
      await failure(
        (async () => {
          for await (const message of chat.streamChatCompletion(hanging, {
            signal: abort.signal,
          })) {
            run = message.runId;
            if (message.event.case === "text") abort.abort();
          }
        })(),
      );
      for (let look = 0; look < 100; look++) {
        const { state } = await chat.getRun({ runId: run });
        if (state === RunState.CANCELLED) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`${run} runs on`);
    },

    async withoutKey() {
      const error = await failure(client(false).createChatCompletion(asking("hi")));
      check(error.code === Code.Unauthenticated, String(error));
    },

    async rest() {
      const models = await fetch(`${base}/v1/models`, { headers: { "x-api-key": key } });
      check(models.ok, `models: ${models.status}`);
      check(models.headers.get("x-request-id"), "a request id that the page can read");
      const refused = await fetch(`${base}/v1/sessions/none`, { headers: { "x-api-key": key } });
      check(refused.status === 404, `session: ${refused.status}`);
      check((await refused.json()).error.code === "not_found", "an error that the page can read");
    },

    async events() {
      const answer = await post("/v1/chat/completions", { ...asking("one two"), stream: true });
      check(answer.ok, `status ${answer.status}`);
      check(answer.headers.get("x-run-id"), "a run id that the page can read");
      const text = await answer.text();
      check(text.trim().endsWith("data: [DONE]"), text);
    },
  };
};

// Runs all calls at once, as a page would, and tells of those that failed.
export const runAll = async (base, key) => {
  const failed = [];
  const run = ([name, call]) =>
    call().catch((error) => failed.push(`${name}: ${error.stack ?? error}`));
  await Promise.all(Object.entries(calls(base, key)).map(run));
  return failed;
};
