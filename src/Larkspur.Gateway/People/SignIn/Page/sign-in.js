// The log-in page: QR codes in frames of the platforms, and the code that a platform's own client gives.
// What a frame says counts only from that very frame and from its exact origin: the vendors' own tests take look-alike hosts.

const readers = {
  // Version 1.0.2 of the vendor's script is told the bare text, 1.0.3 an object.
  tmp_code: data => typeof data === 'string' ? data : data && typeof data.tmp_code === 'string' ? data.tmp_code : null,
};

for (const box of document.querySelectorAll('details.codes')) {
  box.addEventListener('toggle', () => {
    if (!box.open || box.querySelector('iframe')) return;
    const frame = document.createElement('iframe');
    frame.src = box.dataset.frame;
    frame.title = box.querySelector('summary').textContent;
    box.append(frame);
    if (box.dataset.speaks === 'wecom_panel') return speakWithPanel(frame, box);
    addEventListener('message', event => {
      if (event.source !== frame.contentWindow || event.origin !== box.dataset.origin) return;
      const told = readers[box.dataset.speaks]?.(event.data);
      if (told && told.length < 1000) go(box.dataset.next, box.dataset.speaks, told);
    });
  });
}

function go(address, name, value) {
  const next = new URL(address, location.href);
  next.searchParams.set(name, value);
  location.assign(next);
}

// WeCom's panel speaks over a channel that the page gives it: {type, uid, args}, and args of a call are {type:'call', name, data}.
function speakWithPanel(frame, box) {
  const kind = 'ww-iframe-handle:';
  const channel = new MessageChannel();
  let isReady = false, overChannel = false;
  const say = message => overChannel ? channel.port1.postMessage(JSON.stringify(message))
    : frame.contentWindow.postMessage(JSON.stringify(message), box.dataset.origin);
  const hear = event => {
    let told;
    try { told = typeof event.data === 'string' ? JSON.parse(event.data) : event.data; } catch { return; }
    if (told?.type === kind + 'ready' && !isReady) {
      isReady = true;
      if (!told.supportChannel) return;
      frame.contentWindow.postMessage({ type: kind + 'set-port', port: channel.port2 }, box.dataset.origin, [channel.port2]);
      overChannel = true;
    } else if (told?.type === kind + 'call') {
      if (told.uid) say({ type: kind + 'response', uid: told.uid, kind: 'resolve', args: null });
      const { name, payload, data } = told.args ?? {};
      const code = (payload ?? data)?.code;
      // It tells no state: the one of this page's own attempt goes along.
      if (name === 'onLoginSuccess' && typeof code === 'string' && code.length <= 512) go(box.dataset.next, 'code', code);
    }
  };
  channel.port1.onmessage = hear;
  frame.addEventListener('load', () => { if (!isReady) say({ type: kind + 'init' }); });
  addEventListener('message', event => {
    if (event.source === frame.contentWindow && event.origin === box.dataset.origin) hear(event);
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
