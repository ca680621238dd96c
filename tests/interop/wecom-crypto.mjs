// The official @wecom/crypto plays the platform: it signs and encrypts what is posted, and opens what is replied.
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { assert, check, env } from './check.mjs';

const address = env('CALLBACK_URL');
const corp = env('WECOM_CORP_ID');
const token = env('WECOM_TOKEN');
const key = env('WECOM_ENCODING_AES_KEY');

const query = (encrypted, more = {}) => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = Math.random().toString(36).slice(2);
  return new URLSearchParams({ msg_signature: getSignature(token, timestamp, nonce, encrypted), timestamp, nonce, ...more });
};

const post = async (encrypted, change = (q) => q) => {
  const response = await fetch(`${address}/?${change(query(encrypted))}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/xml' },
    body: `<xml><ToUserName><![CDATA[${corp}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  });
  return { status: response.status, text: await response.text() };
};

const message = (content) => `<xml><ToUserName><![CDATA[${corp}]]></ToUserName><FromUserName><![CDATA[alice]]></FromUserName><CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime>`
  + `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>7</MsgId><AgentID>1000002</AgentID></xml>`;

const element = (xml, name) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(xml)?.[1];

await check('the address check is answered with the bare text', async () => {
  for (const word of ['5927782489442352469', 'x', '', 'a'.repeat(43)]) {
    const echo = encrypt(key, word, corp);
    const response = await fetch(`${address}/?${query(echo, { echostr: echo })}`);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), word);
  }
});

await check('messages of every padding are understood, and the replies open with the right signature', async () => {
  for (let length = 0; length < 40; length++) {
    const text = `订单${'é'.repeat(length)}😀`;
    const answer = await post(encrypt(key, message(text), corp));
    assert.equal(answer.status, 200, answer.text);
    const sealed = element(answer.text, 'Encrypt');
    assert.equal(element(answer.text, 'MsgSignature'), getSignature(token, element(answer.text, 'TimeStamp'), element(answer.text, 'Nonce'), sealed));
    const opened = decrypt(key, sealed);
    assert.equal(opened.id, corp);
    assert.equal(element(opened.message, 'Content'), `echo: ${text}`);
    assert.equal(element(opened.message, 'ToUserName'), 'alice');
  }
});

await check('another receiver, another token and a changed text are refused', async () => {
  assert.deepEqual(await post(encrypt(key, message('x'), 'wwother')), { status: 403, text: 'WrongReceiver' });
  const forged = await post(encrypt(key, message('x'), corp), (q) => { q.set('msg_signature', getSignature('other', q.get('timestamp'), q.get('nonce'), '')); return q; });
  assert.deepEqual(forged, { status: 401, text: 'WrongSignature' });
});
