using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Platforms.WeCom.Ingress;
using Larkspur.WeCom;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Every WeCom app: its application's token can be had, its callbacks can be checked, and its bot is connected.</summary>
internal sealed class WeComCheck(WeComApps apps, BotConnections connections) : IDoctorCheck
{
    /// <summary>A read that every application may make, and that costs nothing but a token.</summary>
    private static readonly WeComEndpoint Addresses = WeComEndpoint.Get("getcallbackip", "/cgi-bin/getcallbackip");

    public string Id => "wecom";

    public LocalText Title => WeComCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (CheckResult.OfIncomplete(apps.States) is { } incomplete) return incomplete;
        if (apps.All.Count == 0) return CheckResult.Skipped(WeComCheckTexts.NoWeComAppIsConfigured);
        var detail = new JsonObject();
        CheckResult? worst = null;
        foreach (var app in apps.All)
        {
            var result = await JudgeAsync(app, cancellation);
            detail[app.Name] = CheckResult.Word(result.Status);
            if (worst is null || result.Status > worst.Status) worst = result;
        }

        return worst! with { Detail = detail };
    }

    /// <summary>What is wrong with the application's credentials; null: nothing, or there is no application.</summary>
    public static async Task<CheckResult?> CredentialsAsync(WeComApp app, CancellationToken cancellation) =>
        app.Client is { } client && await RefusedAsync(client, cancellation) is { } refused
            ? CheckResult.Failed(WeComCheckTexts.AppCannotCallWeCom(app.Name, refused.What),
                WeComCheckTexts.CheckCorpIdAgentIdSecretAnd(refused.Advice))
            : null;

    private async Task<CheckResult> JudgeAsync(WeComApp app, CancellationToken cancellation)
    {
        if (await CredentialsAsync(app, cancellation) is { } refused) return refused;
        if (app.Bot is { } bot && connections.All.First(l => l.Bot == bot) is { IsOurs: true } && !bot.IsConnected)
        {
            var why = bot.Refusal ?? bot.Connection.Status.Problem ?? "not tried yet";
            return CheckResult.Failed(WeComCheckTexts.AIBotAppHasNoLongConnection(app.Name, why),
                WeComCheckTexts.CheckBotIdAndSecretItsAPI);
        }

        if (app.Client is not null && app.Receiver is null && app.Bot is null && app.BotReceiver is null)
        {
            return CheckResult.Warning(WeComCheckTexts.AppCanOnlySendNoTokenAnd(app.Name),
                WeComCheckTexts.SetReceiving(WeComIntegration.Setup.PathOf(app.Name)));
        }

        return CheckResult.Ok(WeComCheckTexts.ApplicationCanCallCallbacks);
    }

    private static async Task<(string What, string? Advice)?> RefusedAsync(WeComClient client, CancellationToken cancellation)
    {
        try
        {
            await client.SendAsync<JsonElement>(new WeComRequest(Addresses), new WeComCallOptions { Timeout = TimeSpan.FromSeconds(8) }, cancellation);
            return null;
        }
        catch (WeComApiException e)
        {
            return (e.Message, e.Advice);
        }
        catch (PlatformNetworkException e)
        {
            return (e.Message, null);
        }
    }
}
