// The official Node client sends, changes and streams cards on the emulator.
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env, post } from './check.mjs';

const emulator = env('EMULATOR_URL');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const identity = { appId: env('FEISHU_APP_ID'), appSecret: env('FEISHU_APP_SECRET'), domain: emulator, logger: silent };
const client = new lark.Client(identity);

const send = async (msg_type, content) => (await client.im.v1.message.create({
  params: { receive_id_type: 'user_id' }, data: { receive_id: 'alice', msg_type, content: JSON.stringify(content) },
})).data;
const card = (content, config = {}) => ({ schema: '2.0', config, body: { elements: [{ tag: 'markdown', element_id: 'text', content }] } });
const shown = async (messageId) => {
  const { json } = await post(`${emulator}/_emulator/state`, undefined, {}, 'GET');
  return JSON.stringify(json.cards.find((c) => c.message_id === messageId)?.card ?? null);
};
const refused = async (call) => {
  try {
    const r = await call();
    return r?.code ? r : assert.fail('it was accepted');
  } catch (error) {
    if (error.response === undefined) throw error;
    return error.response.data;
  }
};

await check('a card of JSON 2.0, and its change by message_id', async () => {
  const { message_id } = await send('interactive', card('before', { update_multi: true }));
  const r = await client.im.v1.message.patch({ path: { message_id }, data: { content: JSON.stringify(card('after', { update_multi: true })) } });
  assert.equal(r.code, 0);
  assert.ok((await shown(message_id)).includes('after'));
});

await check('an unknown template and an unknown entity are refused with their codes', async () => {
  const template = await refused(() => send('interactive', { type: 'template', data: { template_id: 'AAqunknown', template_variable: { a: 'b' } } }));
  assert.ok(template.code !== 0 && JSON.stringify(template).match(/200380|11310|template/i), JSON.stringify(template));
  const entity = await refused(() => send('interactive', { type: 'card', data: { card_id: '7355439197428236291' } }));
  assert.ok(entity.code !== 0, JSON.stringify(entity));
});

await check('a template of the builder, with its variables', async () => {
  const made = await post(`${emulator}/_emulator/templates`, {
    template_id: 'AAqInterop', versions: [{
      name: '1.0.0', variables: [{ name: 'who', type: 'string', default: 'nobody' }], card: card('Hello ${who}'),
    }],
  });
  assert.equal(made.status, 200, made.text);
  const { message_id } = await send('interactive', { type: 'template', data: { template_id: 'AAqInterop', template_version_name: '1.0.0', template_variable: { who: '艾丽丝' } } });
  assert.ok((await shown(message_id)).includes('Hello 艾丽丝'));
});

const cardkit = client.cardkit.v1;
const { card_id } = await check('a card entity', async () => (await cardkit.card.create({
  data: { type: 'card_json', data: JSON.stringify(card('loading…', { streaming_mode: true })) },
})).data);

const entity = await check('the entity in a message', async () => {
  const sent = await send('interactive', { type: 'card', data: { card_id } });
  assert.ok((await shown(sent.message_id)).includes('loading'));
  return sent;
});

await check('text streams into an element, and a sequence that does not rise is refused', async () => {
  const at = (sequence, content) => cardkit.cardElement.content({ path: { card_id, element_id: 'text' }, data: { content, sequence } });
  assert.equal((await at(1, 'Hel')).code, 0);
  assert.equal((await at(2, 'Hello')).code, 0);
  assert.ok((await refused(() => at(2, 'again'))).code !== 0);
  assert.ok((await shown(entity.message_id)).includes('Hello'));
});

await check('elements are added, changed and removed, streaming is closed', async () => {
  const added = await cardkit.cardElement.create({
    path: { card_id }, data: { type: 'append', elements: JSON.stringify([{ tag: 'markdown', element_id: 'more', content: 'more' }]), sequence: 3 },
  });
  assert.equal(added.code, 0);
  assert.equal((await cardkit.cardElement.patch({ path: { card_id, element_id: 'more' }, data: { partial_element: JSON.stringify({ content: 'most' }), sequence: 4 } })).code, 0);
  assert.ok((await shown(entity.message_id)).includes('most'));
  assert.equal((await cardkit.cardElement.delete({ path: { card_id, element_id: 'more' }, data: { sequence: 5 } })).code, 0);
  assert.ok(!(await shown(entity.message_id)).includes('most'));
  assert.equal((await cardkit.card.settings({ path: { card_id }, data: { settings: JSON.stringify({ config: { streaming_mode: false } }), sequence: 6 } })).code, 0);
});

await check('the whole entity is replaced', async () => {
  const r = await cardkit.card.update({ path: { card_id }, data: { card: { type: 'card_json', data: JSON.stringify(card('whole new')) }, sequence: 7 } });
  assert.equal(r.code, 0);
  assert.ok((await shown(entity.message_id)).includes('whole new'));
});

const channel = lark.createLarkChannel({ ...identity, outbound: { streamThrottleMs: 20 } });
const me = (await client.contact.v3.user.get({ path: { user_id: 'alice' }, params: { user_id_type: 'user_id' } })).data.user.open_id;

await check('the markdown stream of the client ends with all of its text, and with streaming off', async () => {
  const words = Array.from({ length: 30 }, (_, i) => `词${i} `);
  const { messageId } = await channel.stream(me, { markdown: async (stream) => { for (const word of words) await stream.append(word); } });
  const card = await shown(messageId);
  assert.ok(card.includes(words.join('').trimEnd()), card);
  assert.ok(card.includes('"streaming_mode":false'), card);
});

await check('a stream whose producer fails says so in the card', async () => {
  await assert.rejects(channel.stream(me, { markdown: async (stream) => { await stream.append('half '); throw new Error('broken'); } }), /broken/);
  const { json } = await post(`${emulator}/_emulator/state`, undefined, {}, 'GET');
  const last = JSON.stringify(json.cards.at(-1).card);
  assert.ok(last.includes('half') && last.includes('"streaming_mode":false'), last);
});
process.exit(0);
