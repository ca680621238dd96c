using System.Text.Json;
using Larkspur.Gateway.Commands.Registered;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Commands;

/// <summary>What the page of the bot's commands says.</summary>
internal static partial class CommandsTexts
{
    public static LocalText Of(CommandTextView text) => new(text.Zh, text.En);

    public static LocalText OfOrigin(string? plugin) => plugin is null ? Gateway : PlugIn(plugin);

    public static LocalText OfWithin(int seconds) => seconds switch
    {
        0 => NoLimit,
        _ when seconds % 3600 == 0 => Hours(seconds / 3600),
        _ when seconds % 60 == 0 => Minutes(seconds / 60),
        _ => Seconds(seconds),
    };

    public static LocalText Where(CallView call) => Platform(call.Platform) + LocalText.From(" · ")
        + (call.ChatType == "group" ? Group : PrivateChat);

    /// <summary>How a call stands.</summary>
    /// <param name="call">The call.</param>
    /// <param name="late">Its system should have answered by now.</param>
    public static (string Kind, LocalText Text) Outcome(CallView call, bool late) => call.State switch
    {
        "answered" => ("good", call.Answers > 1 ? AnsweredTimes(call.Answers) : Answered),
        "called" when late => ("warn", NoAnswerYet),
        "called" => ("busy", WaitsForAnswer),
        _ => ("off", FormOpen),
    };

    /// <summary>What was filled in, on one line; null: nothing.</summary>
    public static string? Entered(JsonElement? form) => form is not { ValueKind: JsonValueKind.Object } entered ? null
        : string.Join(" · ", entered.EnumerateObject().Where(v => v.Value.ValueKind is not JsonValueKind.Null)
            .Select(v => $"{v.Name}: {v.Value}"));

    private static LocalText Platform(string platform) => FindPlatform(platform) ?? LocalText.From(platform);
}
