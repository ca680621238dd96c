using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Cards;

/// <summary>The right to change a card once, within 72 hours of virtual time.</summary>
internal sealed class ResponseCodes(EmulatorState state, WeComIds ids) : IResettableState
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(72);
    private const int MostCodes = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Issued> _codes = new(StringComparer.Ordinal);

    public string Issue(int agent, string msgId)
    {
        var code = ids.Code();
        var now = state.Clock.GetUtcNow();
        lock (_gate)
        {
            if (_codes.Count >= MostCodes)
            {
                foreach (var old in _codes.Where(c => c.Value.Ends <= now).Select(c => c.Key).ToArray()) _codes.Remove(old);
                if (_codes.Count >= MostCodes) _codes.Remove(_codes.First().Key);
            }

            _codes[code] = new Issued(agent, msgId, now + Life);
        }

        return code;
    }

    /// <summary>Uses the code up when <paramref name="use"/> goes well.</summary>
    /// <exception cref="WeComRefusal">60140: unknown, used or too old; 42015: another application's card.</exception>
    public T Use<T>(string code, int agent, Func<string, T> use)
    {
        Issued issued;
        lock (_gate)
        {
            if (!_codes.TryGetValue(code, out issued!) || issued.Ends <= state.Clock.GetUtcNow()) throw new WeComRefusal(60140, "response_code is expired or used");
            if (issued.Agent != agent) throw new WeComRefusal(42015, "the card is of another agent");
            _codes.Remove(code);
        }

        try
        {
            return use(issued.MsgId);
        }
        catch (WeComRefusal)
        {
            // What was refused changed nothing: the right is still there.
            lock (_gate) _codes[code] = issued;
            throw;
        }
    }

    public void Reset()
    {
        lock (_gate) _codes.Clear();
    }

    private sealed record Issued(int Agent, string MsgId, DateTimeOffset Ends);
}
