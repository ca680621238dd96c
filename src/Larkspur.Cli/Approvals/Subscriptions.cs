using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals subscriptions</c>: whether the platform sends the events of an approval code.</summary>
internal static class Subscriptions
{
    public static Command Create() => new("subscriptions", "Whether the events of an approval code come: show, add, delete.")
    {
        Of("show", "Whether they come.", (client, code, app, limited) => client.Approvals.GetSubscriptionAsync(code, app, limited)),
        Of("add", "Have them sent.", (client, code, app, limited) => client.Approvals.SubscribeAsync(code, app, limited)),
        Of("delete", "Have them sent no more.", (client, code, app, limited) => client.Approvals.UnsubscribeAsync(code, app, limited)),
    };

    private static Verb Of(string word, string help, Func<LarkspurClient, string, string?, CancellationToken, Task<SubscriptionView>> ask)
    {
        var code = Named.Argument("code", "The approval code.");
        var app = GatewayOptions.App();
        return new Verb(word, help, $"larkspur approvals subscriptions {word} 5A6F1C3E-…") { code, app }.Asks(async call =>
        {
            var subscription = await call.AskAsync((client, limited) => ask(client, call.Get(code), call.Get(app), limited));
            if (call.Json) JsonOut.Write(subscription);
            else DetailView.Print(("approval code", subscription.ApprovalCode), ("app", subscription.App), ("state", subscription.State), ("reason", subscription.Reason),
                ("failed attempts", subscription.Attempts > 0 ? subscription.Attempts.ToString(CultureInfo.InvariantCulture) : null), ("since", PointInTime.Shown(subscription.ChangedAt)), ("next attempt", PointInTime.Shown(subscription.NextAttemptAt)));
            return ExitCodes.Done;
        });
    }
}
