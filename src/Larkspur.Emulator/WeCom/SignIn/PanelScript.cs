namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>What the panel says to the page around it, and hears from it.</summary>
/// <remarks>Messages are JSON text: <c>ready</c>, then <c>set-port</c> from the page when it can, then <c>call</c> and
/// <c>response</c>.</remarks>
internal static class PanelScript
{
    /// <summary>A function of the settings: <c>origin</c> of the page that hears, and what is to be told <c>first</c>.</summary>
    public const string Text = """
        (settings) => {
          const kind = (name) => 'ww-iframe-handle:' + name;
          const around = window.parent === window ? null : window.parent;
          let port = null, calls = 0;
          const say = (message) => {
            const text = JSON.stringify(message);
            if (port) port.postMessage(text);
            else if (around) around.postMessage(text, settings.origin);
          };
          const ready = () =>
            around && around.postMessage(JSON.stringify({ type: kind('ready'), supportChannel: true }), settings.origin);
          const tell = (told) => {
            const args = { type: 'call', name: told.call, payload: told.payload };
            if (told.call) say({ type: kind('call'), uid: 'panel-' + calls++, args });
            if (told.note) document.getElementById('note').textContent = told.note;
            if (told.done) document.querySelector('form')?.remove();
            if (told.go) (told.top ? window.top : window).location.href = told.go;
          };
          const hear = (data, ports) => {
            let message = data;
            if (typeof data === 'string') { try { message = JSON.parse(data); } catch { return; } }
            if (message?.type === kind('init')) ready();
            if (message?.type === kind('set-port') && ports[0]) {
              port = ports[0];
              port.onmessage = (event) => hear(event.data, event.ports);
            }
            if (message?.type === kind('call') && message.uid)
              say({ type: kind('response'), uid: message.uid, kind: 'reject', args: { message: 'nothing can be called here' } });
          };
          addEventListener('message', (event) => {
            if (event.source === around && (settings.origin === '*' || event.origin === settings.origin)) hear(event.data, event.ports);
          });
          document.querySelector('form')?.addEventListener('submit', async (event) => {
            event.preventDefault();
            const asked = new URLSearchParams(new FormData(event.target, event.submitter));
            const answer = await fetch(location.pathname + '?' + asked, { headers: { Accept: 'application/json' } });
            tell(await answer.json());
          });
          ready();
          tell(settings.first);
        }
        """;
}
