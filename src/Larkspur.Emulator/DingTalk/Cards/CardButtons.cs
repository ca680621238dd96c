using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>Something to click on a card.</summary>
/// <param name="Params">What the callback carries beside the id.</param>
internal sealed record CardButton(string ActionId, string Text)
{
    public string? Url { get; init; }

    public JsonObject Params { get; init; } = [];
}

/// <summary>Finds the buttons among a card's variables.</summary>
/// <remarks>
/// A template's own buttons are drawn in the card platform and cannot be seen from here. Lists of buttons that come as a variable can: those of the public templates
/// (<c>sys_full_json_obj</c> with <c>msgButtons</c>), and any list whose entries have a text and an id.
/// </remarks>
internal static class CardButtons
{
    public static ImmutableArray<CardButton> Of(IEnumerable<KeyValuePair<string, string>> data) => [.. data.SelectMany(v => In(v.Value))];

    /// <summary>Whether a variable is a list of buttons rather than something to read.</summary>
    public static bool IsButtons(string value) => In(value).Any();

    private static IEnumerable<CardButton> In(string value)
    {
        if (value.Length < 2 || value[0] is not ('[' or '{')) return [];
        var list = DingTalkCall.Parsed(value) switch
        {
            JsonArray items => items,
            JsonObject o => o["msgButtons"] as JsonArray,
            _ => null,
        };
        return list is null ? [] : list.OfType<JsonObject>().Select(One).OfType<CardButton>();
    }

    private static CardButton? One(JsonObject entry)
    {
        var id = Said(entry, "id") ?? Said(entry, "actionId") ?? Said(entry, "action_id");
        var text = Said(entry, "text") ?? Said(entry, "title") ?? Said(entry, "label");
        var url = Said(entry, "url");
        if (text is null || (id is null && url is null)) return null;
        return new CardButton(id ?? "", text) { Url = string.IsNullOrEmpty(url) ? null : url, Params = (entry["params"] as JsonObject ?? (entry["event"] as JsonObject)?["params"] as JsonObject)?.DeepClone().AsObject() ?? [] };
    }

    private static string? Said(JsonObject entry, string name) => entry[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;
}
