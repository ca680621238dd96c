namespace Larkspur.Emulator.Web.Messages;

/// <summary>The platform names its reactions; the common ones have a Unicode likeness.</summary>
internal static class Emoji
{
    /// <summary>What the reaction menu offers.</summary>
    public static readonly IReadOnlyList<string> Offered = ["THUMBSUP", "DONE", "OK", "SMILE", "HEART", "PARTY", "CLAP", "GLANCE"];

    private static readonly Dictionary<string, string> Likeness = new(StringComparer.OrdinalIgnoreCase)
    {
        ["OK"] = "👌", ["THUMBSUP"] = "👍", ["THANKS"] = "🙏", ["MUSCLE"] = "💪", ["APPLAUSE"] = "👏", ["CLAP"] = "👏", ["FISTBUMP"] = "🤜", ["JIAYI"] = "➕",
        ["DONE"] = "✅", ["SMILE"] = "😊", ["BLUSH"] = "☺️", ["LAUGH"] = "😄", ["LOL"] = "😂", ["LOVE"] = "😍", ["WINK"] = "😉", ["PROUD"] = "😎",
        ["WITTY"] = "🤪", ["SMART"] = "🤓", ["SCOWL"] = "😠", ["THINKING"] = "🤔", ["SOB"] = "😭", ["CRY"] = "😢", ["ERROR"] = "❌", ["HEART"] = "❤️",
        ["PARTY"] = "🎉", ["Fire"] = "🔥", ["BEER"] = "🍺", ["CAKE"] = "🎂", ["GIFT"] = "🎁", ["ROSE"] = "🌹", ["CheckMark"] = "✔️", ["CrossMark"] = "✖️",
        ["Alarm"] = "⏰", ["EYES"] = "👀", ["GLANCE"] = "👀", ["Yes"] = "✅", ["No"] = "🚫", ["Get"] = "🫡", ["Hundred"] = "💯", ["Typing"] = "⌨️", ["OnIt"] = "🏃",
        ["Pin"] = "📌", ["SALUTE"] = "🫡", ["SHAKE"] = "🤝", ["WAVE"] = "👋", ["FACEPALM"] = "🤦", ["SURPRISED"] = "😮", ["SHOCKED"] = "😱", ["THUMBSDOWN"] = "👎",
    };

    public static string Of(string emojiType) => Likeness.GetValueOrDefault(emojiType, $"[{emojiType}]");
}
