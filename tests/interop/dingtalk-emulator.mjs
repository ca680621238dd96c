// The official Node client of Stream mode, unmodified, against the emulated DingTalk: its fixed addresses are led there by the transport.
import axios from 'axios';
import { DWClient, EventAck } from 'dingtalk-stream';
import { assert, check, env, inbox, post } from './check.mjs';

const base = env('DINGTALK_BASE_URL');
axios.interceptors.request.use((config) => {
  config.url = config.url.replace('https://api.dingtalk.com', base).replace('https://oapi.dingtalk.com', base);
  return config;
});

const control = async (path, body) => {
  const answer = body ? await post(`${base}/_emulator/${path}`, body) : { json: await (await fetch(`${base}/_emulator/${path}`)).json() };
  return answer.json;
};
const act = (action) => control('act', { platform: 'dingtalk', ...action });
const state = async () => (await control('state')).dingtalk;

const seen = inbox();
const client = new DWClient({ clientId: env('DINGTALK_CLIENT_ID'), clientSecret: env('DINGTALK_CLIENT_SECRET'), keepAlive: true });
client.registerAllEventListener((message) => {
  seen.push({ kind: 'event', registered: client.registered, type: message.headers.eventType, data: JSON.parse(message.data) });
  return { status: EventAck.SUCCESS, message: 'done' };
});
client.registerCallbackListener('/v1.0/im/bot/messages/get', async (message) => {
  const said = JSON.parse(message.data);
  await axios.post(said.sessionWebhook, { msgtype: 'markdown', markdown: { title: 'answer', text: `**${said.text.content.trim()}**` } });
  client.socketCallBackResponse(message.headers.messageId, null);
  seen.push({ kind: 'message', said });
});
client.registerCallbackListener('/v1.0/card/instances/callback', (message) => {
  const click = JSON.parse(message.data);
  const { cardPrivateData } = JSON.parse(click.content);
  client.socketCallBackResponse(message.headers.messageId, {
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
    cardData: { cardParamMap: { status: `${cardPrivateData.actionIds[0]} by ${click.userId}` } },
    userPrivateData: { cardParamMap: { mine: 'yes' } },
  });
});

assert.equal(client.registered, false);
await client.connect();

await check('an event arrives after the client was registered, and its acknowledgement is read', async () => {
  const pushed = await control('push', { platform: 'dingtalk', transport: 'stream', type: 'bpms_instance_change', event: { processInstanceId: 'pi', type: 'start' } });
  assert.equal(pushed.status, 200, JSON.stringify(pushed));
  assert.equal(JSON.parse(pushed.body).status, 'SUCCESS');
  const event = await seen.next((e) => e.kind === 'event');
  assert.equal(event.type, 'bpms_instance_change');
  assert.equal(event.registered, true, 'the REGISTERED frame came first');
});

await check('a message is answered at its session webhook', async () => {
  await act({ as: 'alice', do: 'send', text: 'hello 你好 +/=' });
  const { said } = await seen.next((e) => e.kind === 'message');
  assert.equal(said.senderStaffId, 'alice');
  const { messages } = await state();
  assert.deepEqual(messages.map((m) => m.text), ['hello 你好 +/=', '**hello 你好 +/=**']);
});

await check('a card is streamed, clicked and changed by the answer', async () => {
  const token = await client.getAccessToken();
  const call = (method, path, body) => axios({ method, url: `https://api.dingtalk.com${path}`, data: body, headers: { 'x-acs-dingtalk-access-token': token } });
  const made = await call('POST', '/v1.0/card/instances/createAndDeliver', {
    cardTemplateId: '02fcf2f4-5e02-4a85-b672-46d1f715543e.schema', outTrackId: 'card-1', callbackType: 'STREAM',
    cardData: { cardParamMap: { msgContent: '', buttons: JSON.stringify([{ id: 'agree', text: '同意' }]) } },
    openSpaceId: 'dtv1.card//IM_ROBOT.alice', imRobotOpenSpaceModel: { supportForward: true }, imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT' },
  });
  assert.equal(made.data.result.deliverResults[0].success, true, JSON.stringify(made.data));
  for (const [guid, content, isFinalize] of [['1', 'half', false], ['2', 'half and half', true]]) {
    await call('PUT', '/v1.0/card/streaming', { outTrackId: 'card-1', guid, key: 'msgContent', content, isFull: true, isFinalize, isError: false });
  }

  const clicked = await act({ as: 'alice', do: 'click', card: 'card-1', action: 'agree' });
  assert.equal(clicked.ok, true, JSON.stringify(clicked));
  const [card] = (await state()).cards;
  assert.deepEqual([card.text, card.stage, card.frames], ['half and half', 'FINISHED', 2]);
  assert.equal(card.data.status, 'agree by alice');
  assert.deepEqual(card.private_data.alice, { mine: 'yes' });
});

await check('told to go, the client comes back on a new connection', async () => {
  await act({ do: 'disconnect' });
  await control('clock', { advance: 11 });
  while ((await state()).connections.some((c) => c.id === 'stream-1') || (await state()).connections.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await act({ as: 'alice', do: 'send', text: 'again' });
  await seen.next((e) => e.said?.text.content === 'again');
  assert.equal(client.connected, true);
});

client.disconnect();
process.exit(0);
