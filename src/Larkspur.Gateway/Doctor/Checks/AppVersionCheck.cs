using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>A version of the app is published, and none waits: what was changed in the console has no effect before.</summary>
/// <remarks>The platform tells versions only to apps with <c>application:application:self_manage</c>, which running does not need; else the bot's state has to do.</remarks>
internal sealed class AppVersionCheck : IDoctorCheck
{
    public string Id => "app_version";

    public LocalText Title => new("应用版本", "App version");

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var fix = new LocalText("在开发者后台“版本管理与发布”中创建版本、提交发布，并请管理员批准", "Create a version under Version Management & Release, submit it, and have the administrator approve it");
        var link = platform.ConsolePage("version");
        // An app that was never published has no scope in force, so this comes first.
        var bot = await platform.BotAsync();
        if (bot.Failure is null && ActivateStatus(bot.Value) == 0)
            return CheckResult.Failed(new("应用还没有发布过版本（机器人 activate_status 0）", "No version of the app was published (the bot's activate_status is 0)"), fix) with { Link = link };
        var answer = await platform.AppAsync();
        if (answer.Failure is { Kind: UnaskedKind.Scope })
        {
            if (bot.Failure is { } silent) return Examination.Unasked(silent);
            return CheckResult.Ok("已发布（由机器人处于启用状态判断；平台只向拥有 application:application:self_manage 的应用提供版本信息，运行并不需要它）",
                "Published, judged by the bot being in use; the platform tells versions only to apps with application:application:self_manage, which running does not need");
        }

        if (answer.Failure is { } why) return Examination.Unasked(why);
        var app = answer.Value.TryGetProperty("app", out var found) ? found : default;
        var (online, pending) = (Text(app, "online_version_id"), Text(app, "unaudit_version_id"));
        var detail = new System.Text.Json.Nodes.JsonObject { ["online_version_id"] = online, ["unaudit_version_id"] = pending };
        if (online.Length == 0) return CheckResult.Failed(new("应用还没有发布过版本", "No version of the app was published"), fix, detail) with { Link = link };
        if (app.TryGetProperty("status", out var status) && status.TryGetInt32(out var state) && state is 0 or 2)
            return CheckResult.Failed(new("应用在企业内被停用", "The app is disabled in the company"), new("请管理员在飞书管理后台启用应用", "Ask the administrator to enable the app"), detail);
        if (pending.Length > 0)
        {
            return CheckResult.Warning(new($"有一个版本正在等待审核（{pending}），其中的权限和事件尚未生效", $"A version waits for approval ({pending}); its scopes and events have no effect yet"),
                new("请管理员在飞书管理后台审核", "Ask the administrator to approve it in the admin console"), detail) with { Link = link };
        }

        return CheckResult.Ok("已发布，没有等待审核的版本", "Published, and none waits", detail);
    }

    private static int ActivateStatus(JsonElement answer) =>
        answer.TryGetProperty("bot", out var bot) && bot.TryGetProperty("activate_status", out var status) && status.TryGetInt32(out var number) ? number : -1;

    private static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
