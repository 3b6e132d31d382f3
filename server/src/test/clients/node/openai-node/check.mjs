// OpenAI's client for JavaScript against a whole server: node check.mjs BASE_URL KEY
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { refused, run, test } from '../cases.mjs';

// The packages are installed in the folder that the script runs in.
const installed = createRequire(path.join(process.cwd(), 'package.json'));
const { default: OpenAI } = await import(pathToFileURL(installed.resolve('openai')));

const MODEL = 'scripted/any';
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WEATHER = {
  type: 'function',
  function: {
    name: 'weather',
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};

const script = (...lines) => [{ role: 'user', content: ['/script', ...lines].join('\n') }];
const ask = (client, lines, more = {}) =>
  client.chat.completions.create({ model: MODEL, messages: script(...lines), ...more });
const said = (chunks) => chunks.map((c) => c.choices[0]?.delta?.content ?? '').join('');
const ends = (chunks) => chunks.map((c) => c.choices[0]?.finish_reason).filter(Boolean);

async function streamed(client, lines, more = {}) {
  const chunks = [];
  for await (const chunk of await ask(client, lines, { stream: true, ...more })) {
    chunks.push(chunk);
  }
  return chunks;
}

test('answers whole', async (client) => {
  const answer = await ask(client, ['say hello there', 'usage in=7 out=2 cached=5 reasoning=1']);

  assert.match(answer.id, /^chatcmpl-/);
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.model, MODEL);
  assert.equal(typeof answer.created, 'number');
  assert.equal(answer.choices.length, 1);
  assert.equal(answer.choices[0].message.content, 'hello there');
  assert.equal(answer.choices[0].message.refusal, null);
  assert.equal(answer.choices[0].logprobs, null);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal('tool_calls' in answer.choices[0].message, false);
  assert.equal(answer.usage.prompt_tokens, 12);
  assert.equal(answer.usage.total_tokens, 14);
  assert.equal(answer.usage.prompt_tokens_details.cached_tokens, 5);
  assert.equal(answer.usage.completion_tokens_details.reasoning_tokens, 1);
});

test('streams with usage last', async (client) => {
  const chunks = await streamed(client, ['say one two three'], { stream_options: { include_usage: true } });

  assert.equal(said(chunks), 'one two three');
  assert.deepEqual(ends(chunks), ['stop']);
  assert.equal(new Set(chunks.map((c) => c.id)).size, 1);
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  assert.ok(chunks.slice(0, -1).every((c) => c.usage === null));
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.completion_tokens, 3);
});

test('streams without usage unless asked', async (client) => {
  const chunks = await streamed(client, ['say one']);

  assert.ok(chunks.every((c) => c.usage === undefined || c.usage === null));
  assert.ok(chunks.every((c) => c.choices.length === 1));
});

test('streams while the model speaks', async (client) => {
  const stream = await ask(client, ['say first', 'hang'], { stream: true });
  let heard = '';
  for await (const chunk of stream) {
    heard += chunk.choices[0].delta.content ?? '';
    if (heard) {
      break;
    }
  }

  assert.equal(heard, 'first');
});

test('calls tools in parallel and takes their results', async (client) => {
  const lines = ['call weather {"city":"Oslo"}', 'call weather {"city":"Rome"}', 'then', 'say cold, warm'];
  const first = await ask(client, lines, { tools: [WEATHER] });
  const calls = first.choices[0].message.tool_calls;

  assert.equal(first.choices[0].finish_reason, 'tool_calls');
  assert.equal(first.choices[0].message.content, null);
  assert.deepEqual(calls.map((c) => JSON.parse(c.function.arguments).city), ['Oslo', 'Rome']);
  assert.notEqual(calls[0].id, calls[1].id);

  const results = calls.map((c) => ({ role: 'tool', tool_call_id: c.id, content: '12' }));
  const second = await client.chat.completions.create({
    model: MODEL,
    tools: [WEATHER],
    messages: [...script(...lines), first.choices[0].message, ...results],
  });
  assert.equal(second.choices[0].message.content, 'cold, warm');
});

test('streams tool calls that the client puts together', async (client) => {
  const runner = client.chat.completions.stream({
    model: MODEL,
    messages: script('say let me look', 'call weather {"city":"Oslo"}', 'call weather {"city":"Rome"}'),
    tools: [WEATHER],
  });
  const answer = await runner.finalChatCompletion();

  const message = answer.choices[0].message;
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  assert.equal(message.content, 'let me look');
  assert.deepEqual(message.tool_calls.map((c) => JSON.parse(c.function.arguments).city), ['Oslo', 'Rome']);
});

test('runs tools by itself until the model is done', async (client) => {
  const asked = [];
  const runner = client.chat.completions.runTools({
    model: MODEL,
    stream: true,
    messages: script('call weather {"city":"Oslo"}', 'then', 'say it is cold'),
    tools: [
      {
        type: 'function',
        function: {
          ...WEATHER.function,
          parse: JSON.parse,
          function: ({ city }) => {
            asked.push(city);
            return '-3';
          },
        },
      },
    ],
  });

  assert.equal(await runner.finalContent(), 'it is cold');
  assert.deepEqual(asked, ['Oslo']);
});

test('names an unknown model', async (client) => {
  const refusal = await refused(OpenAI.NotFoundError, () =>
    client.chat.completions.create({ model: 'nobody/has-it', messages: [{ role: 'user', content: 'hi' }] }),
  );

  assert.equal(refusal.status, 404);
  assert.equal(refusal.code, 'not_found');
  assert.equal(refusal.param, 'model');
  assert.equal(refusal.type, 'invalid_request_error');
  assert.match(refusal.requestID, /./);
  assert.equal(refusal.requestID, refusal.error.request_id);
});

test('names the parameter that is wrong', async (client) => {
  const wrong = {
    temperature: { temperature: 3 },
    max_tokens: { max_tokens: 0 },
    max_completion_tokens: { max_completion_tokens: 0 },
    n: { n: 2 },
    logprobs: { logprobs: true },
    tool_choice: { tool_choice: 'perhaps' },
    reasoning_effort: { reasoning_effort: 'heroic' },
    'response_format.type': { response_format: { type: 'yaml' } },
  };
  for (const [param, more] of Object.entries(wrong)) {
    const refusal = await refused(OpenAI.BadRequestError, () => ask(client, ['say no'], more));
    assert.equal(refusal.param, param);
  }
});

test('fails before the stream with a status', async (client) => {
  for (const more of [{}, { stream: true }]) {
    const refusal = await refused(OpenAI.InternalServerError, () =>
      ask(client, ['fail overloaded before-headers'], more),
    );
    assert.equal(refusal.status, 503);
    assert.equal(refusal.code, 'overloaded');
  }
});

test('tells when to come back', async (client) => {
  const refusal = await refused(OpenAI.RateLimitError, () => ask(client, ['fail rate_limited retry-after 7s']));

  assert.equal(refusal.headers.get('retry-after'), '7');
});

test('fails inside a stream as an error', async (client) => {
  const seen = [];
  const refusal = await refused(OpenAI.APIError, async () => {
    for await (const chunk of await ask(client, ['say half an', 'fail overloaded'], { stream: true })) {
      seen.push(chunk);
    }
  });

  assert.equal(refusal.code, 'overloaded');
  assert.equal(said(seen), 'half an');
  assert.deepEqual(ends(seen), []);
});

test('lists models and gets one', async (client) => {
  const ids = [];
  for await (const model of client.models.list()) {
    ids.push(model.id);
  }

  assert.ok(ids.includes('claude-opus-5-5'), `models are ${ids}`);
  assert.equal((await client.models.retrieve('claude-opus-5-5')).owned_by, 'anthropic');
  assert.equal((await client.models.retrieve('scripted/any')).id, 'scripted/any');
  await refused(OpenAI.NotFoundError, () => client.models.retrieve('nobody/has:it'));
});

test('continues a session whose history the server has', async (client) => {
  const session = await client.post('/sessions', { body: { title: 'from node' } });
  const say = (content) =>
    client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content }],
      session_id: session.id,
    });

  const first = await say('remember blue');
  const second = await say('which colour');

  assert.equal(first.usage.prompt_tokens, 2);
  assert.equal(second.usage.prompt_tokens, 6);
  assert.equal(second.session_id, session.id);
  const kept = await client.get(`/sessions/${session.id}/messages`);
  assert.deepEqual(kept.data.map((m) => m.role), ['user', 'assistant', 'user', 'assistant']);
});

test('survives frames that openai does not have', async (client) => {
  const session = await client.post('/sessions', { body: {} });
  const lines = ['say looking', 'provider-tool web_search {"q":"x"} => found', 'say done'];
  const chunks = await streamed(client, lines, { session_id: session.id });

  assert.equal(said(chunks), 'looking done');
  assert.deepEqual(chunks.map((c) => c.type).filter(Boolean), ['tool_use', 'tool_result', 'usage']);

  const runner = client.chat.completions.stream({
    model: MODEL,
    messages: script(...lines),
    session_id: session.id,
  });
  assert.equal(await runner.finalContent(), 'looking done');
});

test('shows reasoning', async (client) => {
  const whole = await ask(client, ['think let me see', 'say yes']);
  assert.equal(whole.choices[0].message.reasoning_content, 'let me see');

  const chunks = await streamed(client, ['think let me see', 'say yes']);
  assert.equal(chunks.map((c) => c.choices[0].delta.reasoning_content ?? '').join(''), 'let me see');
  assert.equal(said(chunks), 'yes');
});

test('tells why it finished', async (client) => {
  const cut = await ask(client, ['words 9'], { max_completion_tokens: 4 });
  assert.equal(cut.choices[0].finish_reason, 'length');
  assert.deepEqual(ends(await streamed(client, ['words 9'], { max_tokens: 4 })), ['length']);
  const filtered = await ask(client, ['say no', 'finish content_filter']);
  assert.equal(filtered.choices[0].finish_reason, 'content_filter');
  const refusal = await ask(client, ['refuse I will not']);
  assert.equal(refusal.choices[0].message.refusal, 'I will not');
});

test('takes pictures and documents', async (client) => {
  const content = [
    { type: 'text', text: 'what is this' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'low' } },
    { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${btoa('%PDF-1.4')}` } },
  ];
  const answer = await client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] });

  assert.equal(answer.choices[0].message.content, 'what is this');
});

test('parses answers in a form', async (client) => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const format = { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } };
  const answer = await ask(client, ['say {"city":"Oslo"}'], { response_format: format });

  assert.deepEqual(JSON.parse(answer.choices[0].message.content), { city: 'Oslo' });
});

test('reports parameters that are ignored', async (client) => {
  const { response } = await ask(client, ['say yes'], { temperature: 0.5, seed: 7, novelty: 1 }).withResponse();

  const named = response.headers.get('x-tandem-ignored-params').split(/, */).sort();
  assert.deepEqual(named, ['novelty', 'seed', 'temperature']);
});

test('leaving a stream cancels its run', async (client) => {
  const { data, response } = await ask(client, ['say first', 'hang'], { stream: true }).withResponse();
  for await (const _ of data) {
    break;
  }

  const limit = Date.now() + 10_000;
  let state;
  do {
    state = (await client.get(`/runs/${response.headers.get('x-run-id')}`)).state;
  } while (state === 'running' && Date.now() < limit);
  assert.equal(state, 'cancelled');
});

test('refuses a wrong key', async (client) => {
  const stranger = client.withOptions({ apiKey: 'sk-nobody-knows-this-one' });

  const refusal = await refused(OpenAI.AuthenticationError, () => ask(stranger, ['say no']));
  assert.equal(refusal.code, 'unauthorized');
  await refused(OpenAI.AuthenticationError, () => stranger.models.list());
});

const [baseURL, apiKey] = process.argv.slice(2);
await run(new OpenAI({ baseURL: `${baseURL}/v1`, apiKey, maxRetries: 0, timeout: 20_000 }));
