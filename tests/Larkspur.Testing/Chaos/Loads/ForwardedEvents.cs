using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>
/// A business system that is told of every message of the crowd, and cannot take each call: one id for each message, and a chat's
/// messages in the order in which the bot answers them.
/// </summary>
internal sealed class ForwardedEvents : ILoad
{
    private const int RefusesOneOf = 200;

    private readonly string _secret = WebhookSecret.Generate();
    private readonly ConcurrentDictionary<string, (string WebhookId, int Place)> _told = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly EmulatorApp _emulator;
    private readonly Func<IReadOnlyList<Spoken>> _said;
    private readonly WebhookVerifier _verifier;
    private HookServer<int>? _hook;
    private readonly ConcurrentDictionary<string, byte> _refused = new(StringComparer.Ordinal);
    private int _calls;

    private ForwardedEvents(EmulatorApp emulator, Func<IReadOnlyList<Spoken>> said)
    {
        (_emulator, _said) = (emulator, said);
        _verifier = new WebhookVerifier(_secret);
    }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Larkspur__Webhooks__audit__Url"] = _hook!.Url,
        ["Larkspur__Webhooks__audit__Secret"] = _secret,
        ["Larkspur__Webhooks__audit__Events"] = "im.message.receive_v1",
        ["Larkspur__Webhooks__audit__AllowPrivateAddresses"] = "true",
    };

    public string Figures => $"{_told.Count:N0} events forwarded in {_calls:N0} calls";

    /// <param name="emulator">In whose chats the answers stand.</param>
    /// <param name="said">What the crowd has said.</param>
    public static async Task<ForwardedEvents> StartAsync(EmulatorApp emulator, Func<IReadOnlyList<Spoken>> said)
    {
        var load = new ForwardedEvents(emulator, said);
        load._hook = await HookServer.StartAsync((request, body) => (0, load.Take(request.Headers, body), ""));
        return load;
    }

    public Task PrepareAsync(GatewayCalls gateway, CancellationToken cancellation) => Task.CompletedTask;

    public Task WorkAsync(GatewayCalls gateway, CancellationToken enough, CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> FindWrongAsync(CancellationToken cancellation)
    {
        List<string> wrong = [.. _wrong];
        foreach (var chat in _said().GroupBy(s => s.ChatId))
        {
            wrong.AddRange(chat.Where(s => !_told.ContainsKey(s.MessageId))
                .Select(s => $"The system was not told of message {s.Number} ({s.MessageId})"));
            var byNumber = chat.ToDictionary(s => s.Number);
            (Spoken? Message, int Place) last = (null, -1);
            foreach (var answer in _emulator.State.Messages(chat.Key).Where(m => m.SenderKind == SenderKind.App))
            {
                if (Marker.In(answer.Rendered) is not { } number || !byNumber.TryGetValue(number, out var answered)) continue;
                if (!_told.TryGetValue(answered.MessageId, out var told)) continue;
                if (told.Place < last.Place)
                    wrong.Add($"The system was told of message {number} before {last.Message!.Number}, which was answered before it");
                else last = (answered, told.Place);
            }
        }

        return Task.FromResult<IReadOnlyList<string>>(wrong);
    }

    public async ValueTask DisposeAsync()
    {
        if (_hook is not null) await _hook.DisposeAsync();
    }

    private int Take(IHeaderDictionary headers, string body)
    {
        var id = headers[WebhookHeaders.Id].ToString();
        var verdict = _verifier.Verify(id, headers[WebhookHeaders.Timestamp], headers[WebhookHeaders.Signature],
            Encoding.UTF8.GetBytes(body));
        if (verdict != WebhookVerdict.Valid)
        {
            _wrong.Enqueue($"A callback is not signed as it must be: {verdict}");
            return StatusCodes.Status401Unauthorized;
        }

        var place = Interlocked.Increment(ref _calls);
        // Each once: the second pause is half a minute.
        if (place % RefusesOneOf == 0 && _refused.TryAdd(id, 0)) return StatusCodes.Status503ServiceUnavailable;
        var message = JsonNode.Parse(body)!["data"]!["event"]!["message"]!["message_id"]!.GetValue<string>();
        var (first, _) = _told.GetOrAdd(message, static (_, told) => told, (id, place));
        if (first != id) _wrong.Enqueue($"The system was told of {message} under two ids, {first} and {id}");
        return StatusCodes.Status200OK;
    }
}
