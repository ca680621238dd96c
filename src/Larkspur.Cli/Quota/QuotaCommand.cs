using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Quota;

/// <summary><c>larkspur quota</c>: the calls that apps have made this month, and what they may make.</summary>
internal static class QuotaCommand
{
    public static Command Create() => new("quota", "Platform calls of the month, by app: list, show, reset.") { List(), Show(), Reset() };

    private static Verb List() =>
        new Verb("list", "Apps with what they used, their cap, and what the month will come to.", "larkspur quota list").Asks(async call =>
    {
        var quota = await call.AskAsync((client, limited) => client.Quota.ListAsync(limited));
        if (call.Json)
        {
            JsonOut.Write(quota);
            return ExitCodes.Done;
        }

        return ListView.Print(call, quota.Apps, false, new("App", a => a.App), new("Month", a => a.Month), new("Mode", a => a.Mode),
            new("Used", a => Number(a.Used)), new("Cap", a => a.Cap is { } cap ? Number(cap) : "none"),
            new("Forecast", a => Number(a.Forecast)), new("Refused", a => Number(a.Refused)));
    });

    private static Verb Show()
    {
        var app = Named.Argument("app", "The app, by its configured name.");
        return new Verb("show", "An app's calls, API by API.", "larkspur quota show default") { app }.Asks(async call =>
        {
            var quota = await call.AskAsync((client, limited) => client.Quota.ListAsync(limited));
            var one = quota.Apps.FirstOrDefault(a => a.App == call.Get(app))
                ?? throw new CallFailure(ExitCodes.Refused,
                    $"there is no app \"{call.Get(app)}\".{Nearest.Sentence(call.Get(app), quota.Apps.Select(a => a.App))}");
            return AnswerView.Print(call, one);
        });
    }

    private static Verb Reset()
    {
        var app = Named.Argument("app", "The app, by its configured name.");
        return new Verb("reset", "Let an app that the platform refused for its quota call again at once (docs/quota.md).",
            "larkspur quota reset default") { app }.Asks(async call =>
        {
            var reset = await call.AskAsync((client, limited) => client.Quota.ResetAsync(call.Get(app), limited));
            return AnswerView.Say(call, reset, $"Reset: {reset.App}, {Number(reset.Used)} used");
        });
    }

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
