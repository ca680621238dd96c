// Somebody signs in on the emulated page, and the official Node client, which still uses the endpoints from before v2, acts for them.
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env, post } from './check.mjs';

const domain = env('EMULATOR_URL');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const client = new lark.Client({ appId: env('FEISHU_APP_ID'), appSecret: env('FEISHU_APP_SECRET'), domain, logger: silent });

const signIn = async (who, scope) => {
  const asked = new URLSearchParams({
    client_id: env('FEISHU_APP_ID'), response_type: 'code', redirect_uri: 'https://app.example/back', state: 's1', scope,
  });
  const page = await (await fetch(`${domain}/open-apis/authen/v1/authorize?${asked}`)).text();
  const filled = new URLSearchParams([...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    .map(([, name, value]) => [name, value.replaceAll('&#x2B;', '+').replaceAll('&amp;', '&')]));
  filled.set('as', who);
  filled.set('decision', 'allow');
  const back = await fetch(`${domain}/open-apis/authen/v1/authorize?${filled}`, { redirect: 'manual' });
  return new URL(back.headers.get('location')).searchParams.get('code');
};

const scope = 'contact:user.email:readonly contact:contact.base:readonly contact:user.base:readonly';

const token = await check('a code becomes a user token that the client keeps', async () => {
  const made = await client.userAccessToken.initWithCode({ alice: await signIn('alice', scope) });
  assert.match(made.alice.token, /^u-/);
  assert.equal(await client.userAccessToken.get('alice'), made.alice.token);
  return made.alice.token;
});

await check('who signed in', async () => {
  const r = await client.authen.userInfo.get({}, lark.withUserAccessToken(token));
  assert.equal(r.code, 0);
  assert.equal(r.data.name, '艾丽丝');
  assert.equal(r.data.email, 'alice@mica.example');
  assert.equal(r.data.mobile, undefined);
});

await check('a contact, in the name of the person', async () => {
  const me = await client.authen.userInfo.get({}, lark.withUserAccessToken(token));
  const r = await client.contact.user.get({ path: { user_id: me.data.open_id } }, lark.withUserAccessToken(token));
  assert.equal(r.data.user.name, '艾丽丝');
});

await check('the client refreshes once what it takes for expired', async () => {
  await client.userAccessToken.update({ alice: { expiredTime: 1 } });
  const fresh = await client.userAccessToken.get('alice');
  assert.match(fresh, /^u-/);
  assert.notEqual(fresh, token);
  assert.equal((await client.authen.userInfo.get({}, lark.withUserAccessToken(fresh))).code, 0);
});

await check('a code twice gives nothing the second time', async () => {
  const code = await signIn('bob', scope);
  assert.ok((await client.userAccessToken.initWithCode({ bob: code })).bob);
  assert.equal((await client.userAccessToken.initWithCode({ bob: code })).bob, undefined);
});

await check('v2, which the client does not know yet', async () => {
  const r = await post(`${domain}/open-apis/authen/v2/oauth/token`, {
    grant_type: 'authorization_code', client_id: env('FEISHU_APP_ID'), client_secret: env('FEISHU_APP_SECRET'), code: await signIn('carol', `${scope} offline_access`),
  });
  assert.equal(r.json.code, 0);
  assert.equal((await client.authen.userInfo.get({}, lark.withUserAccessToken(r.json.access_token))).data.name, '卡罗尔');
});
