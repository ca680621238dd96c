using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The app has the bot ability, and the bot is in use: without it nothing can be sent.</summary>
internal sealed class BotCheck : IDoctorCheck
{
    /// <summary><c>activate_status</c> of a bot that works.</summary>
    private const int InUse = 2;

    public string Id => "bot";

    public LocalText Title => new("机器人能力", "Bot ability");

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.BotAsync();
        var link = platform.ConsolePage("bot");
        var fix = new LocalText("在开发者后台“添加应用能力”中开启机器人，然后创建版本并发布", "Add the bot under Add Features in the developer console, then create a version and publish it");
        if (answer.Failure is { Code: 11205 or 11240 } off) return CheckResult.Failed(new("应用没有开启机器人能力", "The app has no bot"), fix, new() { ["code"] = off.Code }) with { Link = link };
        if (answer.Failure is { } why) return Examination.Unasked(why);
        var status = answer.Value.TryGetProperty("bot", out var bot) && bot.TryGetProperty("activate_status", out var number) && number.TryGetInt32(out var read) ? read : -1;
        var detail = new System.Text.Json.Nodes.JsonObject { ["activate_status"] = status };
        return status switch
        {
            InUse => CheckResult.Ok("机器人已启用", "The bot is active", detail),
            -1 when bot.ValueKind != JsonValueKind.Object => CheckResult.Failed(new("平台的返回结果里没有机器人", "The platform's answer names no bot"), fix, detail) with { Link = link },
            0 => CheckResult.Failed(new("机器人从未启用（activate_status 0）：应用还没有发布过版本", "The bot was never activated (activate_status 0): no version of the app was published"), fix, detail) with { Link = platform.ConsolePage("version") },
            1 => CheckResult.Failed(new("企业管理员停用了应用（activate_status 1）", "The company's administrator has disabled the app (activate_status 1)"),
                new("请管理员在飞书管理后台重新启用应用", "Ask the administrator to enable the app in the Feishu admin console"), detail),
            _ => CheckResult.Warning(new($"机器人未处于启用状态（activate_status {status}）", $"The bot is not active (activate_status {status})"),
                new("请管理员在飞书管理后台检查应用状态", "Ask the administrator to look at the app's state in the Feishu admin console"), detail),
        };
    }
}
