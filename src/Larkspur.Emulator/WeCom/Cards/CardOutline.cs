using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.Cards;

/// <summary>A thing on a card that a person can press.</summary>
/// <param name="Key">Goes back as the event's key; empty for a link.</param>
/// <param name="Url">Opens in the browser.</param>
/// <param name="Style">1 blue, 2 pale blue, 3 red, 4 grey frame; 0 for an entry of the menu.</param>
internal sealed record CardButton(string Text, string Key, string? Url, int Style, bool InMenu, bool Submits);

/// <summary>An option of a question.</summary>
internal sealed record CardOption(string Id, string Text, bool Chosen);

/// <summary>A question on a card.</summary>
/// <param name="Many">Several options may be chosen.</param>
internal sealed record CardQuestion(string Key, string Title, ImmutableArray<CardOption> Options, bool Many, bool Disabled);

/// <summary>What a reader needs of a card that was already checked: the same for every type and place.</summary>
internal sealed record CardOutline
{
    public required string Type { get; init; }
    public required string TaskId { get; init; }
    public required string Heading { get; init; }
    public string Description { get; init; } = "";
    public ImmutableArray<CardButton> Buttons { get; init; } = [];
    public ImmutableArray<CardQuestion> Questions { get; init; } = [];
    /// <summary>Where a press on the card itself leads.</summary>
    public string? Url { get; init; }

    public static CardOutline Of(string json) => Of(JsonNode.Parse(json)!.AsObject());

    public static CardOutline Of(JsonObject card)
    {
        var type = Text(card, "card_type");
        var buttons = Items(card["button_list"]).Select(b => new CardButton(Text(b, "text"), Number(b, "type") == 1 ? "" : Text(b, "key"), Number(b, "type") == 1 ? Text(b, "url") : null, Math.Clamp(Number(b, "style"), 1, 4), false, false));
        var submit = card["submit_button"] is JsonObject s ? [new CardButton(Text(s, "text"), Text(s, "key"), null, 1, false, true)] : Array.Empty<CardButton>();
        var menu = Items(card["action_menu"]?["action_list"]).Select(a => new CardButton(Text(a, "text"), Text(a, "key"), null, 0, true, false));
        return new CardOutline
        {
            Type = type, TaskId = Text(card, "task_id"), Heading = Title(card), Description = card["main_title"] is JsonObject main ? Text(main, "desc") : "",
            Buttons = [.. buttons, .. submit, .. menu], Questions = [.. QuestionsOf(card)],
            Url = card["card_action"] is JsonObject action && Number(action, "type") == 1 ? Text(action, "url") : null,
        };
    }

    public static string Title(JsonObject card) =>
        card["main_title"] is JsonObject main && Text(main, "title") is { Length: > 0 } title ? title : Text(card, "sub_title_text");

    private static IEnumerable<CardQuestion> QuestionsOf(JsonObject card)
    {
        if (card["button_selection"] is JsonObject selection) yield return Question(selection, "selected_id", false);
        if (card["checkbox"] is JsonObject checkbox) yield return Question(checkbox, null, Number(checkbox, "mode") == 1);
        foreach (var select in Items(card["select_list"])) yield return Question(select, "selected_id", false);
    }

    private static CardQuestion Question(JsonObject question, string? chosen, bool many)
    {
        var options = Items(question["option_list"]).ToArray();
        // Without a good choice of the sender's a list shows its first option; a vote begins empty.
        var first = chosen is null ? null : options.Select(o => Text(o, "id")).FirstOrDefault(id => id == Text(question, chosen)) ?? options.Select(o => Text(o, "id")).FirstOrDefault();
        return new CardQuestion(Text(question, "question_key"), Text(question, "title"),
            [.. options.Select(o => new CardOption(Text(o, "id"), Text(o, "text"), chosen is null ? Flag(o, "is_checked") : Text(o, "id") == first))], many, Flag(question, "disable"));
    }

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string Text(JsonObject part, string name) => part[name] is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : "";

    private static int Number(JsonObject part, string name) => part[name] is JsonValue v && v.TryGetValue<int>(out var number) ? number : 0;

    private static bool Flag(JsonObject part, string name) => part[name] is JsonValue v && (v.TryGetValue<bool>(out var flag) ? flag : Number(part, name) != 0);
}
