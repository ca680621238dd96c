using System.Collections.Concurrent;
using Larkspur.Gateway.Channels;

namespace Larkspur.Gateway.Outbox;

/// <summary>A desk for each budget; what has none stands at its platform's own desk, where a turn comes at once.</summary>
internal sealed class TurnDesks(IReadOnlyDictionary<string, IChannel> channels, int most, TimeProvider clock, Random random, ILogger logger)
{
    private readonly ConcurrentDictionary<string, TurnDesk> _desks = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<long, TurnDesk> _entered = new();

    /// <summary>The desk that a message would stand at now. A budget's key may change at any time (an app's tenant becomes known, limits are
    /// read anew): whoever has entered is asked for by <see cref="At"/>.</summary>
    public TurnDesk For(OutboxEntry entry)
    {
        var channel = channels.GetValueOrDefault(entry.Platform) ?? NoChannel.Instance;
        var key = channel.PaceOf(entry)?.Key ?? $"{entry.Platform} {entry.App}";
        return _desks.GetOrAdd(key, _ => new TurnDesk(channel, most, clock, random, logger));
    }

    /// <summary>A message comes to stand at its desk, and stays there until it leaves.</summary>
    public void Enter(OutboxEntry entry)
    {
        var desk = For(entry);
        _entered[entry.Id] = desk;
        desk.Enter(entry);
    }

    /// <summary>Where a message stands; null: it has not entered.</summary>
    public TurnDesk? At(OutboxEntry entry) => _entered.GetValueOrDefault(entry.Id);

    /// <summary>It leaves the desk that it entered.</summary>
    public void Leave(OutboxEntry entry)
    {
        if (_entered.TryRemove(entry.Id, out var desk)) desk.Leave(entry);
    }

    public void RecallAll()
    {
        foreach (var desk in _desks.Values) desk.RecallAll();
    }
}
