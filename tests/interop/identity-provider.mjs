// oidc-provider, a certified OpenID provider that this project did not write, as the company's log-in. It runs until its input ends, and
// says where it is; whoever starts it signs in on its own pages.
import Provider from 'oidc-provider';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { env } from './check.mjs';

const server = createServer();
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;
const key = (type, options, kid) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', kid });
const provider = new Provider(issuer, {
  clients: [{
    client_id: env('CLIENT_ID'), client_secret: env('CLIENT_SECRET'), redirect_uris: [env('REDIRECT_URI')],
    token_endpoint_auth_method: env('CLIENT_AUTH'), id_token_signed_response_alg: env('ALGORITHM'),
  }],
  jwks: { keys: [key('rsa', { modulusLength: 2048 }, 'rsa-1'), key('ec', { namedCurve: 'P-256' }, 'ec-1')] },
  scopes: ['openid', 'profile', 'groups'],
  claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} of Node`, groups: ['/company/finance', 'staff'] }),
  }),
});
server.on('request', provider.callback());
console.log(`issuer ${issuer}`);
process.stdin.resume();
