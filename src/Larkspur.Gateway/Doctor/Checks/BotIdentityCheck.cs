using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The bot that the gateway works as is the one that the platform names: an open id of another app reaches nobody.</summary>
internal sealed class BotIdentityCheck : IDoctorCheck
{
    public string Id => "bot_identity";

    public LocalText Title => new("机器人身份", "Bot identity");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.BotAsync();
        if (answer.Failure is { Code: 11205 or 11240 }) return CheckResult.Skipped("应用没有机器人", "The app has no bot");
        if (answer.Failure is { } why) return Examination.Unasked(why);
        var bot = answer.Value.TryGetProperty("bot", out var found) ? found : default;
        var id = Text(bot, "open_id");
        var name = Text(bot, "app_name");
        var detail = new System.Text.Json.Nodes.JsonObject { ["open_id"] = id, ["name"] = name };
        if (id.Length == 0)
        {
            return CheckResult.Failed(new("平台没有返回机器人的 open_id", "The platform does not tell the bot's open_id"), new("发布一个带机器人能力的版本后重试", "Publish a version with the bot in it and try again"), detail);
        }

        if (of.Configured?.KnownBot is { } known && known.OpenId != id)
        {
            return CheckResult.Failed(new($"网关记录的机器人（{known.OpenId}）与平台返回的（{id}）不同，@ 机器人的消息会被忽略", $"The gateway remembers the bot {known.OpenId}, the platform names {id}: mentions of the bot are not recognised"),
                new("重启网关；若 App ID 被更换，请重新保存连接", "Restart the gateway; if the App ID was changed, save the connection again"), detail);
        }

        return CheckResult.Ok($"{name}（{id}）", $"{name} ({id})", detail);
    }

    private static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
