using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Control;

internal static class FaultsCommand
{
    private const string WantedReply =
        "\"reply\" must be a status from 400 to 599, 200 with a \"code\", or \"delay\", \"drop\", \"refuse\", \"duplicate\", \"reorder\".";

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
        input.Only("path", "method", "event", "match", "reply", "status", "delay", "delay_ms", "drop", "duplicate", "reorder", "code", "rate", "count", "new_id");
        // What has to match may also stand in an object of its own.
        var match = input.Object("match") is { } inner ? new ControlInput(inner.DeepClone().AsObject()) : input;
        match.Only(match == input ? [.. input.Body.Select(m => m.Key)] : ["path", "method", "event", "rate"]);
        var (kind, status, delay) = Reply(input);
        var onEvents = kind is FaultKind.Duplicate or FaultKind.Reorder;
        var newId = input.Flag("new_id", false);
        if (status == 200 && input.Body["code"] is null) throw new ControlRefusal(WantedReply);
        if (newId && kind != FaultKind.Duplicate) throw new ControlRefusal("\"new_id\" goes with \"duplicate\".");
        var rule = new FaultRule
        {
            Id = faults.NextId(),
            Path = match.Text(onEvents ? "event" : "path") ?? match.Text("path") ?? "*",
            Method = match.Text("method")?.ToUpperInvariant(),
            Kind = kind,
            Status = status,
            Code = input.Int("code", 1, int.MaxValue),
            Delay = TimeSpan.FromMilliseconds(delay ?? (kind == FaultKind.Delay ? throw new ControlRefusal("A delay needs \"delay_ms\".") : 0)),
            Rate = match.Number("rate", 0, 1) ?? input.Number("rate", 0, 1) ?? 1,
            NewId = newId,
            Remaining = input.Int("count", 1, int.MaxValue),
        };
        return faults.Add(rule) ? Show(rule) : throw new ControlRefusal($"There are {FaultRules.MostRules} faults already; delete some.");
    }

    /// <summary>The answer is named by <c>reply</c>, or by the member that says it: <c>status</c>, <c>delay_ms</c>, <c>drop</c>, <c>duplicate</c>, <c>reorder</c>.</summary>
    private static (FaultKind Kind, int Status, int? DelayMs) Reply(ControlInput input)
    {
        var delay = input.Int("delay_ms", 0, MostDelayMs) ?? input.Int("delay", 0, MostDelayMs);
        var reply = input.Body["reply"] is JsonObject detail ? Reply(new ControlInput(detail.DeepClone().AsObject()))
            : Named((input.Body["reply"] ?? input.Body["status"])?.ToString() ?? Implied()) is var (kind, status) ? (kind, status, (int?)null)
            : throw new ControlRefusal(WantedReply);
        return reply with { Item3 = reply.Item3 ?? delay };

        string? Implied() =>
            input.Flag("drop", false) ? "drop" : input.Flag("duplicate", false) ? "duplicate" : input.Flag("reorder", false) ? "reorder" : delay is null ? null : "delay";
    }

    private static (FaultKind Kind, int Status)? Named(string? reply)
    {
        if (int.TryParse(reply, out var status)) return status is 200 or (>= 400 and <= 599) ? (FaultKind.Status, status) : null;
        return reply switch
        {
            "5xx" => (FaultKind.Status, 503),
            "delay" or "delayed" => (FaultKind.Delay, 0),
            "drop" or "dropped" => (FaultKind.Drop, 0),
            "refuse" or "refused" => (FaultKind.Refuse, 0),
            "duplicate" or "duplicated" => (FaultKind.Duplicate, 0),
            "reorder" or "reordered" => (FaultKind.Reorder, 0),
            _ => null,
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
        ["new_id"] = rule.NewId,
        ["rate"] = rule.Rate,
        ["remaining"] = rule.Remaining,
        ["hits"] = rule.Hits,
    };
}
