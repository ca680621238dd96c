using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>The right to answer a message once within the hour, by its address alone.</summary>
internal sealed class BotResponseUrls(EmulatorState state, WeComCorp corp, WeComIds ids, BotAnswers answers) : IWeComArea, IResettableState
{
    public const string Path = "/cgi-bin/aibot/response";
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private const int MostKept = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BotRequest> _codes = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public void Register(WeComHandlers on) => on.Post(Path, Answer, WeComGuard.Own);

    public string Issue(BotRequest request)
    {
        var code = ids.Code();
        lock (_gate)
        {
            _codes[code] = request;
            _order.Enqueue(code);
            if (_order.Count > MostKept) _codes.Remove(_order.Dequeue());
        }

        return $"{corp.OwnAddress}{Path}?response_code={code}";
    }

    public void Reset()
    {
        lock (_gate)
        {
            _codes.Clear();
            _order.Clear();
        }
    }

    private ApiAnswer Answer(WeComCall call)
    {
        BotRequest? request;
        var code = call.Asked("response_code");
        lock (_gate)
        {
            // Its refusal's code is the one of cards: UNVERIFIED.
            if (!_codes.TryGetValue(code, out request) || request.Began + Life <= state.Clock.GetUtcNow()) throw new WeComRefusal(60140, "response_code is expired or used");
            _codes.Remove(code);
        }

        try
        {
            if (call.Text("msgtype") is not ("markdown" or "template_card")) throw new WeComRefusal(40008, "invalid message type");
            answers.Push(request.Chat, call.Body);
        }
        catch (WeComRefusal)
        {
            lock (_gate) _codes[code] = request;
            throw;
        }

        return WeComAnswer.Ok();
    }
}
