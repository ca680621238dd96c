using System.Globalization;
using System.Text;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>What can be done where, as docs/platforms.md shows it.</summary>
internal static class PlatformTable
{
    private static readonly Dictionary<ChannelCapability, string> Titles = new()
    {
        [ChannelCapability.Groups] = "in groups, answering who mentions it",
        [ChannelCapability.Quotes] = "a message that somebody points at comes along",
        [ChannelCapability.Files] = "pictures and files with a question",
        [ChannelCapability.GrowingAnswers] = "an answer is read while it is written",
        [ChannelCapability.AnswerButtons] = "buttons below an answer (again, helpful)",
        [ChannelCapability.CardButtons] = "cards of commands with their buttons; elsewhere their facts",
        [ChannelCapability.CardForms] = "forms as cards; elsewhere written behind the command",
    };

    public static string Markdown(IEnumerable<ChannelKind> kinds)
    {
        ChannelKind[] columns = [.. kinds.OrderBy(k => Array.IndexOf(["feishu", "wecom app", "wecom bot", "dingtalk", "web"], k.Name))];
        var table = new StringBuilder($"| | {string.Join(" | ", columns.Select(c => c.Title.English))} |\n");
        table.Append(CultureInfo.InvariantCulture, $"| --- |{string.Concat(Enumerable.Repeat(" --- |", columns.Length))}\n");
        foreach (var capability in Enum.GetValues<ChannelCapability>())
            table.Append(CultureInfo.InvariantCulture, $"| {Titles[capability]} | {string.Join(" | ", columns.Select(c => c.Can(capability) ? "yes" : "–"))} |\n");
        return table.ToString();
    }
}
