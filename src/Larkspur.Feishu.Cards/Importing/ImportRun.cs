using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards.Schema;
using Larkspur.Feishu.Cards.Validation;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>One conversion: where it is, what it notes.</summary>
internal sealed class ImportRun(string locale)
{
    private readonly List<CardImportNote> _notes = [];
    private int _names;

    public string Locale { get; } = locale;

    public PointerPath Path { get; } = new();

    public IReadOnlyList<CardImportNote> Notes => _notes;

    /// <summary>The place is inside of a form.</summary>
    public bool InForm { get; set; }

    public void Note(string message) => _notes.Add(new CardImportNote(Path.ToString(), message));

    public void NoteAt(string name, string message)
    {
        Path.Push(name);
        Note(message);
        Path.Pop();
    }

    /// <summary>A name for a form item that has none.</summary>
    public string NewName(string tag) => $"{tag}_{++_names}";

    public static string? Text(JsonObject element, string name) => element[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Takes what JSON 2.0 knows; notes the rest, which it would refuse.</summary>
    public JsonObject Keep(JsonObject source, FieldSet fields)
    {
        var kept = new JsonObject();
        foreach (var (name, value) in source)
        {
            if (value is null) continue;
            if (fields.Find(name) is not { } field)
            {
                NoteAt(name, $"\"{name}\" has no counterpart and was left out.");
                continue;
            }

            Path.Push(name);
            if (Value(value, field) is { } result) kept[name] = result;
            Path.Pop();
        }

        return kept;
    }

    private JsonNode? Value(JsonNode value, SchemaField field)
    {
        if (field.Content is not FieldContent.Plain || field.Fields is null || field.Kind == FieldKind.Map) return Simple(value, field);
        switch (value)
        {
            case JsonObject inner:
                return Keep(TextImport.Translated(inner), field.Fields);
            case JsonArray items:
                var list = new JsonArray();
                for (var i = 0; i < items.Count; i++)
                {
                    Path.Push(i);
                    if (items[i] is JsonObject item) list.Add(Keep(TextImport.Translated(item), field.Fields));
                    Path.Pop();
                }

                return list;
            default:
                return value.DeepClone();
        }
    }

    /// <summary>A value of JSON 1.0 that 2.0 no longer has becomes the default.</summary>
    private JsonNode? Simple(JsonNode value, SchemaField field)
    {
        if (field.Enum is null && field.Range is null || field.TakesStyleNames || value is not JsonValue single || !single.TryGetValue(out string? text)) return value.DeepClone();
        if (field.Enum?.Contains(text) == true || text == field.Default || field.Range is not null && text.Any(char.IsAsciiDigit)) return value.DeepClone();
        Note($"\"{text}\" is no value of \"{field.Name}\" in JSON 2.0; the default holds.");
        return null;
    }
}
