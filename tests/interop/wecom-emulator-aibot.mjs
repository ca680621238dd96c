// The official AI bot client against the emulated socket: it subscribes, streams, welcomes, updates, pushes, uploads, downloads and is thrown out.
import sdk from '@wecom/aibot-node-sdk';
import { assert, check, env, inbox, post } from './check.mjs';

const base = env('EMULATOR_URL');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const WSClient = sdk.WSClient ?? sdk.default?.WSClient;
const options = { botId: env('WECOM_AIBOT_ID'), secret: env('WECOM_AIBOT_SECRET'), wsUrl: `${base.replace('http', 'ws')}/aibot/ws`, logger: silent, reconnectInterval: 10 };
const got = inbox();
const listen = (client, name) => {
  client.on('authenticated', () => got.push({ name, kind: 'authenticated' }));
  client.on('message', (frame) => got.push({ name, kind: frame.body.msgtype, frame }));
  client.on('event', (frame) => got.push({ name, kind: frame.body.event.eventtype, frame }));
  client.on('error', (error) => got.push({ name, kind: 'error', error }));
  return client;
};
const act = async (action) => {
  const answer = await post(`${base}/_emulator/act`, { platform: 'wecom', as: 'alice', to: 'aibot', ...action });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const wait = async (what) => {
  const answer = await act({ do: 'wait', from: 'aibot', ...what });
  assert.ok(answer.found, `nothing fits ${JSON.stringify(what)}`);
  return answer.message;
};

await check('a wrong secret is refused with its code', async () => {
  const stranger = listen(new WSClient({ ...options, secret: 'wrong', maxAuthFailureAttempts: 1 }), 'stranger');
  stranger.connect();
  const { error } = await got.next((e) => e.name === 'stranger' && e.kind === 'error');
  assert.match(error.message, /853000/);
  stranger.disconnect();
});

const client = listen(new WSClient(options), 'first');
await check('it subscribes', async () => {
  client.connect();
  await got.next((e) => e.name === 'first' && e.kind === 'authenticated');
});

let question;
await check('a person asks, and the answer grows in the chat', async () => {
  await act({ do: 'send', text: '你好' });
  question = (await got.next((e) => e.kind === 'text')).frame;
  assert.equal(question.body.text.content, '你好');
  assert.equal(question.body.from.userid, 'alice');
  assert.equal((await client.replyStream(question, 's-1', '一', false, undefined, { id: 'feedback-1' })).errcode, 0);
  assert.equal((await wait({ contains: '一' })).stream.finished, false);
  assert.equal((await client.replyStream(question, 's-1', '一二', true)).errcode, 0);
  const shown = await wait({ contains: '一二', finished: true });
  assert.equal(shown.stream.frames, 2);
  const rated = await act({ do: 'feedback', to: undefined, message_id: shown.message_id, rating: 'good' });
  assert.equal(rated.ok, true);
  const feedback = (await got.next((e) => e.kind === 'feedback_event')).frame.body.event.feedback_event;
  assert.deepEqual(feedback, { id: 'feedback-1', type: 1 });
});

await check('a welcome, a card, its press and its update', async () => {
  await act({ do: 'enter' });
  await client.replyWelcome((await got.next((e) => e.kind === 'enter_chat')).frame, { msgtype: 'text', text: { content: '欢迎' } });
  await wait({ contains: '欢迎' });
  await client.replyTemplateCard(question, { card_type: 'button_interaction', main_title: { title: '付款' }, task_id: 't-1', button_list: [{ text: '同意', style: 1, key: 'yes' }] });
  await wait({ kind: 'template_card' });
  await act({ do: 'click', key: 'yes' });
  const press = (await got.next((e) => e.kind === 'template_card_event')).frame;
  assert.equal(press.body.event.template_card_event.event_key, 'yes');
  await client.updateTemplateCard(press, { card_type: 'text_notice', task_id: 't-1', main_title: { title: '已同意' }, card_action: { type: 0 } });
  assert.equal((await wait({ kind: 'template_card', contains: '已同意' })).card.card_type, 'text_notice');
});

await check('an active message, and one to a stranger', async () => {
  await client.sendMessage('alice', { msgtype: 'markdown', markdown: { content: '**早**' } });
  await wait({ contains: '**早**' });
  await assert.rejects(client.sendMessage('bob', { msgtype: 'markdown', markdown: { content: 'x' } }), (refused) => refused.errcode === 93006 || /93006/.test(refused.message ?? ''));
});

await check('files go up in pieces and come down encrypted', async () => {
  const media = await client.uploadMedia(Buffer.alloc(1_200_000, 7), { type: 'file', filename: 'big.bin' });
  await client.replyMedia(question, 'file', media.media_id);
  await wait({ kind: 'file', contains: 'big.bin' });
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
  await act({ do: 'send', msg_type: 'image', base64: picture.toString('base64'), name: 'p.png' });
  const { image } = (await got.next((e) => e.kind === 'image')).frame.body;
  assert.deepEqual((await client.downloadFile(image.url, image.aeskey)).buffer, picture);
});

await check('a second connection throws the first one out', async () => {
  const second = listen(new WSClient(options), 'second');
  second.connect();
  await got.next((e) => e.name === 'second' && e.kind === 'authenticated');
  await got.next((e) => e.name === 'first' && e.kind === 'disconnected_event');
  second.disconnect();
});
process.exit(0);
