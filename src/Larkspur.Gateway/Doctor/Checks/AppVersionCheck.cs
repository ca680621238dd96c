using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>A version of the app is published, and none waits: what was changed in the console has no effect before.</summary>
/// <remarks>The platform tells versions only to apps with <c>application:application:self_manage</c>, which running does not need; else the bot's state has to do.</remarks>
internal sealed class AppVersionCheck : IDoctorCheck
{
    public string Id => "app_version";

    public LocalText Title => AppVersionCheckTexts.Title;

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var fix = AppVersionCheckTexts.CreateVersionUnderVersion;
        var link = platform.ConsolePage("version");
        // An app that was never published has no scope in force, so this comes first.
        var bot = await platform.BotAsync();
        if (bot.Failure is null && ActivateStatus(bot.Value) == 0)
            return CheckResult.Failed(AppVersionCheckTexts.NoVersionAppWasPublishedBot, fix) with { Link = link };
        var answer = await platform.AppAsync();
        if (answer.Failure is { Kind: UnaskedKind.Scope })
        {
            if (bot.Failure is { } silent) return Examination.Unasked(silent);
            return CheckResult.Ok(AppVersionCheckTexts.PublishedJudgedByBotBeingIn);
        }

        if (answer.Failure is { } why) return Examination.Unasked(why);
        var app = answer.Value.TryGetProperty("app", out var found) ? found : default;
        var (online, pending) = (Text(app, "online_version_id"), Text(app, "unaudit_version_id"));
        var detail = new System.Text.Json.Nodes.JsonObject { ["online_version_id"] = online, ["unaudit_version_id"] = pending };
        if (online.Length == 0) return CheckResult.Failed(AppVersionCheckTexts.NoVersionAppWasPublished, fix, detail) with { Link = link };
        if (app.TryGetProperty("status", out var status) && status.TryGetInt32(out var state) && state is 0 or 2)
            return CheckResult.Failed(AppVersionCheckTexts.AppIsDisabledInCompany, AppVersionCheckTexts.AskAdministratorToEnableApp,
                detail);
        if (pending.Length > 0)
        {
            return CheckResult.Warning(AppVersionCheckTexts.VersionWaitsForApprovalIts(pending),
                AppVersionCheckTexts.AskAdministratorToApproveIt, detail) with { Link = link };
        }

        return CheckResult.Ok(AppVersionCheckTexts.PublishedAndNoneWaits, detail);
    }

    private static int ActivateStatus(JsonElement answer) =>
        answer.TryGetProperty("bot", out var bot) && bot.TryGetProperty("activate_status", out var status) && status.TryGetInt32(out var number) ? number : -1;

    private static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
