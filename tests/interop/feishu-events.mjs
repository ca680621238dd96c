// The official Node dispatcher receives the emulator's pushes: address check, encrypted and signed events, card callbacks.
import http from 'node:http';
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env, inbox, post } from './check.mjs';

const emulator = env('EMULATOR_URL');
const appId = env('FEISHU_APP_ID');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const client = new lark.Client({ appId, appSecret: env('FEISHU_APP_SECRET'), domain: emulator, logger: silent });
const events = inbox();

const dispatcher = new lark.EventDispatcher({
  encryptKey: env('FEISHU_ENCRYPT_KEY'),
  verificationToken: env('FEISHU_VERIFICATION_TOKEN'),
  logger: silent,
}).register({
  'im.message.receive_v1': async (data) => { events.push({ kind: 'message', data }); },
  'card.action.trigger': async (data) => {
    events.push({ kind: 'click', data });
    return {
      toast: { type: 'success', content: '收到' },
      card: { type: 'raw', data: { config: { update_multi: true }, elements: [{ tag: 'div', text: { tag: 'plain_text', content: 'decided' } }] } },
    };
  },
});

const server = http.createServer(lark.adaptDefault('/webhook', dispatcher, { autoChallenge: true }));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const callback = `http://127.0.0.1:${server.address().port}/webhook`;

await check('the address check passes (encrypted challenge)', async () => {
  const r = await post(`${emulator}/_emulator/apps/${appId}/callback`, { url: callback }, {}, 'PUT');
  assert.equal(r.status, 200, r.text);
});

const marker = '订单 4711 +/= "引号" <标签>';
await check('a message written by Alice arrives, decrypted and with a signature the client accepts', async () => {
  const r = await post(`${emulator}/_emulator/act`, { as: 'alice', do: 'send', text: marker });
  assert.equal(r.status, 200, r.text);
  const { data } = await events.next((e) => e.kind === 'message' && JSON.parse(e.data.message.content).text === marker);
  assert.equal(data.sender.sender_id.user_id, 'alice');
  assert.equal(data.message.chat_type, 'p2p');
  assert.equal(data.app_id, appId);
});

await check('a click reaches the client; its toast and its card are shown', async () => {
  const sent = await client.im.v1.message.create({
    params: { receive_id_type: 'user_id' },
    data: {
      receive_id: 'alice',
      msg_type: 'interactive',
      content: JSON.stringify({
        config: { update_multi: true },
        elements: [{ tag: 'action', actions: [{ tag: 'button', type: 'primary', text: { tag: 'plain_text', content: 'OK' }, value: { decision: 'yes' } }] }],
      }),
    },
  });
  const r = await post(`${emulator}/_emulator/act`, { as: 'alice', do: 'click', message_id: sent.data.message_id, value: { decision: 'yes' } });
  assert.equal(r.status, 200, r.text);
  assert.equal(r.json.toast.content, '收到', r.text);
  const { data } = await events.next((e) => e.kind === 'click');
  assert.deepEqual(data.action.value, { decision: 'yes' });
  assert.equal(data.context.open_message_id, sent.data.message_id);
  const after = await client.im.v1.message.get({ path: { message_id: sent.data.message_id } });
  assert.ok(JSON.stringify(after.data.items[0]).includes('decided'));
});

await check('schema 1.0 is delivered too', async () => {
  const got = inbox();
  dispatcher.register({ approval_instance: async (data) => { got.push(data); } });
  const r = await post(`${emulator}/_emulator/push`, {
    platform: 'feishu', transport: 'webhook', callbackUrl: callback, type: 'approval_instance', schema: '1.0', encrypt: true,
    event: { approval_code: 'A1', instance_code: 'I1', status: 'APPROVED', operate_time: '1700000000000' },
  });
  assert.equal(r.json.status, 200, r.text);
  const data = await got.next(() => true);
  assert.equal(data.instance_code, 'I1');
});

server.close();
server.closeAllConnections();
