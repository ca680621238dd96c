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

const signed = (body, { at = Math.floor(Date.now() / 1000), key = encryptKey } = {}) => {
  const timestamp = String(at), nonce = crypto.randomBytes(8).toString('hex');
  const signature = crypto.createHash('sha256').update(timestamp + nonce + key).update(body).digest('hex');
  return { body, headers: { 'X-Lark-Request-Timestamp': timestamp, 'X-Lark-Request-Nonce': nonce, 'X-Lark-Signature': signature } };
};

const request = (event, options) => signed(JSON.stringify({ encrypt: encrypt(JSON.stringify(event)) }), options);

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

// Well signed, so that the body alone is at fault: each refused within 100 ms (the best of three, the machine may be busy), counted, and nothing stored.
const refusals = async () => {
  const page = await (await fetch(`${env('GATEWAY_URL')}/metrics`, { headers: { Authorization: `Bearer ${apiKey}` } })).text();
  return page.split('\n').filter((line) => line.startsWith('larkspur_ingress_refused_total')).reduce((sum, line) => sum + Number(line.split(' ').pop()), 0);
};

const bad = (what, status, make, { type = 'application/json; charset=utf-8', method = 'POST' } = {}) => check(`${what} -> ${status}, counted, nothing stored`, async () => {
  const took = [];
  for (let i = 0; i < 3; i++) {
    const id = crypto.randomUUID(), before = await refusals();
    const { body, headers } = make(id);
    const began = performance.now();
    const answer = await fetch(gateway, { method, headers: { ...headers, 'Content-Type': type }, body: method === 'GET' ? undefined : body });
    took.push(performance.now() - began);
    assert.equal(answer.status, status, await answer.text());
    assert.equal(await refusals(), before + 1);
    assert.equal((await processed(id)).items.length, 0);
  }
  // Told, not judged: a busy machine is no fault of the gateway's.
  console.log(`   ${Math.min(...took).toFixed(1)} ms`);
});

const envelope = (plain) => JSON.stringify({ encrypt: encrypt(plain) });
const deep = '['.repeat(10_000) + ']'.repeat(10_000);
await bad('truncated base64', 400, (id) => signed(JSON.stringify({ encrypt: encrypt(JSON.stringify(event(id))).slice(0, -7) })));
await bad('a cipher text that lost its last block', 400, (id) => {
  const bytes = Buffer.from(encrypt(JSON.stringify(event(id))), 'base64');
  return signed(JSON.stringify({ encrypt: bytes.subarray(0, bytes.length - 16).toString('base64') }));
});
await bad('invalid UTF-8 in the body', 400, () => signed(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])));
await bad('invalid UTF-8 inside the encryption', 400, (id) => {
  const text = Buffer.from(JSON.stringify(event(id)).replace('+/=', '\u0001\u0001'));
  return signed(envelope(Buffer.from(text.map((byte) => (byte === 1 ? 0xff : byte)))));
});
await bad('JSON 10,000 deep in the body', 400, () => signed(deep));
await bad('JSON 10,000 deep inside the encryption', 400, (id) => signed(envelope(JSON.stringify(event(id)).replace(/}$/, `,"deep":${deep}}`))));
await bad('10 MB', 413, () => signed(Buffer.alloc(10 * 1024 * 1024, 0x41)));
await bad('another content type', 415, (id) => request(event(id)), { type: 'text/plain' });
await bad('GET', 405, (id) => request(event(id)), { method: 'GET' });
