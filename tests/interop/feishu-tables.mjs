// The official Node client works with tables: bases, fields, views, rows, search page by page, on the emulator.
import { randomUUID } from 'node:crypto';
import lark from '@larksuiteoapi/node-sdk';
import { assert, check, env } from './check.mjs';

const emulator = env('EMULATOR_URL');
const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const client = new lark.Client({ appId: env('FEISHU_APP_ID'), appSecret: env('FEISHU_APP_SECRET'), domain: emulator, logger: silent });
const { app, appTable, appTableField, appTableRecord, appTableView } = client.bitable.v1;

const data = async (call) => {
  const r = await call;
  assert.equal(r.code, 0, JSON.stringify(r));
  return r.data;
};
const refusal = async (call) => {
  try {
    const r = await call;
    return r.code === 0 ? assert.fail('it was accepted') : r.code;
  } catch (error) {
    if (error.response === undefined) throw error;
    return error.response.data.code;
  }
};

const base = await check('a base is made', async () => (await data(app.create({ data: { name: '对接 Interop' } }))).app);
const path = { app_token: base.app_token };
const table = await check('a table with fields of its own', () => data(appTable.create({
  path,
  data: {
    table: {
      name: '订单', default_view_name: '全部',
      fields: [
        { field_name: 'No', type: 1 }, { field_name: 'Amount', type: 2, ui_type: 'Currency', property: { currency_code: 'CNY', formatter: '0.00' } },
        { field_name: 'Status', type: 3, property: { options: [{ name: 'open' }, { name: 'paid' }] } }, { field_name: 'Due', type: 5 },
      ],
    },
  },
})));
path.table_id = table.table_id;

await check('a field is added, renamed and deleted', async () => {
  const { field } = await data(appTableField.create({ path, params: { client_token: randomUUID() }, data: { field_name: 'Note', type: 1 } }));
  const one = { ...path, field_id: field.field_id };
  assert.equal((await data(appTableField.update({ path: one, data: { field_name: 'Remark', type: 1 } }))).field.field_name, 'Remark');
  assert.equal((await data(appTableField.delete({ path: one }))).deleted, true);
  assert.deepEqual((await data(appTableField.list({ path, params: {} }))).items.map((f) => f.field_name), ['No', 'Amount', 'Status', 'Due']);
});

const due = Date.UTC(2026, 0, 5);
const row = await check('a row is made, read, changed', async () => {
  const fields = { No: 'A-1', Amount: 12.5, Status: 'open', Due: due };
  const { record } = await data(appTableRecord.create({ path, data: { fields } }));
  assert.deepEqual(record.fields, fields);
  const one = { ...path, record_id: record.record_id };
  await data(appTableRecord.update({ path: one, data: { fields: { Status: 'paid' } } }));
  const { records } = await data(appTableRecord.batchGet({ path, data: { record_ids: [record.record_id], automatic_fields: true } }));
  assert.deepEqual(records[0].fields, { No: [{ type: 'text', text: 'A-1' }], Amount: 12.5, Status: 'paid', Due: due });
  assert.ok(records[0].last_modified_time > 0);
  assert.deepEqual((await data(appTableRecord.get({ path: one }))).record.fields, { No: 'A-1', Amount: '12.5', Status: 'paid', Due: due });
  return record;
});
await check('a token creates once', async () => {
  const call = { path, params: { client_token: randomUUID() }, data: { fields: { No: 'A-2' } } };
  const [first, again] = [await data(appTableRecord.create(call)), await data(appTableRecord.create(call))];
  assert.equal(again.record.record_id, first.record.record_id);
});
const ids = await check('120 rows at once, and a batch with one bad cell not at all', async () => {
  const records = Array.from({ length: 120 }, (_, n) => ({ fields: { No: `B-${n}`, Amount: n } }));
  const made = (await data(appTableRecord.batchCreate({ path, data: { records } }))).records;
  assert.equal(made.length, 120);
  assert.equal(await refusal(appTableRecord.batchCreate({ path, data: { records: [...records, { fields: { Amount: 'x' } }] } })), 1254061);
  return made.map((r) => r.record_id);
});
await check('a search with filter and order', async () => {
  const found = await data(appTableRecord.search({
    path, params: { page_size: 5 },
    data: {
      filter: { conjunction: 'and', conditions: [{ field_name: 'Amount', operator: 'isGreaterEqual', value: ['100'] }] },
      sort: [{ field_name: 'Amount', desc: true }], field_names: ['Amount'],
    },
  }));
  assert.equal(found.total, 20);
  assert.deepEqual(found.items.map((r) => r.fields.Amount), [119, 118, 117, 116, 115]);
});
await check('every row by pages, in search and in the old list', async () => {
  for (const pages of [
    await appTableRecord.searchWithIterator({ path, params: { page_size: 50 }, data: {} }),
    await appTableRecord.listWithIterator({ path, params: { page_size: 50 } }),
  ]) {
    const seen = [];
    for await (const page of pages) seen.push(...page.items.map((r) => r.record_id));
    assert.equal(seen.length, 122);
    assert.equal(new Set(seen).size, 122);
  }
});
await check('a view filters a search without a filter', async () => {
  const { view } = await data(appTableView.create({ path, data: { view_name: 'Paid', view_type: 'grid' } }));
  const one = { ...path, view_id: view.view_id };
  const conditions = [{ field_id: table.field_id_list[2], operator: 'is', value: '["paid"]' }];
  await data(appTableView.patch({ path: one, data: { property: { filter_info: { conjunction: 'and', conditions } } } }));
  const found = await data(appTableRecord.search({ path, params: {}, data: { view_id: view.view_id } }));
  assert.deepEqual(found.items.map((r) => r.record_id), [row.record_id]);
  assert.equal((await data(appTableView.list({ path, params: {} }))).items.length, 2);
  assert.equal((await data(appTableView.get({ path: one }))).view.view_name, 'Paid');
  await data(appTableView.delete({ path: one }));
});
await check('rows are changed and deleted in batches', async () => {
  const records = ids.slice(0, 3).map((record_id, n) => ({ record_id, fields: { Amount: 1000 + n } }));
  await data(appTableRecord.batchUpdate({ path, data: { records } }));
  const gone = (await data(appTableRecord.batchDelete({ path, data: { records: ids } }))).records;
  assert.ok(gone.length === 120 && gone.every((r) => r.deleted));
  await data(appTableRecord.delete({ path: { ...path, record_id: row.record_id } }));
  const { absent_record_ids } = await data(appTableRecord.batchGet({ path, data: { record_ids: [row.record_id] } }));
  assert.deepEqual(absent_record_ids, [row.record_id]);
});
await check('the base is renamed and told, its table deleted', async () => {
  await data(app.update({ path: { app_token: base.app_token }, data: { name: 'Renamed' } }));
  const shown = (await data(app.get({ path: { app_token: base.app_token } }))).app;
  assert.equal(shown.name, 'Renamed');
  assert.ok(shown.revision > 1);
  await data(appTable.delete({ path }));
  assert.equal((await data(appTable.list({ path: { app_token: base.app_token }, params: {} }))).items.length, 1);
});
await check('changes of the base are subscribed to', async () => {
  const file = { path: { file_token: base.app_token }, params: { file_type: 'bitable' } };
  await data(client.drive.v1.file.subscribe(file));
  assert.equal((await data(client.drive.v1.file.getSubscribe(file))).is_subscribe, true);
  await data(client.drive.v1.file.deleteSubscribe(file));
});
