using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The app has the bot ability, and the bot is in use: without it nothing can be sent.</summary>
internal sealed class BotCheck : IDoctorCheck
{
    /// <summary><c>activate_status</c> of a bot that works.</summary>
    private const int InUse = 2;

    public string Id => "bot";

    public LocalText Title => BotCheckTexts.Title;

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.BotAsync();
        var link = platform.ConsolePage("bot");
        var fix = BotCheckTexts.AddBotUnderAddFeaturesIn;
        if (answer.Failure is { Code: 11205 or 11240 } off)
            return CheckResult.Failed(BotCheckTexts.AppHasNoBot, fix, new() { ["code"] = off.Code }) with { Link = link };
        if (answer.Failure is { } why) return Examination.Unasked(why);
        var status = answer.Value.TryGetProperty("bot", out var bot) && bot.TryGetProperty("activate_status", out var number) && number.TryGetInt32(out var read) ? read : -1;
        var detail = new System.Text.Json.Nodes.JsonObject { ["activate_status"] = status };
        return status switch
        {
            InUse => CheckResult.Ok(BotCheckTexts.BotIsActive, detail),
            -1 when bot.ValueKind != JsonValueKind.Object =>
                CheckResult.Failed(BotCheckTexts.PlatformAnswerNamesNoBot, fix, detail) with { Link = link },
            0 => CheckResult.Failed(BotCheckTexts.BotWasNeverActivatedActivate, fix,
                detail) with { Link = platform.ConsolePage("version") },
            1 => CheckResult.Failed(BotCheckTexts.CompanyAdministratorHas,
                BotCheckTexts.AskAdministratorToEnableApp, detail),
            _ => CheckResult.Warning(BotCheckTexts.BotIsNotActiveActivateStatus(status),
                BotCheckTexts.AskAdministratorToLookAtApp, detail),
        };
    }
}
