using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Building;

/// <summary>Writes a card's JSON and counts what is limited. One per thread is kept, with its buffer.</summary>
internal sealed class CardWriter : IDisposable
{
    private const int KeptBytes = 256 * 1024;

    [ThreadStatic] private static CardWriter? t_free;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    private readonly Stack<string> _containers = [];

    private CardWriter() => Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public Utf8JsonWriter Json { get; }

    public ReadOnlySpan<byte> Written
    {
        get
        {
            Json.Flush();
            return _buffer.WrittenSpan;
        }
    }

    public int Elements { get; private set; }

    public int Tables { get; set; }

    /// <summary>The card may be forwarded.</summary>
    public bool MayBeForwarded { get; set; }

    /// <summary>The form that is being written.</summary>
    public FormScope? Form { get; set; }

    /// <summary>Containers around what is being written.</summary>
    public int Depth => _containers.Count;

    /// <summary>The nearest container; root outside of any.</summary>
    public string Parent => _containers.TryPeek(out var tag) ? tag : "root";

    public static CardWriter Rent()
    {
        var writer = t_free ?? new CardWriter();
        t_free = null;
        return writer;
    }

    public void Dispose()
    {
        if (_buffer.Capacity > KeptBytes) return;
        _buffer.ResetWrittenCount();
        Json.Reset();
        _ids.Clear();
        _containers.Clear();
        (Elements, Tables, Form) = (0, 0, null);
        t_free = this;
    }

    public void Begin(ReadOnlySpan<byte> tag)
    {
        Elements++;
        Json.WriteStartObject();
        Json.WriteString("tag"u8, tag);
    }

    public void End() => Json.WriteEndObject();

    /// <summary>Begins the inside of a container. Returns nothing: each <see cref="Leave"/> ends the newest.</summary>
    public void Enter(string tag)
    {
        var most = CardSchema.Instance.Limits.MaxNesting;
        if (_containers.Count == most) throw new ArgumentException($"A {tag} is inside of {most} containers already; take a level out.");
        _containers.Push(tag);
    }

    public void Leave() => _containers.Pop();

    /// <summary>Checks the place of what is entered or chosen, and its name where it is in a form.</summary>
    public void TakeItem(string? name, string tag, bool onlyInForms = false)
    {
        if (Form is not null) Form.Take(name, tag);
        else if (onlyInForms) throw new ArgumentException($"A {tag} is outside of any form; put it into a Form.");
    }

    public void Id(string? id)
    {
        if (id is null) return;
        if (!_ids.Add(id)) throw new ArgumentException($"Two elements have the element_id \"{id}\"; give each its own.");
        Json.WriteString("element_id"u8, id);
    }

    public void String(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) Json.WriteString(name, value);
    }

    public void Bool(ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } known) Json.WriteBoolean(name, known);
    }

    public void Number(ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } known) Json.WriteNumber(name, known);
    }

    public void Number(ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } known) Json.WriteNumber(name, known);
    }

    public void Enum<T>(ReadOnlySpan<byte> name, T? value) where T : struct, Enum
    {
        if (value is { } known) Json.WriteString(name, WireNames<T>.Of(known));
    }

    /// <summary>A text object: {"tag":"plain_text","content":…}.</summary>
    public void Text(ReadOnlySpan<byte> name, I18nText? text)
    {
        if (text is null) return;
        Json.WritePropertyName(name);
        Begin("plain_text"u8);
        Content(text);
        End();
    }

    /// <summary>A text object that may be markdown.</summary>
    public void Text(ReadOnlySpan<byte> name, Text? text)
    {
        if (text is null) return;
        Json.WritePropertyName(name);
        Begin(text.IsMarkdown ? "lark_md"u8 : "plain_text"u8);
        Content(text.Content);
        End();
    }

    public void Content(I18nText text)
    {
        Json.WriteString("content"u8, text.Default);
        Translations("i18n_content"u8, text);
    }

    public void Translations(ReadOnlySpan<byte> name, I18nText text)
    {
        if (text.Translations.Count == 0) return;
        Json.WriteStartObject(name);
        foreach (var (locale, translation) in text.Translations) Json.WriteString(locale, translation);
        Json.WriteEndObject();
    }

    public void ElementList(IReadOnlyList<CardElement> elements)
    {
        Json.WriteStartArray("elements"u8);
        foreach (var element in elements) element.Write(this);
        Json.WriteEndArray();
    }

    public void Behaviors(IReadOnlyList<Behavior>? behaviors)
    {
        if (behaviors is not { Count: > 0 }) return;
        Json.WriteStartArray("behaviors"u8);
        foreach (var behavior in behaviors) behavior.Write(this);
        Json.WriteEndArray();
    }
}

/// <summary>The form that is being written.</summary>
internal sealed class FormScope(string name)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public bool HasSubmit { get; set; }

    public string Name => name;

    /// <summary>Checks that an item can be told from the others when the form comes back.</summary>
    public void Take(string? item, string tag)
    {
        if (string.IsNullOrEmpty(item)) throw new ArgumentException($"A {tag} in form \"{name}\" has no name; give it one: it is the key of its value in form_value.");
        if (!_names.Add(item)) throw new ArgumentException($"Form \"{name}\" has two items named \"{item}\"; name each differently.");
    }
}
