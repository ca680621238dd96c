using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Webhooks;

/// <summary><c>larkspur webhooks add</c>, <c>change</c> and <c>rotate</c>. A secret comes from a file or the input, and one that the gateway made is printed this once.</summary>
internal static class WebhookChanges
{
    public static Verb Add()
    {
        var name = Named.Argument("name", "What it is called here: lower-case letters, digits and -.");
        var url = new Argument<string>("url") { Description = "Its address: https://…" };
        var (events, timeout, secret) = Members();
        return new Verb("add", "Add a webhook. Without --secret-file a secret is made, and printed this once.",
            "larkspur webhooks add erp https://erp.example.com/larkspur --event approval.decided --event payment.decided", "pass show erp/larkspur | larkspur webhooks add erp https://erp.example.com/larkspur --event '*' --secret-file -")
        {
            name, url, events, timeout, secret,
        }.Asks(async call =>
        {
            if (await IsThereAsync(call, call.Get(name))) throw new CallFailure(ExitCodes.Refused, $"there is a webhook {call.Get(name)} already. Change it by larkspur webhooks change.");
            return await PutAsync(call, call.Get(name), new PutWebhook { Url = call.Get(url), Events = call.Get(events), TimeoutSeconds = call.Get(timeout), Secret = await SecretAsync(call, secret) }, "Added");
        });
    }

    public static Verb Change()
    {
        var name = Named.Argument("name", "The webhook.");
        var url = new Option<string?>("--url") { Description = "Its address from now on." };
        var (events, timeout, secret) = Members();
        var silent = new Option<bool>("--no-events") { Description = "It gets only what names it." };
        var verb = new Verb("change", "Change what is named here of a webhook. A secret that is replaced signs as well for 24 hours.", "larkspur webhooks change erp --event approval.decided", "larkspur webhooks change erp --secret-file erp.secret")
        {
            name, url, events, silent, timeout, secret,
        };
        verb.Validators.Add(result =>
        {
            if (((Option[])[url, events, silent, timeout, secret]).All(o => result.GetResult(o) is null)) result.AddError("Say what is to change: --url, --event, --no-events, --timeout, --secret-file.");
            if (result.GetResult(events) is not null && result.GetResult(silent) is not null) result.AddError("--event and --no-events do not go together.");
        });
        return verb.Asks(async call =>
        {
            // A misspelt name would add a webhook.
            if (!await IsThereAsync(call, call.Get(name))) throw new CallFailure(ExitCodes.Refused, $"there is no webhook {call.Get(name)}. Add one by larkspur webhooks add.");
            return await PutAsync(call, call.Get(name), new PutWebhook
            {
                Url = call.Get(url), Events = call.Get(silent) ? [] : call.Get(events) is { Length: > 0 } some ? some : null, TimeoutSeconds = call.Get(timeout), Secret = await SecretAsync(call, secret),
            }, "Changed");
        });
    }

    public static Verb Rotate()
    {
        var name = Named.Argument("name", "The webhook.");
        var secret = SecretFile();
        return new Verb("rotate", "Replace a webhook's secret; the one until now signs as well for 24 hours. Without --secret-file one is made, and printed this once.", "larkspur webhooks rotate erp") { name, secret }.Asks(async call =>
        {
            var given = await SecretAsync(call, secret);
            var rotated = await call.AskAsync((client, limited) => client.Webhooks.RotateSecretAsync(call.Get(name), given is null ? null : new RotateWebhook { Secret = given }, limited));
            if (call.Json) JsonOut.Write(rotated);
            else
            {
                Console.Out.WriteLine(Printable.Line($"Rotated: {rotated.Name}; the old secret signs as well until {PointInTime.Shown(rotated.PreviousSecretUntil)}"));
                Tell(rotated.Secret);
            }

            return ExitCodes.Done;
        });
    }

    private static async Task<int> PutAsync(VerbCall call, string name, PutWebhook body, string what)
    {
        var saved = await call.AskAsync((client, limited) => client.Webhooks.PutAsync(name, body, limited));
        if (call.Json)
        {
            JsonOut.Write(saved);
            return ExitCodes.Done;
        }

        Console.Out.WriteLine(Printable.Line($"{what}: {saved.Name}, {saved.Url}"));
        Tell(saved.Secret);
        return ExitCodes.Done;
    }

    private static void Tell(string? made)
    {
        if (made is not null) Console.Out.WriteLine(Printable.Line($"Its secret, shown this once: {made}"));
    }

    private static async Task<bool> IsThereAsync(VerbCall call, string name)
    {
        try
        {
            await call.AskAsync((client, limited) => client.Webhooks.ShowAsync(name, limited));
            return true;
        }
        catch (CallFailure e) when (e.Word == "not_found")
        {
            return false;
        }
    }

    private static async Task<string?> SecretAsync(VerbCall call, Option<string?> option) => call.Get(option) is { } path ? await SecretInput.ReadAsync(path, "The webhook's secret", call.Cancellation) : null;

    private static (Option<string[]> Events, Option<int?> Timeout, Option<string?> Secret) Members() => (
        new("--event") { Description = "An event that it gets, like approval.decided, or * for all; may be given several times.", AllowMultipleArgumentsPerToken = false },
        new("--timeout") { Description = "Seconds for one attempt; 15 unless it is said." },
        SecretFile());

    private static Option<string?> SecretFile() => new("--secret-file") { Description = "A file with the secret (whsec_…); - is the input. Never an argument: those are seen by others on the machine." };
}
