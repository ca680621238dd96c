using System.Collections.Concurrent;
using Larkspur.Gateway.Channels;

namespace Larkspur.Gateway.Outbox;

/// <summary>A desk for each budget; what has none stands at its platform's own desk, where a turn comes at once.</summary>
internal sealed class TurnDesks(IReadOnlyDictionary<string, IChannel> channels, int most, TimeProvider clock, Random random, ILogger logger)
{
    private readonly ConcurrentDictionary<string, TurnDesk> _desks = new(StringComparer.Ordinal);

    public TurnDesk For(OutboxEntry entry)
    {
        var channel = channels.GetValueOrDefault(entry.Platform) ?? NoChannel.Instance;
        var key = channel.PaceOf(entry)?.Key ?? $"{entry.Platform} {entry.App}";
        return _desks.GetOrAdd(key, _ => new TurnDesk(channel, most, clock, random, logger));
    }

    public void RecallAll()
    {
        foreach (var desk in _desks.Values) desk.RecallAll();
    }
}
