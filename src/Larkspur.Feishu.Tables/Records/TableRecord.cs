using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Feishu.Tables;

/// <summary>A record (row), as a search or <c>batch_get</c> answers it.</summary>
public sealed class TableRecord
{
    private readonly Dictionary<string, CellValue> _cells;
    private readonly IReadOnlySet<string>? _asked;

    internal TableRecord(string id, TableFields fields, Dictionary<string, CellValue> cells, IReadOnlySet<string>? asked)
    {
        Id = id;
        Fields = fields;
        _cells = cells;
        _asked = asked;
    }

    /// <summary><c>rec…</c>; unique in its base only.</summary>
    public string Id { get; }

    /// <summary>The fields it was read by.</summary>
    public TableFields Fields { get; }

    /// <summary>
    /// The cells that the answer had, by field name. An empty one is missing, and so is one that this app may not see: which it is says
    /// the field list, not the record.
    /// </summary>
    public IReadOnlyDictionary<string, CellValue> Cells => _cells;

    /// <summary>
    /// When it was made, if it was asked for (<see cref="TableQuery.WithAuthors"/>). To the second, it seems (UNVERIFIED).
    /// </summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed, if it was asked for.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>Who made it, if it was asked for.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Who last changed it, if it was asked for.</summary>
    public string? ModifiedBy { get; init; }

    /// <summary>
    /// A cell by its field's name or id: <see cref="CellValue.Empty"/> when the answer did not have it, false for a checkbox.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The table has no such field, or the search did not ask for it.</exception>
    public CellValue this[string field]
    {
        get
        {
            if (_cells.TryGetValue(field, out var cell)) return cell;
            var known = Fields[field];
            if (!WasAsked(known)) throw new KeyNotFoundException($"The search did not ask for field \"{known.Name}\".");
            return _cells.TryGetValue(known.Name, out cell) ? cell : CellReader.Read(known, default);
        }
    }

    /// <summary>
    /// A hash of some fields, the same for equal values whatever they are called in the meantime: 128 bits of SHA-256 over field ids and
    /// canonical values, each with its length.
    /// </summary>
    /// <param name="fields">Names or ids, in any order.</param>
    /// <exception cref="KeyNotFoundException">The table has no such field.</exception>
    public string StableHash(params IEnumerable<string> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields.Select(name => Fields[name]).OrderBy(field => field.Id, StringComparer.Ordinal))
        {
            var value = this[field.Name].Canonical;
            text.Append(field.Id.Length).Append(':').Append(field.Id).Append(value.Length).Append(':').Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    /// <summary>The answer has the field's value, if there is one.</summary>
    internal bool WasAsked(TableField field) => _asked?.Contains(field.Id) != false;

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {string.Join(", ", _cells.Select(cell => $"{cell.Key} {cell.Value}"))}";
}
