// The usual WebSocket client for JavaScript against a whole server:
//     node check.mjs HOST:PORT KEY
import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { run, test } from '../cases.mjs';

// The package is installed in the folder that the script runs in.
const WebSocket = createRequire(path.join(process.cwd(), 'package.json'))('ws');

const [target, key] = process.argv.slice(2);
const URL = `ws://${target}/v1/ws`;

/** What is waited for comes soon, or the case fails. */
const soon = () => ({ signal: AbortSignal.timeout(20_000) });
const event = (socket, name) => once(socket, name, soon());

const chat = (id, ...lines) =>
  JSON.stringify({
    id,
    type: 'chat',
    request: { model: 'scripted/any', messages: [{ role: 'user', content: ['/script', ...lines].join('\n') }] },
  });

async function opened(protocols, options) {
  const socket = new WebSocket(URL, protocols, options);
  await event(socket, 'open');
  return socket;
}

const withKey = () => opened([], { headers: { authorization: `Bearer ${key}` } });

/** The text of each subscription, once as many as that have ended. */
async function texts(socket, count) {
  const texts = {};
  for await (const [data] of on(socket, 'message', soon())) {
    const { id, type, event, error } = JSON.parse(data);
    assert.equal(error, undefined);
    texts[id] = (texts[id] ?? '') + (event?.text?.text ?? '');
    count -= type === 'end' ? 1 : 0;
    if (count === 0) {
      return texts;
    }
  }
}

test('streams a chat', async () => {
  const socket = await withKey();
  socket.send(chat('1', 'say hello there'));

  assert.deepEqual(await texts(socket, 1), { 1: 'hello there' });
  socket.close(1000, 'done');
  const [code] = await event(socket, 'close');
  assert.equal(code, 1000);
});

test('streams several chats at once', async () => {
  const socket = await withKey();
  for (const id of ['a', 'b', 'c']) {
    socket.send(chat(id, `say I am ${id}`));
  }

  assert.deepEqual(await texts(socket, 3), { a: 'I am a', b: 'I am b', c: 'I am c' });
  socket.terminate();
});

test('sends its key as a subprotocol', async () => {
  const hidden = Buffer.from(key).toString('base64url');
  const socket = await opened(['tandem.v1', `tandem.key.${hidden}`]);

  assert.equal(socket.protocol, 'tandem.v1');
  socket.send(chat('1', 'say hello'));
  assert.deepEqual(await texts(socket, 1), { 1: 'hello' });
  socket.terminate();
});

test('is refused without a key', async () => {
  const socket = new WebSocket(URL);
  const [, response] = await event(socket, 'unexpected-response');

  assert.equal(response.statusCode, 401);
  const body = JSON.parse((await response.toArray()).join(''));
  assert.equal(body.error.code, 'unauthorized');
});

test('is answered when it pings', async () => {
  const socket = await withKey();
  socket.ping('are you there');

  const [payload] = await event(socket, 'pong');
  assert.equal(payload.toString(), 'are you there');
  socket.terminate();
});

test('hears why it is closed', async () => {
  const socket = await withKey();
  socket.send('x'.repeat(2 << 20));

  const [code, reason] = await event(socket, 'close');
  assert.equal(code, 1009);
  assert.equal(reason.toString(), 'a message may have 1048576 bytes');
});

await run();
