// The official SDK's event dispatcher as its README shows it, with an empty handler (it counts, so that a refused event is noticed) and no storage.
// Without autoChallenge, which would decrypt every event twice.
import http from 'node:http';
import lark from '@larksuiteoapi/node-sdk';

const path = process.env.EVENT_PATH;
let handled = 0;
const dispatcher = new lark.EventDispatcher({
  encryptKey: process.env.FEISHU_ENCRYPT_KEY,
  verificationToken: process.env.FEISHU_VERIFICATION_TOKEN,
  loggerLevel: lark.LoggerLevel.warn,
}).register({
  'im.message.receive_v1': async () => { handled += 1; },
});
const events = lark.adaptDefault(path, dispatcher);

http.createServer((req, res) => {
  if (req.url === '/handled') res.end(String(handled));
  else events(req, res);
}).listen(Number(process.env.PORT), '127.0.0.1');
