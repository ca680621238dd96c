// openid-client, a certified relying party, signs people in by the gateway: discovery, code with PKCE, id_token, userinfo, refresh with
// rotation, introspection, revocation, the end of a session. What it judges by itself (issuer, signature, nonce, at_hash) is not asserted again.
import * as client from 'openid-client';
import { assert, check, env } from './check.mjs';

const [issuer, id, secret, cookie, person] = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'COOKIE', 'PERSON'].map(env);
const redirect = env('REDIRECT_URI'), bye = env('POST_LOGOUT_URI');
const browse = (url, headers = { Cookie: cookie }) => fetch(url, { redirect: 'manual', headers });
const refuses = (call, error) => assert.rejects(call, (e) => (e.error ?? e.cause?.error) === error);

const config = await check('discovery by the OpenID and by the OAuth document', async () => {
  await client.discovery(new URL(issuer), id, secret, client.ClientSecretBasic(secret), { algorithm: 'oauth2', execute: [client.allowInsecureRequests] });
  return client.discovery(new URL(issuer), id, secret, client.ClientSecretBasic(secret), { execute: [client.allowInsecureRequests] });
});
client.enableNonRepudiationChecks(config);

const signIn = async (scope, more = {}) => {
  const verifier = client.randomPKCECodeVerifier(), state = client.randomState(), nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirect, scope, state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more,
  });
  const answer = await browse(url);
  assert.equal(answer.status, 303, await answer.text());
  const back = new URL(answer.headers.get('location'));
  const tokens = await client.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true, ...(more.max_age ? { maxAge: Number(more.max_age) } : {}),
  });
  return { tokens, back, verifier, state, nonce };
};

const first = await check('code with PKCE, iss of the answer, and the id_token', () => signIn('openid profile email groups offline_access'));
const claims = first.tokens.claims();
await check('the id_token names the person, the time and the session', () => {
  assert.equal(claims.sub, person);
  assert.ok(claims.auth_time <= claims.iat && claims.sid);
  assert.equal(claims.email, undefined);
});
await check('userinfo with the same sub', async () => {
  const told = await client.fetchUserInfo(config, first.tokens.access_token, claims.sub);
  // Which address and name a directory tells is the caller's to say; empty: whatever it is.
  if (process.env.EMAIL) assert.equal(told.email, process.env.EMAIL);
  if (process.env.USER_NAME) assert.equal(told.preferred_username, process.env.USER_NAME);
  assert.equal('email_verified' in told, false);
});
await check('max_age and prompt=none', async () => { await signIn('openid', { max_age: '10000', prompt: 'none' }); });
const second = await check('refresh with rotation and a new id_token', async () => {
  const tokens = await client.refreshTokenGrant(config, first.tokens.refresh_token);
  assert.notEqual(tokens.refresh_token, first.tokens.refresh_token);
  assert.equal(tokens.claims().sub, claims.sub);
  return tokens;
});
await check('introspection', async () => {
  const told = await client.tokenIntrospection(config, second.access_token);
  assert.deepEqual([told.active, told.sub, told.client_id], [true, person, id]);
  assert.deepEqual(await client.tokenIntrospection(config, 'unknown'), { active: false });
});
await check('a used refresh token is refused and ends its family', async () => {
  await refuses(client.refreshTokenGrant(config, first.tokens.refresh_token), 'invalid_grant');
  await refuses(client.refreshTokenGrant(config, second.refresh_token), 'invalid_grant');
  assert.equal((await client.tokenIntrospection(config, second.access_token)).active, false);
});
await check('a used code is refused', () => refuses(client.authorizationCodeGrant(config, first.back,
  { pkceCodeVerifier: first.verifier, expectedState: first.state, expectedNonce: first.nonce }), 'invalid_grant'));
await check('revocation of a refresh token ends its access token', async () => {
  const { tokens } = await signIn('openid offline_access');
  await client.tokenRevocation(config, tokens.refresh_token);
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
  await refuses(client.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant');
});
await check('secret in the body', async () => {
  const post = await client.discovery(new URL(issuer), id, secret, client.ClientSecretPost(secret), { execute: [client.allowInsecureRequests] });
  assert.equal((await client.tokenIntrospection(post, 'unknown')).active, false);
});
await check('the end of a session', async () => {
  const { tokens } = await signIn('openid');
  const answer = await browse(client.buildEndSessionUrl(config, { post_logout_redirect_uri: bye, id_token_hint: tokens.id_token, state: 's1' }));
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${bye}?state=s1`]);
  await refuses(client.fetchUserInfo(config, tokens.access_token, person).catch((e) => { throw e.cause?.[0]?.parameters ?? e; }), 'invalid_token');
});
await check('nobody is signed in any more', async () => {
  const answer = await browse(client.buildAuthorizationUrl(config, {
    redirect_uri: redirect, scope: 'openid', prompt: 'none', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256',
  }));
  await refuses(client.authorizationCodeGrant(config, new URL(answer.headers.get('location')), { expectedState: client.skipStateCheck }), 'login_required');
});
