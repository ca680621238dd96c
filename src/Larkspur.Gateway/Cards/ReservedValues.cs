using System.Globalization;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Cards;

/// <summary>
/// Values that only the gateway's own buttons and its plug-ins' have: a <c>kind</c> that begins with <c>larkspur.</c> or <c>plugin.</c> or is
/// <c>assistant</c>, and what begins with <c>asst:</c>. A card that a caller supplies has none of them, wherever in it and however written; what people read may say anything.
/// </summary>
/// <remarks>
/// A second lock: whether a click counts is decided by the message that was clicked (the room of messages). A template of the platform's
/// card builder is not seen here, only what fills it in.
/// </remarks>
internal static class ReservedValues
{
    public const string Word = "reserved_value";

    /// <summary>No name or value that is judged is longer; what follows changes nothing.</summary>
    private const int Judged = 200;

    /// <summary>Each text within a text doubles its escapes, so that 30 KB hold fewer.</summary>
    private const int DeepestText = 20;

    private const char FirstWide = '\uFF01';
    private const char LastWide = '\uFF5E';

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };


    private enum Place
    {
        /// <summary>Anywhere in a card.</summary>
        Card,

        /// <summary>What a click brings back, whole.</summary>
        Value,

        /// <summary>Values that fill in a template of the platform, which may put any of them anywhere.</summary>
        Variables,
    }

    /// <summary>Refuses a card.</summary>
    /// <param name="card">The card, or a component of one: JSON.</param>
    /// <param name="pointer">Where the request has it.</param>
    /// <exception cref="RequestRefusedException">A reserved value is in it; the pointer says where.</exception>
    public static void Check(string card, string pointer)
    {
        if (Find(card) is { } found) throw Refusal(found.Shown, pointer + found.Pointer, "");
    }

    /// <summary>Refuses values of a platform's template.</summary>
    /// <inheritdoc cref="Check(string, string)" path="/exception"/>
    public static void CheckVariables(JsonElement variables, string pointer)
    {
        if (Find(variables, "", Place.Variables, 0) is { } found) throw Refusal(found.Shown, pointer + found.Pointer, "");
    }

    /// <summary>Refuses a card that was made of a local template: the pointer names the template, the sentence the place in the card.</summary>
    /// <inheritdoc cref="Check(string, string)" path="/exception"/>
    public static void CheckFilled(string card, string pointer)
    {
        if (Find(card) is { } found) throw Refusal(found.Shown, pointer, $" It stands at {found.Pointer} of the filled card.");
    }

    /// <summary>Refuses a value that a component sends back.</summary>
    /// <inheritdoc cref="Check(string, string)" path="/exception"/>
    public static string Checked(string value, string pointer) => IsAnswerAction(value) ? throw Refusal(value, pointer, "") : value;

    /// <summary>The first reserved value in a card: its pointer into the card, and the value; null: there is none.</summary>
    public static (string Pointer, string Shown)? Find(string card)
    {
        using var document = JsonDocument.Parse(card, Options);
        return Find(document.RootElement, "", Place.Card, 0);
    }

    private static (string Pointer, string Shown)? Find(JsonElement element, string at, Place place, int texts) => element.ValueKind switch
    {
        JsonValueKind.Object => FindInObject(element, at, place, texts),
        JsonValueKind.Array => element.EnumerateArray()
            .Select((item, i) => Find(item, $"{at}/{i.ToString(CultureInfo.InvariantCulture)}", place, texts)).FirstOrDefault(found => found is not null),
        JsonValueKind.String => FindInText(TextOf(element), at, place, texts),
        _ => null,
    };

    private static (string Pointer, string Shown)? FindInObject(JsonElement given, string at, Place place, int texts)
    {
        // Each member, also one that is there twice: which of them a reader takes is the reader's affair.
        foreach (var member in given.EnumerateObject())
        {
            var name = NameOf(member);
            var step = JsonFields.Shown(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            var pointer = $"{at}/{step}";
            if (place != Place.Card && IsAnswerAction(name)) return (pointer, name);
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                var text = TextOf(member.Value);
                if (Plain(name) == CardFace.KindField && IsKind(text)) return (pointer, text);
                if (place == Place.Card && IsRead(name, at)) continue;
            }

            var inside = place != Place.Card ? place : Plain(name) switch
            {
                "value" => Place.Value,
                "template_variable" => Place.Variables,
                _ => Place.Card,
            };
            if (Find(member.Value, pointer, inside, texts) is { } found) return found;
        }

        return null;
    }

    private static (string Pointer, string Shown)? FindInText(string text, string at, Place place, int texts)
    {
        if (IsAnswerAction(text) || place == Place.Variables && IsOurs(Plain(text))) return (at, text);
        var start = text.AsSpan().TrimStart();
        if (texts == DeepestText || start.Length == 0 || start[0] is not ('{' or '[' or '"')) return null;
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            var inside = place == Place.Variables ? place : Place.Value;
            return Find(document.RootElement, at, inside, texts + 1) is { } found ? (at, found.Shown) : null;
        }
        catch (JsonException)
        {
            // A text like any other.
            return null;
        }
    }

    /// <summary>What people read: it comes back with no click.</summary>
    private static bool IsRead(string name, string at) =>
        name == "content" || at.EndsWith("/i18n", StringComparison.Ordinal) || at.EndsWith("/i18n_content", StringComparison.Ordinal);

    private static bool IsKind(string text)
    {
        var kind = Plain(text);
        return IsOurs(kind) || kind == CardKinds.Assistant;
    }

    private static bool IsOurs(string plain) =>
        plain.StartsWith(CardKinds.Prefix, StringComparison.Ordinal) || plain.StartsWith(CardKinds.PluginPrefix, StringComparison.Ordinal);

    private static bool IsAnswerAction(string text) => Plain(text).StartsWith(CardKinds.AnswerPrefix, StringComparison.Ordinal);

    /// <summary>The beginning of a text as a lenient reader might take it: without blanks and invisible characters, in plain letters, in lower case.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(Math.Min(text.Length, Judged));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Judged)))
        {
            // The wide letters of Chinese keyboards are the plain ones to many.
            var letter = c is >= FirstWide and <= LastWide ? (char)(c - FirstWide + '!') : c;
            if (char.IsWhiteSpace(letter) || char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format) continue;
            plain.Append(char.ToLowerInvariant(letter));
        }

        return plain.ToString();
    }

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a character in it: as it is written.
            return text.GetRawText().Trim('"');
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static RequestRefusedException Refusal(string shown, string pointer, string where)
    {
        var sentence = $"\"{JsonFields.Shown(shown)}\" is a value of the gateway's own buttons or of a plug-in's, "
            + "which no card that is sent over the API may have.";
        return RequestRefusedException.Impossible(Word, pointer, $"{sentence}{where} Nothing was queued.");
    }
}
