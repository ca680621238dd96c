// The official Node client of Stream mode, unmodified, against a platform elsewhere: its one fixed address is led there by the transport.
import axios from 'axios';
import { DWClient, EventAck } from 'dingtalk-stream';
import { assert, check, env, inbox } from './check.mjs';

const base = env('DINGTALK_BASE_URL');
axios.interceptors.request.use((config) => {
  config.url = config.url.replace('https://api.dingtalk.com', base).replace('https://oapi.dingtalk.com', base);
  config.headers.set('x-plain-ticket', '1'); // it puts the ticket into the address as it is
  return config;
});

const seen = inbox();
const client = new DWClient({ clientId: env('DINGTALK_CLIENT_ID'), clientSecret: env('DINGTALK_CLIENT_SECRET'), keepAlive: true });
client.registerAllEventListener((message) => {
  seen.push({ kind: 'event', type: message.headers.eventType, data: JSON.parse(message.data) });
  return { status: EventAck.SUCCESS, message: 'done' };
});
client.registerCallbackListener('/v1.0/im/bot/messages/get', (message) => {
  const { text } = JSON.parse(message.data);
  seen.push({ kind: 'message', text: text.content });
  client.socketCallBackResponse(message.headers.messageId, { heard: text.content });
});

await client.connect();
await check('an event arrives', async () => {
  assert.equal((await seen.next((e) => e.kind === 'event')).type, 'bpms_instance_change');
  assert.equal(client.registered, true, 'the REGISTERED frame came first');
});
await check('a message arrives', async () => seen.next((e) => e.text === 'hello 你好'));
await check('a closed connection comes back', async () => {
  await seen.next((e) => e.text === 'end');
  assert.equal(client.connected, true);
});
client.disconnect();
process.exit(0);
