using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The bot that the gateway works as is the one that the platform names: an open id of another app reaches nobody.</summary>
internal sealed class BotIdentityCheck : IDoctorCheck
{
    public string Id => "bot_identity";

    public LocalText Title => BotIdentityCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.BotAsync();
        if (answer.Failure is { Code: 11205 or 11240 }) return CheckResult.Skipped(BotIdentityCheckTexts.AppHasNoBot);
        if (answer.Failure is { } why) return Examination.Unasked(why);
        var bot = answer.Value.TryGetProperty("bot", out var found) ? found : default;
        var id = Text(bot, "open_id");
        var name = Text(bot, "app_name");
        var detail = new System.Text.Json.Nodes.JsonObject { ["open_id"] = id, ["name"] = name };
        if (id.Length == 0)
        {
            return CheckResult.Failed(BotIdentityCheckTexts.PlatformDoesNotTellBotOpenId,
                BotIdentityCheckTexts.PublishVersionWithBotInItAnd, detail);
        }

        if (of.Configured?.KnownBot is { } known && known.OpenId != id)
        {
            return CheckResult.Failed(BotIdentityCheckTexts.GatewayRemembersBotPlatform(known.OpenId, id),
                BotIdentityCheckTexts.RestartGatewayIfAppIDWas, detail);
        }

        return CheckResult.Ok(BotIdentityCheckTexts.NameAndId(name, id), detail);
    }

    private static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
