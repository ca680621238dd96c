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

    public LocalText Title => new("企业微信", "WeCom");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (CheckResult.OfIncomplete(apps.States) is { } incomplete) return incomplete;
        if (apps.All.Count == 0) return CheckResult.Skipped("尚未配置企业微信", "No WeCom app is configured");
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
            ? CheckResult.Failed(new($"应用 {app.Name} 无法调用企业微信：{refused.What}", $"App {app.Name} cannot call WeCom: {refused.What}"),
                new($"检查 CorpId、AgentId、Secret 与企业可信 IP。{refused.Advice}",
                    $"Check corp id, agent id, secret and the trusted IPs. {refused.Advice}"))
            : null;

    private async Task<CheckResult> JudgeAsync(WeComApp app, CancellationToken cancellation)
    {
        if (await CredentialsAsync(app, cancellation) is { } refused) return refused;
        if (app.Bot is { } bot && connections.All.First(l => l.Bot == bot) is { IsOurs: true } && !bot.IsConnected)
        {
            var why = bot.Refusal ?? bot.Connection.Status.Problem ?? "not tried yet";
            return CheckResult.Failed(new($"应用 {app.Name} 的智能机器人没有长连接：{why}", $"The AI bot of app {app.Name} has no long connection: {why}"),
                new("检查 Bot ID 与 Secret、机器人的 API 模式是否为长连接、出站网络，以及是否有其他程序使用同一机器人", "Check bot id and secret, that its API mode is the long connection, the network going out, and whether another program uses the same bot"));
        }

        if (app.Client is not null && app.Receiver is null && app.Bot is null && app.BotReceiver is null)
        {
            return CheckResult.Warning(new($"应用 {app.Name} 只能发送：没有配置 Token 与 EncodingAESKey", $"App {app.Name} can only send: no Token and EncodingAESKey are set"),
                new($"在应用的“接收消息”中设置 /webhook/wecom{(app.Name == WeComSettings.Default ? "" : "/" + app.Name)} 并填写两者", $"Set /webhook/wecom{(app.Name == WeComSettings.Default ? "" : "/" + app.Name)} under the app's \"receive messages\", and both values here"));
        }

        return CheckResult.Ok("应用可以调用，回调已配置，智能机器人已连接（如有）", "The application can call, callbacks are configured, and the AI bot, where there is one, is connected");
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
