// The official MCP clients against /mcp, which serves the fixtures of the conformance suites and a
// tool that waits until it is stopped:
//     node check.mjs URL
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { run, test } from '../cases.mjs';

// The packages are installed in the folder that the script runs in.
const installed = createRequire(path.join(process.cwd(), 'package.json'));
const v1 = {
  ...installed('@modelcontextprotocol/sdk/client/index.js'),
  ...installed('@modelcontextprotocol/sdk/client/streamableHttp.js'),
  ...installed('@modelcontextprotocol/sdk/types.js'),
};
const v2 = installed('@modelcontextprotocol/client');

const url = new URL(process.argv[2]);
const INFO = { name: 'check', version: '1' };
const CAPABILITIES = { capabilities: { elicitation: {}, sampling: {} } };
const accepted = (content) => ({ action: 'accept', content });
const sampled = {
  role: 'assistant',
  model: 'm',
  stopReason: 'endTurn',
  content: { type: 'text', text: 'Paris' },
};

async function withOld(body) {
  const client = new v1.Client(INFO, CAPABILITIES);
  client.setRequestHandler(v1.ElicitRequestSchema, async () => accepted({ name: 'Ada', response: 'yes' }));
  client.setRequestHandler(v1.CreateMessageRequestSchema, async () => sampled);
  const transport = new v1.StreamableHTTPClientTransport(url);
  await client.connect(transport);
  try {
    await body(client, transport);
  } finally {
    await client.close();
  }
}

async function withNew(versionNegotiation, body) {
  const client = new v2.Client(INFO, { ...CAPABILITIES, versionNegotiation });
  client.setRequestHandler('elicitation/create', async (request) =>
    accepted(request.params.requestedSchema.properties.color ? { color: 'blue' } : { name: 'Ada', response: 'yes' }),
  );
  client.setRequestHandler('sampling/createMessage', async () => sampled);
  await client.connect(new v2.StreamableHTTPClientTransport(url));
  try {
    await body(client);
  } finally {
    await client.close();
  }
}

const PIN = { mode: { pin: '2026-07-28' } };
const text = (result) => result.content[0].text;

/** What every client can do, whatever it speaks. */
function common(name, using) {
  test(`${name}: lists tools, resources and prompts`, () =>
    using(async (client) => {
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === 'test_simple_text'));
      const { resources } = await client.listResources();
      assert.equal(resources.length, 3);
      const { prompts } = await client.listPrompts();
      assert.ok(prompts.some((prompt) => prompt.name === 'test_simple_prompt'));
    }));

  test(`${name}: calls a tool and hears of its progress`, () =>
    using(async (client) => {
      const heard = [];
      const onprogress = (progress) => heard.push(progress.progress);
      const call = { name: 'test_tool_with_progress', arguments: {} };
      const result =
        client instanceof v1.Client
          ? await client.callTool(call, undefined, { onprogress })
          : await client.callTool(call, { onprogress });
      assert.deepEqual(heard, [0, 50, 100]);
      assert.equal(text(result), 'done');
    }));

  test(`${name}: reads resources and gets prompts`, () =>
    using(async (client) => {
      const read = await client.readResource({ uri: 'test://template/7/data' });
      assert.match(read.contents[0].text, /"id":"7"/);
      const prompt = await client.getPrompt({
        name: 'test_prompt_with_arguments',
        arguments: { arg1: 'a', arg2: 'b' },
      });
      assert.equal(prompt.messages[0].content.text, "Prompt with arguments: arg1='a', arg2='b'");
    }));

  test(`${name}: is asked by a tool, and answers`, () =>
    using(async (client) => {
      const told = await client.callTool({ name: 'test_elicitation', arguments: { message: 'm' } });
      assert.match(text(told), /^action=ACCEPT content=.*"yes"/);
      const model = await client.callTool({ name: 'test_sampling', arguments: { prompt: 'p' } });
      assert.match(text(model), /Paris/);
    }));

  test(`${name}: stops a call, and calls again`, () =>
    using(async (client) => {
      const stop = new AbortController();
      const call = { name: 'waits', arguments: {} };
      const options = { signal: stop.signal, onprogress: () => stop.abort('enough') };
      const waiting =
        client instanceof v1.Client ? client.callTool(call, undefined, options) : client.callTool(call, options);
      await assert.rejects(waiting);
      const stopped = await client.callTool({ name: 'stopped', arguments: {} });
      assert.equal(text(stopped), 'waits');
    }));

  test(`${name}: hears that a tool is unknown`, () =>
    using(async (client) => {
      await assert.rejects(client.callTool({ name: 'none', arguments: {} }), /Unknown tool: none/);
    }));
}

common('sdk 1', withOld);
common('client 2 in a session', (body) => withNew({ mode: 'legacy' }, body));
common('client 2 without one', (body) => withNew(PIN, body));

test('sdk 1: ends its session', () =>
  withOld(async (client, transport) => {
    const session = transport.sessionId;
    await transport.terminateSession();
    const after = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-session-id': session,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    });
    assert.equal(after.status, 404);
  }));

test('client 2 finds the newest version by itself', () =>
  withNew({ mode: 'auto' }, async (client) => {
    assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
  }));

test('client 2 answers round after round', () =>
  withNew(PIN, async (client) => {
    const result = await client.callTool({ name: 'test_input_required_result_multi_round', arguments: {} });
    assert.match(text(result), /Ada[^]*blue/);
  }));

await run();
