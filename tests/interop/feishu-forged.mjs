// The gateway against requests made here: whatever the official dispatcher takes as well signed the gateway must take, once; the rest it must refuse.
import crypto from 'node:crypto';
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env, post } from './check.mjs';

const gateway = `${env('GATEWAY_URL')}/webhook/feishu`;
const apiKey = env('LARKSPUR_API_KEY');
const encryptKey = env('FEISHU_ENCRYPT_KEY');
const token = env('FEISHU_VERIFICATION_TOKEN');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

const encrypt = (text) => {
  const iv = crypto.randomBytes(16);
  const cipher = crypto.createCipheriv('aes-256-cbc', crypto.createHash('sha256').update(encryptKey).digest(), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
};

const request = (event, { at = Math.floor(Date.now() / 1000), key = encryptKey } = {}) => {
  const body = JSON.stringify({ encrypt: encrypt(JSON.stringify(event)) });
  const timestamp = String(at), nonce = crypto.randomBytes(8).toString('hex');
  const signature = crypto.createHash('sha256').update(timestamp + nonce + key + body).digest('hex');
  return { body, headers: { 'X-Lark-Request-Timestamp': timestamp, 'X-Lark-Request-Nonce': nonce, 'X-Lark-Signature': signature } };
};

const event = (id) => ({
  schema: '2.0',
  header: { event_id: id, event_type: 'larkspur.interop.probe_v1', create_time: String(Date.now()), token, app_id: env('FEISHU_APP_ID'), tenant_key: 'interop' },
  event: { note: '官方客户端 +/=' },
});

const officialTakes = async ({ body, headers }) => {
  let taken = false;
  const dispatcher = new lark.EventDispatcher({ encryptKey, verificationToken: token, logger: silent })
    .register({ 'larkspur.interop.probe_v1': async () => { taken = true; } });
  const lower = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v]));
  await dispatcher.invoke(Object.assign(Object.create({ headers: lower }), JSON.parse(body)));
  return taken;
};

const processed = async (id) => {
  const r = await fetch(`${env('GATEWAY_URL')}/api/v1/inbox?event_id=${id}`, { headers: { Authorization: `Bearer ${apiKey}` } });
  assert.equal(r.status, 200);
  return r.json();
};

await check('an event that the official dispatcher takes is taken, and a replay of it has no second effect', async () => {
  const id = crypto.randomUUID(), r = request(event(id));
  assert.equal(await officialTakes(r), true);
  assert.equal((await post(gateway, r.body, r.headers)).status, 200);
  assert.equal((await post(gateway, r.body, r.headers)).status, 200);
  assert.equal((await processed(id)).items.length, 1);
});

await check('an encrypted challenge is answered in plain text', async () => {
  const r = request({ challenge: 'c-42', token, type: 'url_verification' });
  const answer = await post(gateway, r.body);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { challenge: 'c-42' });
});

const refused = async (what, make, status = 401) => check(`${what} -> ${status}, nothing stored`, async () => {
  const id = crypto.randomUUID();
  const r = make(id);
  const answer = await post(gateway, r.body, r.headers);
  assert.equal(answer.status, status, answer.text);
  assert.equal((await processed(id)).items.length, 0);
});

await refused('a signature made with another key', (id) => request(event(id), { key: 'not-the-key' }));
await refused('a signature made with an empty key', (id) => request(event(id), { key: '' }));
await refused('ten years old', (id) => request(event(id), { at: Math.floor(Date.now() / 1000) - 10 * 365 * 86400 }));
await refused('one byte of the body changed', (id) => {
  const r = request(event(id));
  const at = r.body.length - 20;
  return { ...r, body: r.body.slice(0, at) + (r.body[at] === 'A' ? 'B' : 'A') + r.body.slice(at + 1) };
});
await refused('white space added to the body', (id) => { const r = request(event(id)); return { ...r, body: r.body + ' ' }; });
await refused('no signature headers', (id) => ({ ...request(event(id)), headers: {} }));
await refused('plain text although an Encrypt Key is set', (id) => {
  const body = JSON.stringify(event(id)), timestamp = String(Math.floor(Date.now() / 1000));
  return {
    body,
    headers: {
      'X-Lark-Request-Timestamp': timestamp,
      'X-Lark-Request-Nonce': 'n',
      'X-Lark-Signature': crypto.createHash('sha256').update(timestamp + 'n' + encryptKey + body).digest('hex'),
    },
  };
});
await refused('another verification token', (id) => { const e = event(id); e.header.token = 'other'; return request(e); });
