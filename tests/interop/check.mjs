// One line per check; the first failure ends the script with its reason.
import assert from 'node:assert/strict';

export const env = (name) => {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
};

export const check = async (what, body) => {
  try {
    const result = await body();
    console.log(`ok ${what}`);
    return result;
  } catch (error) {
    console.log(`FAILED ${what}`);
    console.log(error?.response?.data ? JSON.stringify(error.response.data) : (error?.stack ?? error));
    process.exit(1);
  }
};

export const post = async (url, body, headers = {}, method = 'POST') => {
  const response = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  const text = await response.text();
  let json;
  try { json = JSON.parse(text); } catch { json = undefined; }
  return { status: response.status, text, json };
};

/** Resolves with the first value that arrives, rejects after ten seconds: nothing here sleeps. */
export const inbox = () => {
  const seen = [], waiting = [];
  return {
    seen,
    push(item) {
      seen.push(item);
      for (const w of waiting.splice(0)) w(item) || waiting.push(w);
    },
    next(predicate) {
      const found = seen.find(predicate);
      if (found) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('nothing arrived within 10 s')), 10_000);
        waiting.push((item) => predicate(item) && (clearTimeout(timer), resolve(item), true));
      });
    },
  };
};

export { assert };
