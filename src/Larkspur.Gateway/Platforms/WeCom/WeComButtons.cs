using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.WeCom.Cards;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The buttons below an answer: a card of its own, since neither Markdown nor a stream has any. Stored as JSON.</summary>
/// <param name="TaskId">The card's own id: the turn; of a card below something said, the turn and what makes it another one.</param>
/// <param name="Title">What it asks.</param>
/// <param name="Buttons">At most 6.</param>
internal sealed record WeComButtons(string TaskId, string Title, IReadOnlyList<WeComButton> Buttons)
{
    private const int Most = 6;

    /// <summary>The line below the title: what became of a click.</summary>
    public string? Said { get; init; }

    /// <summary>The buttons are used: one grey text in their place.</summary>
    public bool IsUsed { get; init; }

    /// <summary>The card of an answer; null: it has no buttons.</summary>
    public static WeComButtons? Of(string turn, IReadOnlyList<ResponseButton> buttons, Language language) => buttons.Count == 0 ? null
        : new WeComButtons(turn, (buttons.Any(b => b.Action.IsVerdict) ? WeComTexts.HowWasIt : WeComTexts.WhatNext).In(language),
            [.. buttons.Take(Most).Select(b => new WeComButton(b.Text, b.Action.ToString(), b.IsPrimary))]);

    /// <summary>After a click: what it came to is said, a judged answer can no longer be judged, an offered question not be asked twice, and one that is asked again is done with.</summary>
    public WeComButtons After(AnswerAction action, string said)
    {
        var left = action.IsVerdict ? Buttons.Where(b => !b.IsThumb).ToArray()
            // Another of the offered questions can still be asked.
            : action.Offered is not null ? Buttons.Where(b => b.Key != action.ToString()).ToArray() : [];
        return left.Length > 0 ? this with { Buttons = left, Said = said } : this with { Said = said, IsUsed = true };
    }

    /// <summary>The same without the buttons that judge the answer; null: no other is left.</summary>
    public WeComButtons? WithoutThumbs()
    {
        var left = Buttons.Where(b => !b.IsThumb).ToArray();
        if (left.Length == Buttons.Count) return this;
        return left.Length == 0 ? null
            : this with { Buttons = left, Title = WeComTexts.WhatNext.In(Languages.Of(Title) ?? Language.Chinese) };
    }

    public TemplateCard ToCard() => new ButtonCard
    {
        TaskId = TaskId,
        MainTitle = new CardTitle(Title, Said),
        ButtonList = [.. Buttons.Select(b => new CardButton(b.Text, b.Key, b.IsPrimary ? 1 : 2))],
        ReplaceText = IsUsed ? Said ?? Title : null,
    };

    /// <summary>The id of another card with buttons of a turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="mark">What makes it another one: letters and digits.</param>
    public static string IdOf(string turn, string mark) => $"{turn}-{mark}";

    /// <summary>The card with this id shows buttons of the turn.</summary>
    public static bool IsOf(string taskId, string turn) => taskId == turn || taskId.StartsWith(turn + "-", StringComparison.Ordinal);

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">It is no such card.</exception>
    public static WeComButtons FromJson(string json) => JsonSerializer.Deserialize<WeComButtons>(json) ?? throw new JsonException("null");
}

/// <summary>A button.</summary>
internal sealed record WeComButton(string Text, string Key, bool IsPrimary)
{
    /// <summary>It judges an answer.</summary>
    [JsonIgnore]
    public bool IsThumb => AnswerAction.TryParse(Key, out var action) && action.IsVerdict;
}
