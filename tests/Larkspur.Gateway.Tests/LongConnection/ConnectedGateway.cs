using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.LongConnection;

/// <summary>Gateways whose events come over the long connection: no address is told to the platform, and they have no key to check a webhook with.</summary>
internal static class ConnectedGateway
{
    public static Dictionary<string, string?> Settings => new()
    {
        ["FEISHU_EVENT_MODE"] = "long_connection",
        ["FEISHU_ENCRYPT_KEY"] = null,
        ["FEISHU_VERIFICATION_TOKEN"] = null,
        ["Larkspur:Gaps:Enabled"] = "true",
        ["Larkspur:Gaps:Settle"] = "00:00:00",
    };

    public static async Task<EmulatorApp> EmulatorAsync()
    {
        var emulator = await EmulatorApp.StartAsync();
        // A pong that is late by a whole interval is a loss: seldom pings, so that a slow machine loses no connection that a test counts on.
        await PaceAsync(emulator, pingInterval: 60);
        return emulator;
    }

    /// <summary>How often connections that are made from now on ping, in seconds; whoever lost one comes back after a second.</summary>
    public static Task PaceAsync(EmulatorApp emulator, int pingInterval) =>
        emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "configure", ping_interval = pingInterval, reconnect_interval = 1, reconnect_nonce = 0 });

    /// <summary>Starts one and waits for its connection.</summary>
    public static async Task<GatewayApp> StartAsync(Uri platform, Dictionary<string, string?>? settings = null, string? folder = null)
    {
        var gateway = await GatewayApp.StartAsync(platform.ToString(), settings ?? Settings, folder);
        await StateAsync(gateway, "unproven", "proven");
        return gateway;
    }

    public static async Task<JsonElement> ConnectionAsync(GatewayApp gateway) => (await StatusAsync(gateway)).GetProperty("long_connections")[0];

    public static Task<JsonElement> StatusAsync(GatewayApp gateway) => gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/status", UriKind.Relative));

    public static Task StateAsync(GatewayApp gateway, params string[] states) =>
        UntilAsync(async () => (await ConnectionAsync(gateway)).GetProperty("state").GetString() is var state && states.Contains(state), $"the state {string.Join(" or ", states)}", gateway);

    /// <summary>Compares history with what arrived, and waits for the end of it.</summary>
    public static async Task<string?> CompareAsync(GatewayApp gateway)
    {
        var begun = await RunsAsync(gateway);
        await UntilAsync(async () => (int)(await gateway.Http.PostAsync(new Uri("/api/v1/schedules/gap-filling/run", UriKind.Relative), null)).StatusCode == 202, "a run", gateway);
        // Looked at once: the next run may have begun by a second look.
        var last = begun;
        await UntilAsync(async () => (last = await RunsAsync(gateway)).Runs > begun.Runs && last.Outcome is "ok" or "failed", "its end", gateway);
        Assert.True(last.Outcome == "ok", $"{last.Outcome}: {last.Detail}");
        return last.Detail;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what, GatewayApp gateway)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (deadline.IsCancellationRequested) Assert.Fail($"Waited in vain for {what}; log:\n{gateway.Logs.Text}");
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static async Task<(long Runs, string? Outcome, string? Detail)> RunsAsync(GatewayApp gateway)
    {
        var list = await gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/schedules", UriKind.Relative));
        var item = list.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("name").GetString() == "gap-filling");
        return item.TryGetProperty("last", out var last) && last.ValueKind == JsonValueKind.Object
            ? (item.GetProperty("runs").GetInt64(), last.GetProperty("outcome").GetString(), last.TryGetProperty("detail", out var detail) ? detail.GetString() : null)
            : (item.GetProperty("runs").GetInt64(), null, null);
    }
}
