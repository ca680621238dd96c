// SCIMMY, a SCIM server that this project did not write, as a target of the gateway: people and departments arrive there, change and are
// deactivated, and what is unchanged is not written again.
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { assert, check, env, post } from './check.mjs';

const gateway = env('GATEWAY'), key = env('API_KEY'), token = 'token-of-scimmy-0123456789';
const stores = { User: new Map(), Group: new Map() };
const writes = [];
let ids = 0;

const declare = (type, of, name) => SCIMMY.Resources.declare(type)
  .ingress((resource, data) => {
    const id = resource.id ?? String(++ids);
    const kept = JSON.parse(JSON.stringify(data));
    if ([...stores[of]].some(([other, r]) => other !== id && r[name].toLowerCase() === kept[name].toLowerCase())) {
      throw new SCIMMY.Types.Error(409, 'uniqueness', `${name} is taken`);
    }
    if (resource.id && !stores[of].has(id)) throw new SCIMMY.Types.Error(404, null, 'not found');
    stores[of].set(id, { ...kept, id });
    return stores[of].get(id);
  })
  .egress((resource) => {
    if (resource.id) {
      if (!stores[of].has(resource.id)) throw new SCIMMY.Types.Error(404, null, 'not found');
      return stores[of].get(resource.id);
    }
    const all = [...stores[of].values()];
    return resource.filter ? resource.filter.match(all) : all;
  })
  .degress((resource) => { stores[of].delete(resource.id); });

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser);
declare(SCIMMY.Resources.User, 'User', 'userName');
declare(SCIMMY.Resources.Group, 'Group', 'displayName');

const app = express();
app.use((request, _, next) => {
  if (request.method !== 'GET') writes.push(`${request.method} ${request.path}`);
  next();
});
app.use('/scim/v2', new SCIMMYRouters({
  type: 'bearer',
  handler: (request) => {
    if (request.header('Authorization') !== `Bearer ${token}`) throw new Error('no token');
    return 'gateway';
  },
}));
const server = await new Promise((resolve) => { const s = app.listen(0, '127.0.0.1', () => resolve(s)); });
const url = `http://127.0.0.1:${server.address().port}/scim/v2`;

const authorization = { Authorization: `Bearer ${key}` };
const call = async (method, path, body) => {
  const answer = await post(gateway + path, body, authorization, method);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
};
const target = async () => (await fetch(`${gateway}/api/v1/scim-targets/scimmy`, { headers: authorization })).json();
const until = async (what, holds) => {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(await target())} ${JSON.stringify([...stores.User.values()])}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
const user = (name) => [...stores.User.values()].find((u) => u.userName.toLowerCase() === name);
const patch = (path, ...operations) => call('PATCH', path,
  { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations });
const make = (name) => call('POST', '/scim/v2/Users', {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: name, externalId: name, displayName: 'Ann Lee', active: true,
  emails: [{ value: name, type: 'work', primary: true }],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { employeeNumber: 'E-' + name.length },
});

await check('somebody who is there is matched by the id that an administrator set, and others are made', async () => {
  const [ann, bob] = [await make('ann@example.com'), await make('bob@example.com')];
  stores.User.set('there', { id: 'there', userName: 'Ann@Example.com', externalId: ann.id, active: true, nickName: 'A' });
  const group = await call('POST', '/scim/v2/Groups', { displayName: 'Works', members: [{ value: ann.id }, { value: bob.id }] });
  await call('PUT', '/api/v1/scim-targets/scimmy', { url, token, groups: 'departments' });
  await until('both and their group', async () => (await target()).state === 'active' && stores.Group.size === 1);
  const now = await target();
  assert.equal(now.failing, 0, JSON.stringify(now.failures));
  assert.equal(now.users, 2);
  assert.equal(stores.User.size, 2);
  assert.equal(stores.User.get('there').displayName, 'Ann Lee');
  assert.equal(user('bob@example.com').emails[0].value, 'bob@example.com');
  assert.equal([...stores.Group.values()][0].members.length, 2);
  globalThis.people = { ann, bob, group };
});

await check('a change arrives by itself, as a PATCH', async () => {
  writes.length = 0;
  await patch(`/scim/v2/Users/${people.ann.id}`, { op: 'replace', path: 'title', value: 'Head of Works' });
  await until('the title', async () => user('ann@example.com').title === 'Head of Works');
  assert.deepEqual(writes, ['PATCH /scim/v2/Users/there']);
});

await check('members join and leave', async () => {
  await patch(`/scim/v2/Groups/${people.group.id}`, { op: 'remove', path: `members[value eq "${people.ann.id}"]` });
  await until('the group of one', async () => [...stores.Group.values()][0].members.length === 1);
  assert.equal([...stores.Group.values()][0].members[0].value, user('bob@example.com').id);
});

await check('who leaves is deactivated, and nobody is deleted', async () => {
  await patch(`/scim/v2/Users/${people.bob.id}`, { op: 'replace', path: 'active', value: false });
  await until('the leaver', async () => user('bob@example.com').active === false);
  assert.equal(stores.User.size, 2);
  assert.ok(writes.every((w) => !w.startsWith('DELETE')));
});

await check('an unchanged sync writes nothing', async () => {
  const before = (await target()).compared_at;
  writes.length = 0;
  await call('POST', '/api/v1/scim-targets/scimmy/sync', {});
  await until('the comparison', async () => { const now = await target(); return now.state === 'active' && now.compared_at !== before; });
  assert.deepEqual(writes, []);
});

server.close();
process.exit(0);
