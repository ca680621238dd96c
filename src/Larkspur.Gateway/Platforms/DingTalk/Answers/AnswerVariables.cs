using System.Text;
using System.Text.Json;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

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

    /// <summary>The buttons: a list of <c>{"text", "id", "params": {"action"}}</c>, for a group of buttons in the template.</summary>
    public const string Buttons = "buttons";

    private static readonly string[] Actions = Array.ConvertAll(Enum.GetNames<AnswerActionKind>(), n => n.ToLowerInvariant());

    /// <summary>What a click with an action's id asks for, or null.</summary>
    public static AnswerActionKind? Action(string? word) => word is not null && Array.IndexOf(Actions, word) is >= 0 and var at ? (AnswerActionKind)at : null;

    /// <summary>What a card begins with.</summary>
    /// <param name="own">The template is the administrator's, with all variables; the platform's public one has text and state alone.</param>
    /// <param name="language">Of our words.</param>
    /// <param name="stops">What the button asks for that stops the answer; null: there is none.</param>
    public static CardVariables First(bool own, Language language, AnswerAction? stops)
    {
        var variables = new CardVariables().With(Text, BotTexts.StreamThinking.In(language)).With(State, "1");
        if (!own) return variables;
        ResponseButton[] buttons = stops is { } stop ? [new(DingTalkAnswerTexts.Stop.In(language), stop)] : [];
        return variables.With(Note, "").With(Told, "").With(Buttons, Of(buttons));
    }

    /// <summary>What it ends with beside its text.</summary>
    public static CardVariables Last(bool own, CardAnswerRow row)
    {
        var variables = new CardVariables().With(State, row.Failed ? "5" : "3");
        return own ? variables.With(Note, IsSmall(row.Note) ? row.Note ?? "" : "").With(Buttons, row.Buttons) : variables;
    }

    /// <summary>It has room in a variable.</summary>
    public static bool IsSmall(string? note) => Encoding.UTF8.GetByteCount(note ?? "") <= CardVariables.MaxValueBytes;

    /// <summary>Buttons as the variable has them: as many as it has room for.</summary>
    public static string Of(IReadOnlyList<ResponseButton> buttons)
    {
        for (var count = buttons.Count; count > 0; count--)
        {
            var list = JsonSerializer.Serialize(buttons.Take(count).Select(b => new { text = b.Text, id = Actions[(int)b.Action.What], primary = b.IsPrimary, @params = new { action = b.Action.ToString() } }), RowJson.Options);
            if (Encoding.UTF8.GetByteCount(list) <= CardVariables.MaxValueBytes) return list;
        }

        return "[]";
    }
}
