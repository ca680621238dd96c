using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Status;

/// <summary><c>larkspur status</c>: asks a running gateway how it does.</summary>
internal static class StatusCommand
{
    public static Command Create() => new Verb("status", "Ask a running gateway how it does; exit 0 well, 1 unhealthy, 3 not reachable or wrong key.",
        "larkspur status", "larkspur status --json | jq .backlog").Asks(RunAsync);

    private static async Task<int> RunAsync(VerbCall call)
    {
        var answer = await call.Gateway.GetAsync("status", call.Cancellation);
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("status", out var status)) throw new CallFailure(ExitCodes.NoAnswer, $"{call.Gateway.Address} is no Larkspur gateway.");
        if (call.Json) JsonOut.Write(answer);
        else StatusView.Print(call.Gateway.Address, answer);
        return status.GetString() == "ok" ? ExitCodes.Done : ExitCodes.Refused;
    }
}
