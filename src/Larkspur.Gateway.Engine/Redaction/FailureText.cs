using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Redaction;

/// <summary>An exception as it may be kept: short, without the gateway's secrets, and without the words of the event it failed on.</summary>
/// <remarks>A handler's exception can say anything. What is known is taken out: secrets (<see cref="SecretRegistry"/>), short tokens, people's addresses, and the texts of the event itself.</remarks>
internal sealed partial class FailureText(SecretRegistry secrets)
{
    private const int MaxMessage = 2000;
    private const int MaxStack = 2000;
    private const int MaxFrames = 8;
    private const int MaxCauses = 4;
    private const int ShortestWord = 4;
    private const int MaxWords = 64;

    private static readonly string[] WrittenMembers = ["content", "text", "title", "name", "form_value", "input_value", "mobile", "email"];

    /// <summary>The message and those of its causes.</summary>
    public string Message(Exception error, ReadOnlyMemory<byte> payload)
    {
        var text = new StringBuilder(error.Message);
        var cause = error.InnerException;
        for (var depth = 0; cause is not null && depth < MaxCauses; depth++, cause = cause.InnerException)
            text.Append(" <- ").Append(cause.GetType().Name).Append(": ").Append(cause.Message);
        return Cut(Clean(text.ToString(), payload), MaxMessage);
    }

    /// <summary>A sentence of a platform's about <paramref name="payload"/>, which it may repeat.</summary>
    public string Sentence(string said, ReadOnlyMemory<byte> payload) => Cut(Clean(said, payload), MaxMessage);

    /// <summary>The frames nearest to the fault, without the folders that the program was built in.</summary>
    public static string? Stack(Exception error) => error.StackTrace is { } stack
        ? Cut(string.Join('\n', stack.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Take(MaxFrames).Select(frame => Folder().Replace(frame, " in "))), MaxStack)
        : null;

    private string Clean(string text, ReadOnlyMemory<byte> payload)
    {
        // Hidden before it is cut: half of a secret would not be known for one.
        text = Cut(secrets.Hide(text), MaxMessage * 4);
        foreach (var word in Words(payload)) text = text.Replace(word, "[text of the event]", StringComparison.Ordinal);
        text = Token().Replace(text, SecretRegistry.Hidden);
        return Person().Replace(text, SecretRegistry.Hidden);
    }

    /// <summary>What the event's people wrote: the texts in its <c>content</c>, <c>text</c>, <c>name</c>… The longest first, lest a part of one leaves the rest.</summary>
    private static IEnumerable<string> Words(ReadOnlyMemory<byte> payload)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(payload);
            Collect(document.RootElement, words, written: false, depth: 0);
        }
        catch (JsonException)
        {
            return []; // what cannot be read was not quoted either
        }

        return words.OrderByDescending(w => w.Length);
    }

    private static void Collect(JsonElement element, HashSet<string> words, bool written, int depth)
    {
        if (words.Count >= MaxWords || depth > 12) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject()) Collect(member.Value, words, written || IsWritten(member), depth + 1);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Collect(item, words, written, depth + 1);
                break;
            case JsonValueKind.String when written && Text(element) is { Length: >= ShortestWord } text:
                words.Add(text);
                if (text[0] is '{' or '[') CollectInner(text, words, depth);
                break;
        }
    }

    /// <summary>A message's content is JSON within JSON.</summary>
    private static void CollectInner(string text, HashSet<string> words, int depth)
    {
        try
        {
            using var inner = JsonDocument.Parse(text);
            Collect(inner.RootElement, words, written: true, depth + 1);
        }
        catch (JsonException)
        {
            // Words that happen to begin with a bracket; they are in the list as they are.
        }
    }

    private static bool IsWritten(JsonProperty member) => Array.Exists(WrittenMembers, member.NameEquals);

    /// <summary>JSON can carry half a surrogate pair (an emoji cut in two), which .NET reads as no text: nothing could have quoted it either.</summary>
    private static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1), "…");

    // Feishu's access tokens begin with t-, u- or a-; the old refresh tokens with ur-.
    [GeneratedRegex(@"(?i:bearer\s+\S+)|\b(?:t|u|a|ur)-[A-Za-z0-9_.-]{8,}|\beyJ[A-Za-z0-9_.-]{16,}", RegexOptions.None, 10_000)]
    private static partial Regex Token();

    // Mail addresses and Chinese mobile numbers.
    [GeneratedRegex(@"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}|(?<![0-9A-Za-z_])(?:\+?86)?1[3-9][0-9]{9}(?![0-9A-Za-z_])", RegexOptions.None, 10_000)]
    private static partial Regex Person();

    [GeneratedRegex(@" in (?:[^:\n]*[/\\])", RegexOptions.None, 10_000)]
    private static partial Regex Folder();
}
