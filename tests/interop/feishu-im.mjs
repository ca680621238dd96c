// The official Node client speaks, changes and takes back, in every way of im.v1, on the emulator.
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env, post } from './check.mjs';

const emulator = env('EMULATOR_URL');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const client = new lark.Client({ appId: env('FEISHU_APP_ID'), appSecret: env('FEISHU_APP_SECRET'), domain: emulator, logger: silent });
const im = client.im.v1;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

const send = async (msg_type, content, receive_id = 'alice', receive_id_type = 'user_id') => {
  const r = await im.message.create({ params: { receive_id_type }, data: { receive_id, msg_type, content: JSON.stringify(content) } });
  assert.equal(r.code, 0);
  return r.data;
};
const stored = async (messageId) => (await im.message.get({ path: { message_id: messageId } })).data.items[0];
const refusal = async (call) => {
  try {
    const r = await call();
    return r.code === 0 ? assert.fail('it was accepted') : r;
  } catch (error) {
    if (error.response === undefined) throw error;
    return error.response.data;
  }
};

const text = await check('text with a mention', () => send('text', { text: '<at user_id="all"></at> 你好' }));
await check('a post', async () => {
  const { message_id } = await send('post', { zh_cn: { title: '标题', content: [[{ tag: 'text', text: '第一行 ' }, { tag: 'a', text: '链接', href: 'https://mica.example' }]] } });
  assert.match((await stored(message_id)).body.content, /第一行/);
});
await check('an uploaded image, shared and fetched back from its message', async () => {
  const { image_key } = await im.image.create({ data: { image_type: 'message', image: png } });
  const { message_id } = await send('image', { image_key });
  assert.match((await stored(message_id)).body.content, new RegExp(image_key));
  // What people send is fetched as a resource of its message.
  const { json } = await post(`${emulator}/_emulator/act`, { as: 'alice', do: 'send', msg_type: 'image', base64: png.toString('base64'), name: 'dot.png' });
  const received = JSON.parse((await stored(json.message_id)).body.content);
  const resource = await im.messageResource.get({ path: { message_id: json.message_id, file_key: received.image_key }, params: { type: 'image' } });
  const chunks = [];
  for await (const chunk of resource.getReadableStream()) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), png);
});
await check('a file', async () => {
  const { file_key } = await im.file.create({ data: { file_type: 'stream', file_name: '合同.txt', file: Buffer.from('hello') } });
  await send('file', { file_key });
});
await check('a chat and a person, shared', async () => {
  const chats = (await im.chat.list({ params: { page_size: 10 } })).data.items;
  await send('share_chat', { chat_id: chats[0].chat_id });
  const me = (await client.contact.v3.user.get({ path: { user_id: 'alice' }, params: { user_id_type: 'user_id' } })).data.user.open_id;
  await send('share_user', { user_id: me });
});

await check('a reply, and a reply in a thread', async () => {
  const r = await im.message.reply({ path: { message_id: text.message_id }, data: { msg_type: 'text', content: JSON.stringify({ text: 'answer' }) } });
  assert.equal(r.data.parent_id, text.message_id);
  const threaded = await im.message.reply({
    path: { message_id: text.message_id }, data: { msg_type: 'text', content: JSON.stringify({ text: 'in the thread' }), reply_in_thread: true },
  });
  assert.match(threaded.data.thread_id, /^omt_/);
});
await check('an edit shows, and counts as one', async () => {
  const { message_id } = await send('text', { text: 'tpyo' });
  assert.equal((await im.message.update({ path: { message_id }, data: { msg_type: 'text', content: JSON.stringify({ text: 'typo' }) } })).code, 0);
  const now = await stored(message_id);
  assert.equal(JSON.parse(now.body.content).text, 'typo');
  assert.equal(now.updated, true);
});
await check('a recall; what a person wrote is not the bot\'s to recall', async () => {
  const { message_id } = await send('text', { text: 'oops' });
  assert.equal((await im.message.delete({ path: { message_id } })).code, 0);
  assert.equal((await stored(message_id)).deleted, true);
  const { json } = await post(`${emulator}/_emulator/act`, { as: 'alice', do: 'send', text: 'mine' });
  assert.ok((await refusal(() => im.message.delete({ path: { message_id: json.message_id } }))).code !== 0);
});
await check('history of a span of time, by pages', async () => {
  const seen = [];
  for await (const page of await im.message.listWithIterator({
    params: {
      container_id_type: 'chat', container_id: text.chat_id, page_size: 3, sort_type: 'ByCreateTimeDesc',
      start_time: String(Math.floor(Date.now() / 1000) - 3600), end_time: String(Math.floor(Date.now() / 1000) + 3600),
    },
  })) seen.push(...(page?.items ?? []));
  assert.ok(seen.length > 5 && new Set(seen.map((m) => m.message_id)).size === seen.length);
  assert.deepEqual(seen.map((m) => Number(m.create_time)), seen.map((m) => Number(m.create_time)).sort((a, b) => b - a));
});
await check('reactions: added, listed, removed', async () => {
  const path = { message_id: text.message_id };
  const { reaction_id } = (await im.messageReaction.create({ path, data: { reaction_type: { emoji_type: 'SMILE' } } })).data;
  assert.equal((await im.messageReaction.list({ path })).data.items.length, 1);
  assert.equal((await im.messageReaction.delete({ path: { ...path, reaction_id } })).code, 0);
  assert.equal((await im.messageReaction.list({ path })).data.items?.length ?? 0, 0);
});
await check('who read it', async () => {
  await post(`${emulator}/_emulator/act`, { as: 'alice', do: 'read', chat: text.chat_id });
  const r = await im.message.readUsers({ path: { message_id: text.message_id }, params: { user_id_type: 'user_id', page_size: 10 } });
  assert.deepEqual(r.data.items.map((i) => i.user_id), ['alice']);
});
await check('pins: set, listed, taken away', async () => {
  assert.equal((await im.pin.create({ data: { message_id: text.message_id } })).data.pin.message_id, text.message_id);
  const listed = await im.pin.list({ params: { chat_id: text.chat_id } });
  assert.deepEqual(listed.data.items.map((p) => p.message_id), [text.message_id]);
  assert.equal((await im.pin.delete({ path: { message_id: text.message_id } })).code, 0);
  assert.equal((await im.pin.list({ params: { chat_id: text.chat_id } })).data.items?.length ?? 0, 0);
});
await check('a forward, and several merged into one', async () => {
  const other = await send('text', { text: 'second' });
  const one = await im.message.forward({ path: { message_id: text.message_id }, params: { receive_id_type: 'user_id' }, data: { receive_id: 'bob' } });
  assert.equal(one.code, 0);
  assert.notEqual(one.data.chat_id, text.chat_id);
  const merged = await im.message.mergeForward({
    params: { receive_id_type: 'user_id' }, data: { receive_id: 'bob', message_id_list: [text.message_id, other.message_id] },
  });
  assert.equal(merged.data.message.msg_type, 'merge_forward');
  const parts = (await im.message.get({ path: { message_id: merged.data.message.message_id } })).data.items;
  assert.equal(parts.filter((p) => p.upper_message_id === merged.data.message.message_id).length, 2);
});
await check('urgent, in the app', async () => {
  const r = await im.message.urgentApp({ path: { message_id: text.message_id }, params: { user_id_type: 'user_id' }, data: { user_id_list: ['alice'] } });
  assert.equal(r.code, 0);
});
await check('a group: made, changed, joined, left, disbanded', async () => {
  const { chat_id } = (await im.chat.create({ params: { user_id_type: 'user_id' }, data: { name: 'Interop', user_id_list: ['alice'] } })).data;
  assert.equal((await im.chat.update({ path: { chat_id }, data: { name: 'Interop 2' } })).code, 0);
  assert.equal((await im.chat.get({ path: { chat_id } })).data.name, 'Interop 2');
  assert.equal((await im.chatMembers.create({ path: { chat_id }, params: { member_id_type: 'user_id' }, data: { id_list: ['bob'] } })).code, 0);
  const members = (await im.chatMembers.get({ path: { chat_id }, params: { member_id_type: 'user_id' } })).data.items.map((m) => m.member_id);
  assert.deepEqual(members.sort(), ['alice', 'bob']);
  assert.equal((await im.chatMembers.delete({ path: { chat_id }, params: { member_id_type: 'user_id' }, data: { id_list: ['bob'] } })).code, 0);
  await send('text', { text: 'to the group' }, chat_id, 'chat_id');
  assert.equal((await im.chat.delete({ path: { chat_id } })).code, 0);
});
await check('failures come with their codes', async () => {
  const bad = (data, receive_id_type = 'user_id') => refusal(() => im.message.create({ params: { receive_id_type }, data }));
  assert.ok((await bad({ receive_id: 'alice', msg_type: 'text', content: 'no json' })).code !== 0);
  assert.ok((await bad({ receive_id: 'alice', msg_type: 'image', content: JSON.stringify({ image_key: 'img_nowhere' }) })).code !== 0);
  assert.ok((await refusal(() => im.image.create({ data: { image_type: 'message', image: Buffer.from('not a png') } }))).code !== 0);
});
process.exit(0);
