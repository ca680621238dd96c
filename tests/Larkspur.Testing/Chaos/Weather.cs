using System.Text.Json.Nodes;

namespace Larkspur.Testing.Chaos;

/// <summary>What goes wrong between the platform and the gateway, besides the kills.</summary>
internal sealed class Weather(EmulatorApp emulator)
{
    private const string Sending = "/open-apis/im/v1/messages*";
    private const string Received = "im.message.receive_v1";

    public async Task BeginAsync(ChaosPlan plan)
    {
        object[] rules =
        [
            // One of each kind in any case; the rates below make the rest of them.
            new { @event = Received, reply = "duplicate", count = 1 },
            new { @event = Received, reply = "duplicate", new_id = true, count = 1 },
            new { @event = Received, reply = "reorder", count = 1 },
            new { path = Sending, reply = "drop", count = 1 },
            new { path = Sending, reply = "refuse", count = 1 },
            new { path = Sending, reply = 503, count = 1 },
            new { path = Sending, reply = 429, count = 1 },
            new { path = Sending, reply = "delay", delay_ms = 200, count = 1 },
            new { @event = Received, reply = "duplicate", rate = 0.03 },
            new { @event = Received, reply = "duplicate", new_id = true, rate = 0.03 },
            new { @event = Received, reply = "reorder", rate = 0.03 },
            new { path = Sending, reply = "drop", rate = 0.01 },
            new { path = Sending, reply = "refuse", rate = 0.005 },
            new { path = Sending, reply = 503, rate = 0.01 },
            // Each closes the endpoint for a second, as the platform asks in its header: their number is bounded, or nothing else would happen.
            new { path = Sending, reply = 429, rate = 0.002, count = Math.Max(2, plan.Kills / 3) },
            new { path = Sending, reply = "delay", delay_ms = 200, rate = 0.01 },
            new { path = "/open-apis/auth/*", reply = 503, rate = 0.2 },
        ];
        foreach (var rule in rules) await emulator.ControlAsync(HttpMethod.Post, "faults", rule);
    }

    /// <returns>How often each kind hit.</returns>
    public async Task<IReadOnlyDictionary<string, int>> EndAsync()
    {
        var faults = (await emulator.ControlAsync(HttpMethod.Get, "faults"))["faults"]!.AsArray().Select(f => f!.AsObject()).ToArray();
        await emulator.ControlAsync(HttpMethod.Delete, "faults");
        return faults.GroupBy(Name).ToDictionary(kind => kind.Key, kind => kind.Sum(f => f["hits"]!.GetValue<int>()));
    }

    private static string Name(JsonObject fault) => fault["path"]?.GetValue<string>().Contains("/auth/", StringComparison.Ordinal) == true
        ? "no token"
        : fault["reply"]!.ToString() + (fault["new_id"]!.GetValue<bool>() ? " under a new id" : "");
}
