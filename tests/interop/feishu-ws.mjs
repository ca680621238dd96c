// The official Node client's long connection against the emulator: events, fragments, callbacks, lost connections, refusals.
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env, inbox, post } from './check.mjs';

const emulator = env('EMULATOR_URL');
const appId = env('FEISHU_APP_ID');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const client = new lark.Client({ appId, appSecret: env('FEISHU_APP_SECRET'), domain: emulator, logger: silent });

const control = async (path, body, method = 'POST') => {
  const r = await post(`${emulator}/_emulator/${path}`, body, {}, method);
  assert.equal(r.status, 200, r.text);
  return r.json;
};
const connections = (body) => control('connections', body);
const online = async () => (await client.request({ method: 'GET', url: '/open-apis/event/v1/connection' })).data.online_instance_cnt;
const push = (type, event, more = {}) => control('push', { platform: 'feishu', transport: 'ws', type, event, ...more });
/** The newest delivery of a message, once it is over. */
const attempted = async (text) => {
  for (;;) {
    const { pushes } = await control('pushes?limit=20', undefined, 'GET');
    const found = pushes.find((p) => p.type === 'im.message.receive_v1' && p.plain_body.includes(text));
    if (found) return found;
  }
};
const say = (text) => control('act', { as: 'alice', do: 'send', text });

const events = inbox(), life = inbox();
let failing = 0;
const dispatcher = new lark.EventDispatcher({ logger: silent }).register({
  'im.message.receive_v1': async (data) => {
    events.push({ kind: 'message', text: JSON.parse(data.message.content).text, data });
    if (failing-- > 0) throw new Error('not now');
  },
  'test.probe_v1': async (data) => { events.push({ kind: 'probe', data }); },
  approval_instance: async (data) => { events.push({ kind: 'approval', data }); },
  'card.action.trigger': async (data) => {
    events.push({ kind: 'click', data });
    return {
      toast: { type: 'success', content: '收到' },
      card: { type: 'raw', data: { schema: '2.0', body: { elements: [{ tag: 'markdown', content: 'decided 决定' }] } } },
    };
  },
});

const start = (secret, name, eventDispatcher = dispatcher) => {
  const socket = new lark.WSClient({
    appId, appSecret: secret, domain: emulator, logger: silent,
    onReady: () => life.push(`${name} ready`),
    onReconnecting: () => life.push(`${name} reconnecting`),
    onReconnected: () => life.push(`${name} reconnected`),
    onError: (error) => life.push(`${name} failed: ${error.message}`),
  });
  socket.start({ eventDispatcher });
  return socket;
};
const happens = (text) => life.next((l) => l.startsWith(text));

await connections({ do: 'configure', ping_interval: 1, reconnect_interval: 1, reconnect_nonce: 0 });
const socket = start(env('FEISHU_APP_SECRET'), 'main');

await check('it connects and counts as online', async () => {
  await happens('main ready');
  assert.equal(await online(), 1);
});

await check('what Alice writes arrives', async () => {
  await say('订单 4711 +/= "引号" <标签>');
  const { data } = await events.next((e) => e.text === '订单 4711 +/= "引号" <标签>');
  assert.equal(data.sender.sender_id.user_id, 'alice');
  assert.equal(data.app_id, appId);
});

await check('an event in seven frames, cut inside of characters', async () => {
  const r = await push('test.probe_v1', { note: '片段😀'.repeat(50) }, { fragments: 7 });
  assert.equal(r.status, 200, JSON.stringify(r));
  const { data } = await events.next((e) => e.kind === 'probe');
  assert.equal(data.note, '片段😀'.repeat(50));
});

await check('an event of 300 KB is cut on its own', async () => {
  const r = await push('test.probe_v1', { note: 'x'.repeat(300_000) });
  assert.equal(r.status, 200);
  await events.next((e) => e.kind === 'probe' && e.data.note.length === 300_000);
});

await check('schema 1.0 is delivered too', async () => {
  const r = await push('approval_instance', { approval_code: 'A1', instance_code: 'I1', status: 'APPROVED' }, { schema: '1.0' });
  assert.equal(r.status, 200);
  assert.equal((await events.next((e) => e.kind === 'approval')).data.instance_code, 'I1');
});

await check('an event without a handler is acknowledged with the words of the client', async () => {
  const r = await push('test.unheard_v1', {});
  assert.equal(r.status, 200);
  assert.match(r.body, /event handle/);
});

await check('a click: its toast and its card are shown', async () => {
  const sent = await client.im.v1.message.create({
    params: { receive_id_type: 'user_id' },
    data: {
      receive_id: 'alice', msg_type: 'interactive',
      content: JSON.stringify({
        schema: '2.0',
        body: { elements: [{ tag: 'button', text: { tag: 'plain_text', content: 'OK' }, behaviors: [{ type: 'callback', value: { decision: 'yes' } }] }] },
      }),
    },
  });
  const shown = await control('act', { as: 'alice', do: 'click', message_id: sent.data.message_id, text: 'OK' });
  assert.equal(shown.toast.content, '收到', JSON.stringify(shown));
  const { data } = await events.next((e) => e.kind === 'click');
  assert.deepEqual(data.action.value, { decision: 'yes' });
  assert.equal(data.context.open_message_id, sent.data.message_id);
  const state = await control('state', undefined, 'GET');
  assert.ok(JSON.stringify(state.cards.find((c) => c.message_id === sent.data.message_id)).includes('decided 决定'));
});

await check('a handler that throws gets the event again, under the same id', async () => {
  failing = 1;
  await say('again please');
  const first = await events.next((e) => e.text === 'again please');
  events.seen.splice(events.seen.indexOf(first), 1);
  assert.equal((await attempted('again please')).status, 500);
  await control('clock', { advance: 15 });
  const second = await events.next((e) => e.text === 'again please');
  assert.equal(second.data.event_id, first.data.event_id);
});

await check('it pings, and takes new settings from the pong', async () => {
  const pings = async () => (await control('connections', undefined, 'GET')).connections[0].pings;
  const before = await pings();
  for (let now = before; now < before + 2;) now = await pings();
});

await check('a dropped connection comes back, over a server that is busy at first, and nothing said meanwhile is lost', async () => {
  await connections({ do: 'refuse', at: 'endpoint', code: 1000040343, count: 1 });
  await connections({ do: 'abort' });
  await happens('main reconnecting');
  await say('said into the gap');
  await happens('main reconnected');
  if ((await attempted('said into the gap')).next_attempt) await control('clock', { advance: 15 });
  await events.next((e) => e.text === 'said into the gap');
});

await check('a closed connection comes back too', async () => {
  life.seen.length = 0;
  await connections({ do: 'close', code: 1001, reason: 'maintenance' });
  await happens('main reconnected');
  await say('after the close');
  await events.next((e) => e.text === 'after the close');
});

await check('a wrong secret ends the client at once, with the code', async () => {
  start('wrong', 'thief');
  assert.match(await happens('thief failed'), /514/);
});

await check('fifty connections are taken and the 51st is refused for good', async () => {
  const more = [];
  for (let i = 2; i <= 50; i++) {
    more.push(start(env('FEISHU_APP_SECRET'), `c${i}.`));
    await happens(`c${i}. ready`);
  }
  assert.equal(await online(), 50);
  start(env('FEISHU_APP_SECRET'), 'last');
  assert.match(await happens('last failed'), /1000040350/);
  for (const one of more) one.close({ force: true });
});

socket.close({ force: true });
process.exit(0);
