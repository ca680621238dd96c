using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Messages;

/// <summary>What happens in groups, in figures.</summary>
internal sealed class GroupMetrics(Meter meter)
{
    private readonly Counter<long> _events = meter.CreateCounter<long>("larkspur_group_events_total", description: "Changes of groups: people or the bot came or went, the group was changed or disbanded.");
    private readonly Counter<long> _ended = meter.CreateCounter<long>("larkspur_group_messages_ended_total", description: "Queued messages that ended because the bot is out of the group or the group is gone.");

    public void Happened(string eventType) => _events.Add(1, new KeyValuePair<string, object?>("type", eventType));

    public void Ended(string reason, int count)
    {
        if (count > 0) _ended.Add(count, new KeyValuePair<string, object?>("reason", reason));
    }
}
