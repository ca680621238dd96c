using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Messages;

/// <summary>The platform's own idempotence: the same message within the interval is not sent again.</summary>
/// <remarks>What the repetition is answered with is UNVERIFIED; here it is what the first one was answered with.</remarks>
internal sealed class DuplicateCheck(VirtualClock clock) : IResettableState
{
    /// <summary>Seconds.</summary>
    public const int DefaultInterval = 1800;
    /// <summary>Seconds; more counts as this.</summary>
    public const int LongestInterval = 14_400;
    private const int MostKept = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Sent, string MsgId, string? ResponseCode)> _sent = new(StringComparer.Ordinal);

    public (string MsgId, string? ResponseCode) Run(JsonObject message, Func<(string MsgId, string? ResponseCode)> send)
    {
        if (!WeComJson.Flag(message, "enable_duplicate_check")) return send();
        var interval = TimeSpan.FromSeconds(Math.Clamp(WeComJson.Number(message, "duplicate_check_interval") ?? DefaultInterval, 1, LongestInterval));
        var key = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(MessageValidator.Fingerprint(message))));
        var now = clock.GetUtcNow();
        // Sending is quick and in memory: two equal calls at once wait for each other, so that only one sends.
        lock (_gate)
        {
            if (_sent.TryGetValue(key, out var known) && now < known.Sent + interval) return (known.MsgId, known.ResponseCode);
            if (_sent.Count >= MostKept)
            {
                foreach (var old in _sent.Where(s => s.Value.Sent.AddSeconds(LongestInterval) <= now).Select(s => s.Key).ToArray()) _sent.Remove(old);
                if (_sent.Count >= MostKept) _sent.Remove(_sent.MinBy(s => s.Value.Sent).Key);
            }

            var (msgId, code) = send();
            _sent[key] = (now, msgId, code);
            return (msgId, code);
        }
    }

    public void Reset()
    {
        lock (_gate) _sent.Clear();
    }
}
