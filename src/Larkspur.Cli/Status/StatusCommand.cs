using System.CommandLine;
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
        var answer = await call.Gateway.AskAsync((client, cancellation) => client.Status.GetAsync(cancellation), call.Cancellation);
        if (call.Json) JsonOut.Write(answer);
        else StatusView.Print(call.Gateway.Address, answer);
        return answer.Status == "ok" ? ExitCodes.Done : ExitCodes.Refused;
    }
}
