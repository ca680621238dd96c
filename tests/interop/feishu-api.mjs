// The official Node client calls the emulator, unmodified.
import { Readable } from 'node:stream';
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env } from './check.mjs';

const domain = env('EMULATOR_URL');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const make = (appSecret) => new lark.Client({ appId: env('FEISHU_APP_ID'), appSecret, domain, logger: silent });
const client = make(env('FEISHU_APP_SECRET'));

// A real 1x1 PNG.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

const sent = await check('a text message to a person by user_id', async () => {
  const r = await client.im.v1.message.create({
    params: { receive_id_type: 'user_id' },
    data: { receive_id: 'alice', msg_type: 'text', content: JSON.stringify({ text: '你好，Alice' }), uuid: 'interop-1' },
  });
  assert.equal(r.code, 0);
  assert.match(r.data.message_id, /^om_/);
  assert.match(r.data.chat_id, /^oc_/);
  assert.equal(JSON.parse(r.data.body.content).text, '你好，Alice');
  return r.data;
});

await check('the same uuid again is the same message', async () => {
  const r = await client.im.v1.message.create({
    params: { receive_id_type: 'user_id' },
    data: { receive_id: 'alice', msg_type: 'text', content: JSON.stringify({ text: '你好，Alice' }), uuid: 'interop-1' },
  });
  assert.equal(r.data.message_id, sent.message_id);
});

await check('a reply', async () => {
  const r = await client.im.v1.message.reply({
    path: { message_id: sent.message_id },
    data: { msg_type: 'text', content: JSON.stringify({ text: 'second' }) },
  });
  assert.equal(r.code, 0);
  assert.equal(r.data.parent_id, sent.message_id);
});

await check('a GET carries a JSON body and is served all the same', async () => {
  const r = await client.im.v1.message.get({ path: { message_id: sent.message_id } });
  assert.equal(r.data.items[0].message_id, sent.message_id);
});

await check('history, by the iterator of the client', async () => {
  const ids = [];
  for await (const page of await client.im.v1.message.listWithIterator({
    params: { container_id_type: 'chat', container_id: sent.chat_id, page_size: 1, sort_type: 'ByCreateTimeAsc' },
  })) ids.push(...(page?.items ?? []).map((m) => m.message_id));
  assert.ok(ids.includes(sent.message_id));
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length >= 2);
});

await check('a card, and its update by message_id', async () => {
  const card = (text) => JSON.stringify({ config: { update_multi: true }, elements: [{ tag: 'div', text: { tag: 'lark_md', content: text } }] });
  const r = await client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: { receive_id: sent.chat_id, msg_type: 'interactive', content: card('before') },
  });
  const patched = await client.im.v1.message.patch({ path: { message_id: r.data.message_id }, data: { content: card('after') } });
  assert.equal(patched.code, 0);
});

await check('an image from a Buffer (a part without file name) and back', async () => {
  const r = await client.im.v1.image.create({ data: { image_type: 'message', image: png } });
  assert.match(r.image_key, /^img_/);
  const download = await client.im.v1.image.get({ path: { image_key: r.image_key } });
  const chunks = [];
  for await (const chunk of download.getReadableStream()) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), png);
});

await check('a file from a Buffer', async () => {
  const r = await client.im.v1.file.create({ data: { file_type: 'stream', file_name: '合同.txt', file: Buffer.from('hello') } });
  assert.match(r.file_key, /^file_/);
});

await check('people by mail address, an unknown one without a user_id', async () => {
  const me = await client.contact.v3.user.get({ path: { user_id: 'alice' }, params: { user_id_type: 'user_id' } });
  const mail = me.data.user.email;
  const r = await client.contact.v3.user.batchGetId({ params: { user_id_type: 'user_id' }, data: { emails: [mail, 'nobody@example.com'] } });
  assert.equal(r.data.user_list.find((u) => u.email === mail).user_id, 'alice');
  assert.equal(r.data.user_list.find((u) => u.email === 'nobody@example.com').user_id, undefined);
});

await check('chats, by the iterator of the client', async () => {
  let count = 0;
  for await (const page of await client.im.v1.chat.listWithIterator({ params: { page_size: 1 } })) count += page?.items?.length ?? 0;
  assert.ok(count >= 2);
});

await check('the bot knows itself', async () => {
  const r = await client.request({ method: 'GET', url: '/open-apis/bot/v3/info' });
  assert.match(r.bot.open_id, /^ou_/);
});

const failure = async (call) => {
  try {
    const r = await call();
    return r.code === 0 ? assert.fail('it was accepted') : r;
  } catch (error) {
    if (error.response === undefined) throw error;
    return error.response.data;
  }
};

await check('a page size beyond the limit names the field', async () => {
  const r = await failure(() => client.im.v1.message.list({ params: { container_id_type: 'chat', container_id: sent.chat_id, page_size: 51 } }));
  assert.ok(r.code !== 0);
  assert.ok(JSON.stringify(r.error ?? {}).includes('page_size') || r.msg.includes('page_size'), JSON.stringify(r));
});

await check('an unknown receiver is refused with a log id', async () => {
  const r = await failure(() => client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: { receive_id: 'oc_ffffffffffffffffffffffffffffffff', msg_type: 'text', content: JSON.stringify({ text: 'x' }) },
  }));
  assert.ok([230001, 230002, 230034].includes(r.code), JSON.stringify(r));
  assert.ok(r.error.log_id);
});

await check('a wrong secret gets no token', async () => {
  const r = await failure(() => make('wrong-secret').auth.v3.tenantAccessToken.internal({ data: { app_id: env('FEISHU_APP_ID'), app_secret: 'wrong-secret' } }));
  assert.ok([10014, 10015].includes(r.code), JSON.stringify(r));
});

await check('an image from a stream', async () => {
  const stream = Readable.from([png]);
  stream.path = 'dot.png';
  const r = await client.im.v1.image.create({ data: { image_type: 'message', image: stream } });
  assert.match(r.image_key, /^img_/);
});
