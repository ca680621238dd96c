using System.Buffers;
using System.Text;
using Larkspur.Feishu.Cards.Building;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards;

/// <summary>
/// Builds a card of JSON 2.0 (clients from 7.20 on; older ones show the title and ask for an upgrade). What is wrong and can be seen throws an
/// <see cref="ArgumentException"/> with a sentence that says what to do: most of it where it is given, what concerns the whole card when it is written.
/// Not thread-safe; the parts are immutable and may be shared.
/// </summary>
public sealed class CardBuilder : ElementsBuilder<CardBuilder>
{
    private readonly Dictionary<string, DeclaredTextSize> _sizes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeclaredColor> _colors = new(StringComparer.Ordinal);
    private CardHeader? _header;
    private CardLink? _link;
    private CardConfig _config = new();
    private CardBody? _body;

    /// <summary>The head of the card.</summary>
    public CardBuilder Header(CardHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        _header = header;
        return this;
    }

    /// <summary>The head of the card: title, colour, second line, up to three tags.</summary>
    public CardBuilder Header(Text title, HeaderTemplate template = HeaderTemplate.Default, Text? subtitle = null, params IReadOnlyList<TextTag> tags) =>
        Header(new CardHeader(title) { Template = template, Subtitle = subtitle, Tags = tags });

    /// <summary>How the client treats the card.</summary>
    public CardBuilder Config(CardConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        return this;
    }

    /// <summary>The text in the list of chats and in notifications.</summary>
    public CardBuilder Summary(I18nText summary) => Config(_config with { Summary = summary });

    /// <summary>Text is still being written; the summary is shown meanwhile.</summary>
    public CardBuilder Streaming(I18nText? summary = null, StreamingSpeed? speed = null) =>
        Config(_config with { StreamingMode = true, Streaming = speed, Summary = summary ?? _config.Summary });

    /// <summary>Opened by a click on the card.</summary>
    public CardBuilder Link(CardLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _link = link;
        return this;
    }

    /// <summary>How the elements of the card lie.</summary>
    public CardBuilder Body(CardBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
        return this;
    }

    /// <summary>A size of text of the card's own, by kind of client.</summary>
    public CardBuilder DeclareTextSize(string name, TextSize size, TextSize? pc = null, TextSize? mobile = null)
    {
        _sizes[Guard.NotEmpty(name, "The size's name")] = new DeclaredTextSize(size, pc, mobile);
        return this;
    }

    /// <summary>A colour of the card's own, by theme: <c>rgba(5,157,178,0.52)</c>.</summary>
    public CardBuilder DeclareColor(string name, string light, string dark)
    {
        _colors[Guard.NotEmpty(name, "The colour's name")] = new DeclaredColor(Guard.NotEmpty(light, "The light colour"), Guard.NotEmpty(dark, "The dark colour"));
        return this;
    }

    /// <summary>A form: what is entered comes back together.</summary>
    /// <param name="name">Name of the form.</param>
    /// <param name="build">What is inside; a <see cref="ContentBuilder.Submit"/> must be among it.</param>
    public CardBuilder Form(string name, Action<ContentBuilder> build) => Add(new Form(name, ContentBuilder.Build(build)));

    /// <summary>A table.</summary>
    public CardBuilder Table(IReadOnlyList<TableColumn> columns, IReadOnlyList<TableRow> rows, int? pageSize = null) => Add(new Table(columns, rows) { PageSize = pageSize });

    /// <summary>The card, as content of an interactive message.</summary>
    /// <exception cref="ArgumentException">Something in it does not fit; the sentence says what to do.</exception>
    public string ToJson()
    {
        using var writer = CardWriter.Rent();
        Write(writer);
        return Encoding.UTF8.GetString(writer.Written);
    }

    /// <summary>The card in UTF-8.</summary>
    /// <exception cref="ArgumentException">Something in it does not fit; the sentence says what to do.</exception>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var writer = CardWriter.Rent();
        Write(writer);
        output.Write(writer.Written);
    }

    private void Write(CardWriter w)
    {
        w.MayBeForwarded = _config.EnableForward != false;
        w.Json.WriteStartObject();
        w.Json.WriteString("schema"u8, "2.0"u8);
        _config.Write(w, _sizes, _colors);
        _link?.Write(w, "card_link"u8);
        _header?.Write(w);
        w.Json.WriteStartObject("body"u8);
        _body?.Write(w);
        w.ElementList(Elements);
        w.Json.WriteEndObject();
        w.Json.WriteEndObject();
        Check(w);
    }

    private static void Check(CardWriter w)
    {
        var limits = CardSchema.Instance.Limits;
        if (w.Elements > limits.MaxElements) throw new ArgumentException($"The card has {w.Elements} elements and components, texts included; the platform takes {limits.MaxElements}. Use a table or markdown for what repeats, or several cards.");
        if (w.Tables > limits.MaxTablesPerCard) throw new ArgumentException($"The card has {w.Tables} tables; the platform takes {limits.MaxTablesPerCard}. Join tables, or send several cards.");
        if (w.Written.Length > limits.MessageBytes) throw new ArgumentException($"The card has {w.Written.Length:N0} bytes; the platform takes {limits.MessageBytes:N0}. Shorten texts, or put the long part into a document and link to it.");
    }
}
