using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>The two buttons that judge an answer, once one was chosen: it is marked and closed, the other can be chosen instead.</summary>
internal static class VerdictButtons
{
    private const string Sign = " ✓";
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The components of a card with a verdict marked.</summary>
    /// <param name="components">As they are shown, card JSON 2.0.</param>
    /// <param name="chosen">The button that was chosen.</param>
    /// <returns>Null: the card has no such button. One that is marked already is marked again: who could click it did not see it.</returns>
    public static IReadOnlyList<string>? Mark(IReadOnlyList<string> components, AnswerAction chosen)
    {
        var other = chosen with { What = chosen.What == AnswerActionKind.Helpful ? AnswerActionKind.Unhelpful : AnswerActionKind.Helpful };
        var found = false;
        List<string> marked = [];
        foreach (var component in components)
        {
            var root = JsonNode.Parse(component)!;
            foreach (var button in Buttons(root))
            {
                var action = Action(button);
                var isChosen = action == chosen.ToString();
                if (isChosen || action == other.ToString()) Set(button, isChosen);
                found |= isChosen;
            }

            marked.Add(root.ToJsonString(Readable));
        }

        return found ? marked : null;
    }

    private static void Set(JsonObject button, bool isChosen)
    {
        if (button["text"] is JsonObject text && text["content"]?.GetValue<string>() is { } words)
        {
            var plain = words.EndsWith(Sign, StringComparison.Ordinal) ? words[..^Sign.Length] : words;
            text["content"] = isChosen ? plain + Sign : plain;
        }

        button["type"] = isChosen ? "primary" : "default";
        if (isChosen) button["disabled"] = true;
        else button.Remove("disabled");
    }

    private static string? Action(JsonObject button) => button["behaviors"] is JsonArray { Count: > 0 } behaviors
        ? behaviors[0]?["value"]?[AnswerButtons.ActionField]?.GetValue<string>() : null;

    private static IEnumerable<JsonObject> Buttons(JsonNode? node) => node switch
    {
        JsonObject own when own["tag"]?.GetValue<string>() == "button" => [own],
        JsonObject own => own.SelectMany(member => Buttons(member.Value)),
        JsonArray all => all.SelectMany(Buttons),
        _ => [],
    };
}
