using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Control;

internal static class FaultsCommand
{
    private const int MostDelayMs = 600_000;

    public static JsonObject List(FaultRules faults) => new() { ["faults"] = new JsonArray([.. faults.All.Select(r => (JsonNode?)Show(r))]) };

    public static JsonObject Clear(FaultRules faults)
    {
        faults.Clear();
        return ControlEndpoints.Done();
    }

    public static JsonObject Remove(FaultRules faults, string id) =>
        faults.Remove(id) ? ControlEndpoints.Done() : throw new ControlRefusal($"There is no fault {id}.", 404);

    public static JsonObject Add(FaultRules faults, ControlInput input)
    {
        var (kind, status) = Reply(input);
        var onEvents = kind is FaultKind.Duplicate or FaultKind.Reorder;
        var rule = new FaultRule
        {
            Id = faults.NextId(),
            Path = input.Text(onEvents ? "event" : "path") ?? input.Text("path") ?? "*",
            Method = input.Text("method")?.ToUpperInvariant(),
            Kind = kind,
            Status = status,
            Code = input.Int("code", 1, int.MaxValue),
            Delay = TimeSpan.FromMilliseconds(input.Int("delay_ms", 0, MostDelayMs) ?? (kind == FaultKind.Delay ? throw new ControlRefusal("A delay needs \"delay_ms\".") : 0)),
            Rate = input.Number("rate", 0, 1) ?? 1,
            Remaining = input.Int("count", 1, int.MaxValue),
        };
        return faults.Add(rule) ? Show(rule) : throw new ControlRefusal($"There are {FaultRules.MostRules} faults already; delete some.");
    }

    private static (FaultKind Kind, int Status) Reply(ControlInput input)
    {
        const string wanted = "\"reply\" must be a status from 400 to 599, or \"delay\", \"drop\", \"refuse\", \"duplicate\", \"reorder\".";
        var reply = input.Body["reply"] as JsonValue ?? throw new ControlRefusal(wanted);
        if (reply.TryGetValue<int>(out var status) || int.TryParse(reply.ToString(), out status))
        {
            return status is >= 400 and <= 599 ? (FaultKind.Status, status) : throw new ControlRefusal(wanted);
        }

        return reply.ToString() switch
        {
            "5xx" => (FaultKind.Status, 503),
            "delay" => (FaultKind.Delay, 0),
            "drop" => (FaultKind.Drop, 0),
            "refuse" => (FaultKind.Refuse, 0),
            "duplicate" => (FaultKind.Duplicate, 0),
            "reorder" => (FaultKind.Reorder, 0),
            _ => throw new ControlRefusal(wanted),
        };
    }

    private static JsonObject Show(FaultRule rule) => new()
    {
        ["id"] = rule.Id,
        [rule.OnEvents ? "event" : "path"] = rule.Path,
        ["method"] = rule.Method,
        ["reply"] = rule.Kind == FaultKind.Status ? rule.Status : rule.Kind.ToString().ToLowerInvariant(),
        ["code"] = rule.Code,
        ["delay_ms"] = rule.Delay.TotalMilliseconds,
        ["rate"] = rule.Rate,
        ["remaining"] = rule.Remaining,
        ["hits"] = rule.Hits,
    };
}
