using System.Text;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;

namespace Larkspur.Gateway.Channels.DingTalk.Answers;

/// <summary>The variables of an answer's card. Their names are what an administrator's template has to have (docs/dingtalk-gateway.md).</summary>
internal static class AnswerVariables
{
    /// <summary>The text, which streams.</summary>
    public const string Text = "msgContent";

    /// <summary>1 processing, 2 writing, 3 finished, 5 failed.</summary>
    public const string State = "flowStatus";

    /// <summary>Small print below.</summary>
    public const string Note = "note";

    /// <summary>Shown to the person alone who has clicked.</summary>
    public const string Told = "told";

    /// <summary>What a click asks for, as the action's id and as the name of the variable with the button's words; empty words hide it.</summary>
    private static readonly string[] Deeds = Array.ConvertAll(Enum.GetNames<DeedKind>(), n => n.ToLowerInvariant());

    public static string Word(DeedKind kind) => Deeds[(int)kind];

    public static DeedKind? Deed(string? word) => word is not null && Array.IndexOf(Deeds, word) is >= 0 and var at ? (DeedKind)at : null;

    /// <summary>What a card begins with.</summary>
    /// <param name="own">The template is the administrator's, with all variables; the platform's public one has text and state alone.</param>
    /// <param name="language">Of our words.</param>
    /// <param name="canStop">A button that stops it makes sense.</param>
    public static CardVariables First(bool own, Language language, bool canStop)
    {
        var variables = new CardVariables().With(Text, language.Get("stream.thinking")).With(State, "1");
        if (!own) return variables;
        variables.With(Note, "").With(Told, "");
        foreach (var deed in Deeds) variables.With(deed, "");
        return canStop ? variables.With(Word(DeedKind.Stop), language == Language.Chinese ? "停止" : "Stop") : variables;
    }

    /// <summary>What it ends with beside its text.</summary>
    public static CardVariables Last(bool own, CardAnswerRow row)
    {
        var variables = new CardVariables().With(State, row.Failed ? "5" : "3");
        if (!own) return variables;
        variables.With(Note, IsSmall(row.Note) ? row.Note ?? "" : "");
        foreach (var deed in Deeds) variables.With(deed, row.Buttons.GetValueOrDefault(deed) ?? "");
        return variables;
    }

    /// <summary>It has room in a variable.</summary>
    public static bool IsSmall(string? note) => Encoding.UTF8.GetByteCount(note ?? "") <= CardVariables.MaxValueBytes;

    /// <summary>Buttons as a row keeps them.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<ResponseButton> buttons) =>
        buttons.GroupBy(b => Word(b.Deed.What), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Text, StringComparer.Ordinal);
}
