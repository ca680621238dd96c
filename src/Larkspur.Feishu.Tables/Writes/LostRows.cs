using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>Looks for rows whose creation was not answered, by the key that each has in a field of its own.</summary>
/// <param name="table">The table.</param>
/// <param name="keyField">The field's name or id; null: there is none.</param>
/// <param name="fields">The table's fields.</param>
internal sealed class LostRows(FeishuTable table, string? keyField, TableFields fields)
{
    /// <summary>Room for what stands around a value in a filter.</summary>
    private const int CharactersOfACondition = 60;

    private readonly TableField? _key = keyField is null ? null : fields.Find(keyField);

    /// <summary>Every row has a key that a filter can ask for, and no two have the same.</summary>
    public bool CanLook(PendingRow[] rows) => _key is { Type: TableFieldType.Text or TableFieldType.Number or TableFieldType.Phone }
        && rows.All(row => Key(row) is { Length: > 0 } key && Length(key) < TableFilter.MostCharacters - CharactersOfACondition)
            && rows.Select(Key).Distinct(StringComparer.Ordinal).Count() == rows.Length;

    /// <summary>The records that are there, by their rows' places.</summary>
    public async Task<Dictionary<int, string>> FindAsync(PendingRow[] rows, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, string>();
        var byKey = rows.ToDictionary(row => Key(row)!, StringComparer.Ordinal);
        foreach (var some in Groups(rows))
        {
            var query = new TableQuery { Filter = TableFilter.Any(some.Select(key => Where.Field(_key!.Id).Is(key))), Fields = [_key!.Id] };
            await foreach (var record in table.SearchAsync(query, cancellationToken))
            {
                if (Key(record) is { } key && byKey.TryGetValue(key, out var row)) found.TryAdd(row.Index, record.Id);
            }
        }

        return found;
    }

    /// <summary>Keys in groups that a filter can ask for: 50 conditions, 2,000 characters.</summary>
    private IEnumerable<List<string>> Groups(PendingRow[] rows)
    {
        var (group, length) = (new List<string>(), 0);
        foreach (var key in rows.Select(row => Key(row)!))
        {
            var more = Length(key);
            if (group.Count == TableFilter.MostConditions || group.Count > 0
                && length + more > TableFilter.MostCharacters - CharactersOfACondition)
            {
                yield return group;
                (group, length) = ([], 0);
            }

            group.Add(key);
            length += more;
        }

        if (group.Count > 0) yield return group;
    }

    /// <summary>Of its condition, escaped.</summary>
    private int Length(string key) =>
        JsonSerializer.Serialize(key, FeishuJson.Options).Length + _key!.Name.Length * 2 + CharactersOfACondition;

    private string? Key(PendingRow row) => row.Fields?.GetValueOrDefault(_key!.Id) switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value when value.TryGetValue(out double number) => number.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    private string? Key(TableRecord record) => record[_key!.Id] switch
    {
        TextCell text => text.Text,
        NumberCell number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        PhoneCell phone => phone.Number,
        _ => null,
    };
}
