using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>The card JSON 2.0 of a stream's cards. The text is one markdown component, <see cref="TextElement"/>.</summary>
public sealed class StreamingCardFace(StreamingCardOptions options)
{
    /// <summary><c>element_id</c> of the component that holds the text.</summary>
    public const string TextElement = "answer";

    private const int SummaryLength = 80;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The card as it is first seen.</summary>
    /// <param name="streaming">True: as an entity in streaming mode; false: as a message that is changed by PATCH.</param>
    public string Loading(bool streaming) => Write(options.Thinking, streaming, options.Summary ?? options.Thinking, null);

    /// <summary>The card with the text so far, for a change of the whole message.</summary>
    public string Partial(string text) => Write(Shown(text), streaming: false, options.Summary ?? options.Thinking, null);

    /// <summary>The finished card.</summary>
    public string Final(string text, StreamingCardEnd? end = null) => Write(Said(text), streaming: false, end?.Summary ?? SummaryOf(text), end ?? new());

    /// <summary>The text as a frame shows it.</summary>
    public string Shown(string text) => NotEmpty(Said(StreamingMarkdown.Growing(text)));

    /// <summary>Settings that end streaming mode.</summary>
    public static string Closed(string summary) => Settings(streaming: false, summary);

    /// <summary>Settings that begin streaming mode again.</summary>
    public static string Reopened { get; } = Settings(streaming: true, null);

    /// <summary>What lists and notifications show of a text: its beginning, on one line.</summary>
    public static string SummaryOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = new StringBuilder(SummaryLength + 1);
        foreach (var c in text)
        {
            if (line.Length >= SummaryLength && !char.IsLowSurrogate(c))
            {
                line.Append('…');
                break;
            }

            if (!char.IsControl(c) && c is not ('*' or '`' or '#' or '<' or '>')) line.Append(c);
            else if (c is '\n' && line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.Length == 0 ? "…" : line.ToString().TrimEnd();
    }

    /// <summary>The text of a card that was made here, for a plain message in its place; null when it is another card.</summary>
    public static string? TextOf(string card)
    {
        using var document = JsonDocument.Parse(card);
        if (!document.RootElement.TryGetProperty("body", out var body) || !body.TryGetProperty("elements", out var elements)) return null;
        string? text = null;
        foreach (var element in elements.EnumerateArray())
        {
            if (element.TryGetProperty("element_id", out var id) && id.GetString() == TextElement) text = element.GetProperty("content").GetString();
            else if (text is not null && element.TryGetProperty("text", out var note) && note.TryGetProperty("content", out var words)) text += "\n\n" + words.GetString();
        }

        if (text is null) return null;
        var title = document.RootElement.TryGetProperty("header", out var header) ? header.GetProperty("title").GetProperty("content").GetString() + "\n\n" : "";
        return title + text;
    }

    /// <summary>The text as it may be said here. Before it is taken apart: taking mentions out makes it longer.</summary>
    internal string Prepared(string text) => Said(text);

    private string Said(string text) => options.AllowMentions ? text : StreamingMarkdown.WithoutMentions(text);

    // The platform refuses empty content.
    private static string NotEmpty(string text) => string.IsNullOrWhiteSpace(text) ? "…" : text;

    private string Write(string text, bool streaming, string summary, StreamingCardEnd? end)
    {
        using var buffer = new MemoryStream(text.Length * 2 + 512);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("schema", "2.0");
            json.WriteStartObject("config");
            json.WriteBoolean("update_multi", true);
            json.WriteBoolean("streaming_mode", streaming);
            json.WriteStartObject("summary");
            json.WriteString("content", summary);
            json.WriteEndObject();
            json.WriteEndObject();
            if (options.Title is { Length: > 0 } title)
            {
                json.WriteStartObject("header");
                WritePlain(json, "title", title);
                json.WriteString("template", end?.Template ?? options.Template);
                json.WriteEndObject();
            }

            json.WriteStartObject("body");
            json.WriteStartArray("elements");
            json.WriteStartObject();
            json.WriteString("tag", "markdown");
            json.WriteString("element_id", TextElement);
            json.WriteString("content", NotEmpty(text));
            json.WriteEndObject();
            foreach (var component in end?.Components ?? options.Components) json.WriteRawValue(component);
            if (end?.Footer is { Length: > 0 } footer) WriteFooter(json, footer);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteFooter(Utf8JsonWriter json, string footer)
    {
        json.WriteStartObject();
        json.WriteString("tag", "div");
        json.WriteStartObject("text");
        json.WriteString("tag", "plain_text");
        json.WriteString("content", footer);
        json.WriteString("text_size", "notation");
        json.WriteString("text_color", "grey");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePlain(Utf8JsonWriter json, string name, string content)
    {
        json.WriteStartObject(name);
        json.WriteString("tag", "plain_text");
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static string Settings(bool streaming, string? summary)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteStartObject("config");
            json.WriteBoolean("streaming_mode", streaming);
            if (summary is not null)
            {
                json.WriteStartObject("summary");
                json.WriteString("content", summary);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
