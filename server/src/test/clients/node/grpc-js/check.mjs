// gRPC's client for JavaScript against a whole server, with the contract's files loaded as they are:
//     node check.mjs HOST:PORT KEY PROTO_FOLDER
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { refused, run, test } from '../cases.mjs';

// The packages are installed in the folder that the script runs in.
const installed = createRequire(path.join(process.cwd(), 'package.json'));
const grpc = installed('@grpc/grpc-js');
const loader = installed('@grpc/proto-loader');

const [target, key, protoFolder] = process.argv.slice(2);
const MODEL = 'scripted/any';

// protobufjs brings the files of google.api and google.protobuf along.
const common = path.dirname(createRequire(installed.resolve('@grpc/proto-loader')).resolve('protobufjs/package.json'));

function load(...files) {
  const options = { includeDirs: [protoFolder, common], keepCase: true, enums: String, longs: Number, oneofs: true };
  return grpc.loadPackageDefinition(loader.loadSync(files, options)).tandem.v1;
}

function credentials() {
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${key}`);
  return metadata;
}

const contract = load('tandem/v1/chat.proto', 'tandem/v1/model.proto', 'tandem/v1/session.proto');
const chat = new contract.ChatService(target, grpc.credentials.createInsecure());
const sessions = new contract.SessionService(target, grpc.credentials.createInsecure());
const models = new contract.ModelService(target, grpc.credentials.createInsecure());

const call = (client, method) => promisify(client[method]).bind(client);
const script = (...lines) => ['/script', ...lines].join('\n');
const question = (content, more = {}) => ({ model: MODEL, messages: [{ role: 'user', content }], ...more });
const ask = (content, more) => call(chat, 'createChatCompletion')(question(content, more), credentials());

async function streamed(content) {
  const events = [];
  for await (const event of chat.streamChatCompletion(question(content), credentials())) {
    events.push(event);
  }
  return events;
}

class Refusal {
  static [Symbol.hasInstance](error) {
    return typeof error?.code === 'number' && error.metadata instanceof grpc.Metadata;
  }
}

test('answers whole', async () => {
  const answer = await ask(script('say hello there', 'usage in=7 out=2'));

  assert.match(answer.id, /^chatcmpl-/);
  assert.equal(answer.message.content, 'hello there');
  assert.equal(answer.finish_reason, 'stop');
  assert.equal(answer.usage.input_tokens, 7);
});

test('streams', async () => {
  const events = await streamed(script('think well', 'say one two three'));

  assert.deepEqual(events.map((e) => e.event), ['started', 'reasoning', 'text', 'text', 'text', 'completed']);
  assert.equal(events.map((e) => e.text?.text ?? '').join(''), 'one two three');
});

test('continues a session', async () => {
  const session = await call(sessions, 'createSession')({ title: 'from node' }, credentials());
  await ask('remember blue', { session_id: session.id });
  const second = await ask('which colour', { session_id: session.id });

  assert.equal(second.usage.input_tokens, 6);
});

test('lists models', async () => {
  const listed = await call(models, 'listModels')({}, credentials());

  assert.ok(listed.data.some((model) => model.id === 'claude-opus-5-5'));
});

test('tells what is wrong', async () => {
  const wrong = await refused(Refusal, () => ask('hi', { temperature: 3 }));

  assert.equal(wrong.code, grpc.status.INVALID_ARGUMENT);
  assert.match(wrong.details, /temperature/);
  const details = wrong.metadata.get('grpc-status-details-bin')[0].toString('latin1');
  assert.ok(details.includes('google.rpc.ErrorInfo') && details.includes('invalid_request'));
  assert.ok(wrong.metadata.get('x-request-id')[0]);
});

test('fails before a stream with a status', async () => {
  const busy = await refused(Refusal, () => streamed(script('fail overloaded')));

  assert.equal(busy.code, grpc.status.UNAVAILABLE);
});

test('fails inside a stream with an event', async () => {
  const events = await streamed(script('say half an', 'fail overloaded'));

  assert.equal(events.at(-1).event, 'failed');
  assert.equal(events.at(-1).failed.error.code, 'overloaded');
});

test('cancelling a stream cancels its run', async () => {
  const stream = chat.streamChatCompletion(question(script('say first', 'hang')), credentials());
  const [first] = await once(stream, 'data');
  stream.cancel();
  const [error] = await once(stream, 'error');

  assert.equal(error.code, grpc.status.CANCELLED);
  const limit = Date.now() + 10_000;
  let found;
  do {
    found = await call(chat, 'getRun')({ run_id: first.run_id }, credentials());
  } while (found.state === 'RUN_STATE_RUNNING' && Date.now() < limit);
  assert.equal(found.state, 'RUN_STATE_CANCELLED');
});

test('refuses strangers', async () => {
  const stranger = await refused(Refusal, () =>
    call(chat, 'createChatCompletion')(question('hi'), new grpc.Metadata()),
  );

  assert.equal(stranger.code, grpc.status.UNAUTHENTICATED);
});

await run();
