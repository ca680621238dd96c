// The specification's own library as a receiver of the gateway's callbacks, and as a sender to our verifier.
import { createRequire } from 'node:module';
import { assert, check, env } from './check.mjs';

const { Webhook } = createRequire(import.meta.url)('standardwebhooks');
const received = JSON.parse(env('CALLBACKS'));
const secrets = JSON.parse(env('SECRETS'));
const bytes = (call) => Buffer.from(call.body, 'base64');

assert.ok(received.length > 0);
for (const call of received) {
  for (const [name, secret] of Object.entries(secrets)) {
    await check(`${call.headers['webhook-id']} is verified with the ${name} secret`, () => {
      const event = new Webhook(secret).verify(bytes(call), call.headers);
      assert.equal(event.type, 'feishu.larkspur.probe_v1');
      assert.ok(!Number.isNaN(Date.parse(event.timestamp)));
      assert.equal(event.data.event.note, '官方客户端 +/=');
    });
  }
}

await check('another secret and a changed body are refused', () => {
  const [call] = received;
  assert.throws(() => new Webhook('whsec_' + Buffer.alloc(32, 7).toString('base64')).verify(bytes(call), call.headers));
  assert.throws(() => new Webhook(secrets.current).verify(bytes(call).toString() + ' ', call.headers));
});

// For our verifier: what the library signs.
const at = new Date(), body = '{"type":"interop","note":"官方"}';
console.log('signed ' + JSON.stringify({ id: 'msg_interop', timestamp: String(Math.floor(at.getTime() / 1000)), signature: new Webhook(secrets.current).sign('msg_interop', at, body), body }));
