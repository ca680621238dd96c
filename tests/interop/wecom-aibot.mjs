// The official AI bot client converses with the stub that the tests of our own connection use: it proves the stub's wire.
import sdk from '@wecom/aibot-node-sdk';
import { assert, check, env, inbox, post } from './check.mjs';

const stub = env('STUB_URL');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const WSClient = sdk.WSClient ?? sdk.default?.WSClient;
const options = { botId: env('WECOM_AIBOT_ID'), secret: env('WECOM_AIBOT_SECRET'), wsUrl: `${stub.replace('http', 'ws')}/aibot/ws`, logger: silent, reconnectInterval: 10 };
const got = inbox();
const listen = (client, name) => {
  client.on('authenticated', () => got.push({ name, kind: 'authenticated' }));
  client.on('message.text', (frame) => got.push({ name, kind: 'text', frame }));
  client.on('event', (frame) => got.push({ name, kind: frame.body.event.eventtype, frame }));
  client.on('error', () => {});
  return client;
};
const deliver = (cmd, req_id, body) => post(`${stub}/deliver`, { cmd, req_id, body });

const client = listen(new WSClient(options), 'first');
await check('it subscribes', async () => {
  client.connect();
  await got.next((e) => e.kind === 'authenticated');
});

await check('a message arrives, and a stream answers it frame by frame', async () => {
  await deliver('aibot_msg_callback', 'r-1', { msgid: 'm-1', aibotid: options.botId, chattype: 'single', from: { userid: 'alice' }, msgtype: 'text', text: { content: '你好' } });
  const { frame } = await got.next((e) => e.kind === 'text');
  assert.equal(frame.body.text.content, '你好');
  assert.equal((await client.replyStream(frame, 's-1', '一', false)).errcode, 0);
  assert.equal((await client.replyStream(frame, 's-1', '一二', true)).errcode, 0);
});

await check('welcome, update of a card and an active message are acknowledged', async () => {
  await deliver('aibot_event_callback', 'r-2', { msgid: 'e-1', aibotid: options.botId, from: { userid: 'alice' }, msgtype: 'event', event: { eventtype: 'enter_chat' } });
  const { frame } = await got.next((e) => e.kind === 'enter_chat');
  await client.replyWelcome(frame, { msgtype: 'text', text: { content: '欢迎' } });
  await deliver('aibot_event_callback', 'r-3', {
    msgid: 'e-2', aibotid: options.botId, from: { userid: 'alice' }, msgtype: 'event',
    event: { eventtype: 'template_card_event', template_card_event: { card_type: 'button_interaction', event_key: 'yes', task_id: 't-1' } },
  });
  const click = await got.next((e) => e.kind === 'template_card_event');
  await client.updateTemplateCard(click.frame, { card_type: 'text_notice', task_id: 't-1', main_title: { title: 'done' } });
  await client.sendMessage('alice', { msgtype: 'markdown', markdown: { content: '早' } });
});

await check('a file is uploaded', async () => {
  const media = await client.uploadMedia(Buffer.from('hello upload'), { type: 'file', filename: 'a.txt' });
  assert.equal(media.media_id, 'M-7');
});

await check('a second connection throws the first one out', async () => {
  const second = listen(new WSClient(options), 'second');
  second.connect();
  await got.next((e) => e.name === 'second' && e.kind === 'authenticated');
  await got.next((e) => e.name === 'first' && e.kind === 'disconnected_event');
  second.disconnect();
});
process.exit(0);
