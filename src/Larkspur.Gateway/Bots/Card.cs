using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Gateway.Bots;

/// <summary>Writes a card in Feishu's JSON 2.0, which refuses every property it does not know.</summary>
internal sealed class Card
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Action<Utf8JsonWriter>> _elements = [];
    private readonly string _title;
    private readonly string _template;
    private readonly string _summary;

    /// <param name="title">Header text.</param>
    /// <param name="template">Header colour: blue, green, red, orange, grey…</param>
    /// <param name="summary">What lists and notifications show instead of the card.</param>
    public Card(string title, string template, string? summary = null)
    {
        _title = title;
        _template = template;
        _summary = summary ?? title;
    }

    /// <summary>Markdown. Text of people's goes through <see cref="Escape"/> first.</summary>
    public Card Markdown(string content) => Add(json =>
    {
        json.WriteString("tag", "markdown");
        json.WriteString("content", content);
    });

    /// <summary>Text that is shown as it is, mentions and markup included.</summary>
    public Card Plain(string content) => Add(json =>
    {
        json.WriteString("tag", "div");
        WriteText(json, "text", content);
    });

    /// <summary>Small grey text.</summary>
    public Card Note(string content) => Add(json =>
    {
        json.WriteString("tag", "div");
        json.WriteStartObject("text");
        json.WriteString("tag", "plain_text");
        json.WriteString("content", content);
        json.WriteString("text_size", "notation");
        json.WriteString("text_color", "grey");
        json.WriteEndObject();
    });

    /// <summary>A line.</summary>
    public Card Line() => Add(json => json.WriteString("tag", "hr"));

    /// <summary>Buttons side by side.</summary>
    public Card Buttons(params IReadOnlyList<CardButton> buttons) => Add(json =>
    {
        json.WriteString("tag", "column_set");
        json.WriteString("flex_mode", "flow");
        json.WriteString("horizontal_spacing", "8px");
        json.WriteStartArray("columns");
        foreach (var button in buttons)
        {
            json.WriteStartObject();
            json.WriteString("tag", "column");
            json.WriteString("width", "auto");
            json.WriteStartArray("elements");
            button.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The card as JSON text.</summary>
    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("schema", "2.0");
            json.WriteStartObject("config");
            json.WriteBoolean("update_multi", true);
            json.WriteStartObject("summary");
            json.WriteString("content", _summary);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("header");
            WriteText(json, "title", _title);
            json.WriteString("template", _template);
            json.WriteEndObject();
            json.WriteStartObject("body");
            json.WriteStartArray("elements");
            foreach (var element in _elements)
            {
                json.WriteStartObject();
                element(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Makes text harmless inside card markdown: Feishu reads character references where it would else read a tag, a link, an emoji or emphasis.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c is '<' or '>' or '*' or '_' or '~' or '`' or '[' or ']' or '#' or '&' or '|' or '\\' or ':') escaped.Append("&#").Append((int)c).Append(';');
            else if (char.IsControl(c)) escaped.Append(' ');
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    internal static void WriteText(Utf8JsonWriter json, string name, string content)
    {
        json.WriteStartObject(name);
        json.WriteString("tag", "plain_text");
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private Card Add(Action<Utf8JsonWriter> element)
    {
        _elements.Add(element);
        return this;
    }
}

/// <summary>A button that calls back.</summary>
/// <param name="Text">Its label.</param>
/// <param name="Type"><c>primary</c>, <c>danger</c>, <c>default</c>.</param>
/// <param name="Value">What the click carries.</param>
internal sealed record CardButton(string Text, string Type, params IReadOnlyList<(string Name, string Value)> Value)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("tag", "button");
        Card.WriteText(json, "text", Text);
        json.WriteString("type", Type);
        json.WriteStartArray("behaviors");
        json.WriteStartObject();
        json.WriteString("type", "callback");
        json.WriteStartObject("value");
        foreach (var (name, value) in Value) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>Message contents.</summary>
internal static class MessageContent
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Content of a <c>text</c> message. It must not hold what people wrote: Feishu reads <c>&lt;at&gt;</c> tags in it.</summary>
    public static string Text(string text) => $$"""{"text":{{JsonSerializer.Serialize(text, Options)}}}""";
}
