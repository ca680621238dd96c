using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Mapping;

/// <summary>All fields of a sync in one order: a row's values are an array in that order, on both sides.</summary>
internal sealed class RowMap
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly int[] _keys;

    public RowMap(IReadOnlyList<FieldMap> fields)
    {
        Fields = fields;
        _keys = [.. Enumerable.Range(0, fields.Count).Where(i => fields[i].IsKey)];
        Active = [.. Enumerable.Range(0, fields.Count).Where(i => fields[i].Paused is null)];
        Version = Canonical.Hash(Active.SelectMany(i => (string?[])[fields[i].FieldId, fields[i].Column, fields[i].Kind.Word()]));
    }

    public IReadOnlyList<FieldMap> Fields { get; }

    /// <summary>Places of the key's fields.</summary>
    public IReadOnlyList<int> Keys => _keys;

    /// <summary>Places of the fields that are synchronised now.</summary>
    public IReadOnlyList<int> Active { get; }

    /// <summary>Changes when another set of fields is compared: hashes of rows are worth nothing then.</summary>
    public string Version { get; }

    /// <summary>The row's key: the value itself, a JSON array where there are several; null: a part of it is empty.</summary>
    public string? KeyOf(IReadOnlyList<string?> values) => _keys switch
    {
        [var one] => values[one],
        _ when _keys.Any(i => values[i] is null) => null,
        _ => JsonSerializer.Serialize(_keys.Select(i => values[i]), Plain),
    };

    /// <summary>The values that a key is made of, in the order of <see cref="Keys"/>.</summary>
    public string[] PartsOf(string key) => _keys.Length == 1 ? [key] : JsonSerializer.Deserialize<string[]>(key)!;

    /// <summary>Of the fields that are synchronised now.</summary>
    public string HashOf(IReadOnlyList<string?> values) => Canonical.Hash(Active.Select(i => values[i]).Prepend(Version));
}
