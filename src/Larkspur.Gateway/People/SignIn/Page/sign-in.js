// The log-in page: QR codes in frames of the platforms, and the code that a platform's own client gives.
// What a frame says counts only from that very frame and from its exact origin: the vendors' own tests take look-alike hosts.

const readers = {
  // Feishu: version 1.0.2 of the vendor's script is told the bare text, 1.0.3 an object.
  tmp_code: data => ['tmp_code', typeof data === 'string' ? data : data?.tmp_code],
  // DingTalk tells the address to go back to (UNVERIFIED): of it the code is taken, and the state is this page's own.
  dingtalk_frame: data => ['code', data?.success === true && URL.canParse(data.redirectUrl)
    ? new URL(data.redirectUrl).searchParams.get('authCode') ?? new URL(data.redirectUrl).searchParams.get('code') : null],
};

for (const box of document.querySelectorAll('details.codes')) {
  box.addEventListener('toggle', async () => {
    if (!box.open || box.dataset.begun) return;
    box.dataset.begun = '';
    const answer = await fetch(box.dataset.frame).catch(() => null);
    if (!answer?.ok) {
      delete box.dataset.begun;
      box.open = false;
      return;
    }
    const told = await answer.json();
    const frame = document.createElement('iframe');
    frame.title = box.querySelector('summary').textContent;
    if (told.speaks === 'wecom_panel') speakWithPanel(frame, told);
    else addEventListener('message', event => {
      if (event.source !== frame.contentWindow || event.origin !== told.origin) return;
      const [name, value] = readers[told.speaks]?.(event.data) ?? [];
      if (typeof value === 'string' && value && value.length < 1000) go(told.next, name, value);
    });
    frame.src = told.address;
    box.append(frame);
  });
}

function go(address, name, value) {
  const next = new URL(address, location.href);
  next.searchParams.set(name, value);
  location.assign(next);
}

// WeCom's panel speaks over a channel that the page gives it: {type, uid, args}, and args of a call are {type:'call', name, data}.
function speakWithPanel(frame, told) {
  const kind = 'ww-iframe-handle:';
  const channel = new MessageChannel();
  let isReady = false, overChannel = false;
  const say = message => overChannel ? channel.port1.postMessage(JSON.stringify(message))
    : frame.contentWindow.postMessage(JSON.stringify(message), told.origin);
  const hear = event => {
    let said;
    try { said = typeof event.data === 'string' ? JSON.parse(event.data) : event.data; } catch { return; }
    if (said?.type === kind + 'ready' && !isReady) {
      isReady = true;
      if (!said.supportChannel) return;
      frame.contentWindow.postMessage({ type: kind + 'set-port', port: channel.port2 }, told.origin, [channel.port2]);
      overChannel = true;
    } else if (said?.type === kind + 'call') {
      if (said.uid) say({ type: kind + 'response', uid: said.uid, kind: 'resolve', args: null });
      const { name, payload, data } = said.args ?? {};
      const code = (payload ?? data)?.code;
      // It tells no state: the one of this page's own attempt goes along.
      if (name === 'onLoginSuccess' && typeof code === 'string' && code.length <= 512) go(told.next, 'code', code);
    }
  };
  channel.port1.onmessage = hear;
  frame.addEventListener('load', () => { if (!isReady) say({ type: kind + 'init' }); });
  addEventListener('message', event => {
    if (event.source === frame.contentWindow && event.origin === told.origin) hear(event);
  });
}

const main = document.querySelector('main');
if (main.dataset.call) askClient(main.dataset);

async function askClient({ library, call, app, company, callback, state }) {
  const finish = code => go(`${callback}?state=${encodeURIComponent(state)}`, 'client_code', code);
  // The buttons stay: whoever refuses, or whose client is too old, takes one of them.
  const failed = () => document.querySelector('main .soft')?.setAttribute('hidden', '');
  try {
    if (call === 'dingtalk') {
      if (!globalThis.dd) await load(library);
      globalThis.dd.ready(() => globalThis.dd.requestAuthCode({
        corpId: company, clientId: app, success: told => finish(told.code), fail: failed,
      }));
    }
  } catch { failed(); }
}

function load(address) {
  return new Promise((done, fail) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = done;
    script.onerror = () => fail(new Error('not loaded'));
    document.head.append(script);
  });
}
