// The official @wecom/crypto plays the application and the AI bot at a callback address: it opens what the emulated platform sends, and seals the replies.
import { createServer } from 'node:http';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { assert, check, env, inbox, post } from './check.mjs';

const base = env('EMULATOR_URL');
const corp = env('WECOM_CORP_ID');
const token = env('WECOM_TOKEN');
const key = env('WECOM_ENCODING_AES_KEY');
const got = inbox();
const element = (xml, name) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(xml)?.[1];
const sealed = (text, id) => {
  const encrypted = encrypt(key, text, id);
  const timestamp = Math.floor(Date.now() / 1000);
  return { encrypted, timestamp, nonce: 'n42', signature: getSignature(token, timestamp, 'n42', encrypted) };
};

let turns = 0;
const bot = () => {
  const content = '一二三'.slice(0, ++turns);
  const { encrypted, timestamp, nonce, signature } = sealed(JSON.stringify({ msgtype: 'stream', stream: { id: 's-1', finish: turns === 3, content } }), '');
  return JSON.stringify({ encrypt: encrypted, msgsignature: signature, timestamp, nonce });
};
const application = (xml) => {
  if (element(xml, 'MsgType') !== 'text') return '';
  const inner = `<xml><ToUserName><![CDATA[${element(xml, 'FromUserName')}]]></ToUserName><FromUserName><![CDATA[${corp}]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[echo: ${element(xml, 'Content')}]]></Content></xml>`;
  const { encrypted, timestamp, nonce, signature } = sealed(inner, corp);
  return `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`;
};

const server = createServer(async (request, response) => {
  const query = new URL(request.url, 'http://x').searchParams;
  let body = '';
  for await (const piece of request) body += piece;
  const text = query.get('echostr') ?? (body.startsWith('<') ? element(body, 'Encrypt') : JSON.parse(body).encrypt);
  const signed = getSignature(token, query.get('timestamp'), query.get('nonce'), text) === query.get('msg_signature');
  const { message, id } = decrypt(key, text);
  got.push({ signed, message, id, method: request.method, json: body.startsWith('{') });
  response.end(!signed ? '' : query.get('echostr') ? message : body.startsWith('<') ? application(message) : bot());
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/hook`;
const act = async (action) => {
  const answer = await post(`${base}/_emulator/act`, { platform: 'wecom', ...action });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

await check('the address check is signed, encrypted for the corp, and taken', async () => {
  await act({ do: 'set_callback', url });
  const asked = await got.next((e) => e.method === 'GET');
  assert.ok(asked.signed);
  assert.equal(asked.id, corp);
});

await check('messages of every padding arrive, and the replies are shown', async () => {
  for (let length = 0; length < 33; length++) {
    const text = `订单${'é'.repeat(length)}😀.`;
    const { message_id } = await act({ as: 'alice', do: 'send', text });
    const told = await got.next((e) => e.message.includes(`<![CDATA[${text}]]>`));
    assert.ok(told.signed);
    assert.equal(told.id, corp);
    // More than thirty replies a minute to one person are lost, as the platform loses them.
    if (length < 30) assert.ok((await act({ as: 'alice', do: 'wait', from: 'app', after: message_id, contains: `echo: ${text}` })).found);
  }
});

await check('the AI bot is asked for its stream until it ends, with an empty receiver', async () => {
  await act({ do: 'set_callback', of: 'aibot', url });
  await act({ as: 'bob', do: 'send', to: 'aibot', text: '你好' });
  const first = await got.next((e) => e.json && JSON.parse(e.message).msgtype === 'text');
  assert.ok(first.signed);
  assert.equal(first.id, '');
  const { found, message } = await act({ as: 'bob', do: 'wait', to: 'aibot', from: 'aibot', finished: true });
  assert.ok(found);
  assert.equal(message.text, '一二三');
});
process.exit(0);
