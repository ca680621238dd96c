// Dify's own Node client against the emulated Dify.
import assert from 'node:assert/strict';
import { ChatClient } from 'dify-client';
import { env, check } from './check.mjs';

const base = env('DIFY_BASE_URL');
const client = new ChatClient(env('DIFY_API_KEY'), base);

const lines = async (response) => {
  let text = '';
  for await (const chunk of response.data) text += chunk;
  return text;
};
const events = (text) => text.split('\n\n').filter((e) => e.startsWith('data: ')).map((e) => JSON.parse(e.slice(6)));
const refused = async (call) => {
  try { await call(); } catch (error) { return error.response; }
  throw new Error('it was not refused');
};

const first = await check('a streamed answer is its events in Dify\'s framing', async () => {
  const text = await lines(await client.createChatMessage({}, '办公预算还剩多少？', 'alice', true));
  const all = events(text);
  assert.ok(!text.includes('[DONE]'));
  assert.deepEqual([...new Set(all.map((e) => e.event))], ['message', 'message_end']);
  assert.match(all.filter((e) => e.event === 'message').map((e) => e.answer).join(''), /第 1 个问题/);
  const end = all.at(-1);
  assert.equal(end.metadata.retriever_resources[0].document_name, '2026 年预算.xlsx');
  assert.equal(typeof end.metadata.usage.total_price, 'string');
  return end;
});

await check('a conversation goes on, for its user only', async () => {
  const text = await lines(await client.createChatMessage({}, '明年呢？', 'alice', true, first.conversation_id));
  assert.match(events(text).filter((e) => e.event === 'message').map((e) => e.answer).join(''), /第 2 个问题/);
  const foreign = await refused(() => client.createChatMessage({}, '明年呢？', 'bob', false, first.conversation_id));
  assert.equal(foreign.status, 404);
  assert.equal(foreign.data.code, 'not_found');
});

await check('a blocking answer comes whole', async () => {
  const { data } = await client.createChatMessage({}, 'How much is left?', 'alice', false);
  assert.equal(data.event, 'message');
  assert.match(data.answer, /Question 1/);
});

await check('feedback, messages, conversations, a name, an end', async () => {
  assert.equal((await client.messageFeedback(first.message_id, 'like', 'alice')).data.result, 'success');
  const { data } = await client.getConversationMessages('alice', first.conversation_id);
  assert.equal(data.data.length, 2);
  assert.equal(data.data[1].feedback.rating, 'like');
  assert.equal((await client.renameConversation(first.conversation_id, '预算', 'alice', false)).data.name, '预算');
  assert.ok((await client.getConversations('alice')).data.data.some((c) => c.name === '预算'));
  assert.equal((await client.deleteConversation(first.conversation_id, 'alice')).status, 204);
  assert.equal((await refused(() => client.getConversationMessages('alice', first.conversation_id))).status, 404);
});

await check('a wrong key and a missing user are refused', async () => {
  const stranger = await refused(() => new ChatClient('app-wrong', base).createChatMessage({}, 'x', 'alice'));
  assert.equal(stranger.status, 401);
  assert.equal(stranger.data.code, 'unauthorized');
  assert.equal((await refused(() => client.createChatMessage({}, 'x', ''))).data.code, 'invalid_param');
});

await check('an agent refuses blocking and streams its thoughts', async () => {
  const agent = new ChatClient('app-emulator-agent', base);
  assert.equal((await refused(() => agent.createChatMessage({}, 'x', 'alice'))).data.code, 'invalid_param');
  const kinds = new Set(events(await lines(await agent.createChatMessage({}, 'x', 'alice', true))).map((e) => e.event));
  assert.deepEqual([...kinds], ['agent_thought', 'agent_message', 'message_end']);
});
