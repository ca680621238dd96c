// The gateway's description is OpenAPI 3.1, as a validator judges that this project did not write.
import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';
import { check, env } from './check.mjs';

const address = env('GATEWAY_URL');
const document = await check('the description is public and JSON', async () => {
  const response = await fetch(`${address}openapi/v1.json`);
  assert.equal(response.status, 200);
  return response.json();
});

await check('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors, null, 1));
  assert.equal(validator.version, '3.1');
});

await check('a description with a mistake is not', async () => {
  const spoiled = structuredClone(document);
  delete spoiled.info.title;
  assert.ok(!(await new Validator().validate(spoiled)).valid);
});
