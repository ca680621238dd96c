using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Events;

/// <summary>Events that no try brought to the callback address, until somebody fetches them.</summary>
internal sealed class FailedEvents : IDingTalkArea, IResettableState
{
    private const int Most = 10_000;
    private const int PerPull = 200;

    private readonly Lock _gate = new();
    private readonly Queue<JsonObject> _events = [];

    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Get("/call_back/get_call_back_failed_result", Pull)];

    public void Add(JsonObject plain)
    {
        lock (_gate)
        {
            _events.Enqueue(plain);
            if (_events.Count > Most) _events.Dequeue();
        }
    }

    public void Reset()
    {
        lock (_gate) _events.Clear();
    }

    /// <summary>What was fetched is gone. The platform shows it 3 to 5 minutes late; here it is there at once.</summary>
    private DingTalkAnswer Pull(DingTalkCall call)
    {
        var list = new JsonArray();
        lock (_gate)
        {
            while (list.Count < PerPull && _events.TryDequeue(out var plain))
            {
                var type = plain["EventType"]!.GetValue<string>();
                list.Add(new JsonObject { ["call_back_tag"] = type, ["event_time"] = plain["EventTime"]?.DeepClone(), [type] = plain });
            }

            return new(new JsonObject { ["has_more"] = _events.Count > 0, ["failed_list"] = list });
        }
    }
}
