using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Doctor;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Connections;

/// <summary><c>larkspur connections</c>: an app of a platform, before it is one of the gateway's.</summary>
internal static class ConnectionsCommand
{
    public static Command Create() => new("connections", "Apps of Feishu/Lark before they are connected: test.") { Test() };

    private static Verb Test()
    {
        var id = new Argument<string>("app-id") { Description = "The app: cli_…" };
        var file = new Option<string>("--secret-file") { Description =
            "The app's secret: a file, or - for the input. On a terminal it is asked for, and not shown.", DefaultValueFactory = _ => "-" };
        var brand = new Option<string?>("--brand") { Description = "feishu or lark; default: the gateway's." };
        return new Verb("test",
            "Whether an app and its secret work, and what it may do; nothing is kept. Exit 1: something does not work.",
            "larkspur connections test cli_a1b2… --secret-file app.secret")
        {
            id, file, brand,
        }.Asks(async call =>
        {
            var body = new JsonObject { ["app_id"] = call.Get(id),
                ["app_secret"] = await SecretInput.ReadAsync(call.Get(file)!, $"Secret of {call.Get(id)}", call.Cancellation) };
            if (call.Get(brand) is { } named) body["brand"] = named;
            var report = await call.AskAsync((client, limited) =>
                client.Connections.TestAsync(body.Deserialize<TestConnection>()!, limited));
            if (call.Json) JsonOut.Write(report);
            else DoctorView.Print(report, Words.AreChinese);
            return report.Status == "failed" ? ExitCodes.Refused : ExitCodes.Done;
        });
    }
}
