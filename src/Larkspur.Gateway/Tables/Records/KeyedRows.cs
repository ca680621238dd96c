using System.Globalization;
using System.Text.Json;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Cells;
using Larkspur.Gateway.Tables.Open;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Finds the records that rows with a key of their own have already. The platform keeps no key unique: a key that two records
/// have is nobody's.</summary>
internal sealed class KeyedRows(OpenTable open, TableField key)
{
    /// <summary>Room for what stands around a value in a filter.</summary>
    private const int CharactersOfACondition = 60;

    /// <summary>The field that a request names as key.</summary>
    /// <exception cref="RequestRefusedException">There is none, or it cannot be looked for.</exception>
    public static KeyedRows Of(OpenTable open, string name)
    {
        var field = open.Fields.Find(name)
            ?? throw RequestRefusedException.Impossible("unknown_field", "/key_field", Names.Field(name, open.Fields));
        return field.Type is TableFieldType.Text or TableFieldType.Number or TableFieldType.Phone ? new KeyedRows(open, field)
            : throw RequestRefusedException.Impossible("bad_key_field", "/key_field", TablesTexts.BadKeyField);
    }

    /// <summary>The field's id, for the SDK.</summary>
    public string FieldId => key.Id;

    /// <summary>Refuses rows that have no key, or one that another of them has; gives the others the record that has their key.</summary>
    public async Task FindAsync(IReadOnlyList<ReadRow> rows, CancellationToken cancellation)
    {
        var byKey = new Dictionary<string, ReadRow>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!row.Cells.TryGetValue(key.Id, out var cell) || KeyOf(cell) is not { Length: > 0 } value)
                row.Refuse(new("key_missing", TablesTexts.KeyMissing(key.Name)), key.Name);
            else if (Length(value) > TableFilter.MostCharacters - CharactersOfACondition)
                row.Refuse(new("too_long", TablesTexts.KeyTooLong), key.Name);
            else if (!byKey.TryAdd(value, row))
                row.Refuse(new("duplicate_key", TablesTexts.DuplicateKey(byKey[value].Index.ToString(CultureInfo.InvariantCulture))),
                    key.Name);
        }

        if (byKey.Count == 0) return;
        string[] fields = [key.Id, .. rows.SelectMany(row => row.Cells.Keys).Distinct(StringComparer.Ordinal).Where(id => id != key.Id)];
        if (fields.Length > TableQuery.MostFields) fields = [];
        foreach (var query in await QueriesAsync([.. byKey.Keys], fields, cancellation))
        {
            await foreach (var record in open.Table.SearchAsync(query, cancellation))
            {
                if (KeyOf(record[key.Id]) is not { } value || !byKey.TryGetValue(value, out var row)) continue;
                if (row.Record is { } other && other.Id != record.Id)
                {
                    if (row.Outcome is null) row.Refuse(new("ambiguous_key", TablesTexts.AmbiguousKey(key.Name)), key.Name);
                    continue;
                }

                (row.Record, row.RecordId) = (record, record.Id);
            }
        }
    }

    /// <summary>By groups of keys, or the whole table where that takes fewer calls: an import asks for all of it.</summary>
    private async Task<IReadOnlyList<TableQuery>> QueriesAsync(string[] keys, string[] fields, CancellationToken cancellation)
    {
        var groups = Groups(keys).ToList();
        if (groups.Count > 2)
        {
            var pages = 1 + await open.Table.CountAsync(cancellationToken: cancellation) / TableQuery.MostRecords;
            if (pages < groups.Count) return [new TableQuery { Fields = fields }];
        }

        return [.. groups.Select(some => new TableQuery
        {
            Fields = fields, Filter = TableFilter.Any(some.Select(value => Where.Field(key.Id).Is(value))),
        })];
    }

    private IEnumerable<List<string>> Groups(string[] keys)
    {
        var (group, length) = (new List<string>(), 0);
        foreach (var value in keys)
        {
            var more = Length(value);
            if (group.Count == TableFilter.MostConditions
                || (group.Count > 0 && length + more > TableFilter.MostCharacters - CharactersOfACondition))
            {
                yield return group;
                (group, length) = ([], 0);
            }

            group.Add(value);
            length += more;
        }

        if (group.Count > 0) yield return group;
    }

    /// <summary>Of its condition, escaped.</summary>
    private int Length(string value) =>
        JsonSerializer.Serialize(value).Length + JsonSerializer.Serialize(key.Name).Length + CharactersOfACondition;

    private static string? KeyOf(CellValue cell) => cell switch
    {
        TextCell text => text.Text,
        NumberCell number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        PhoneCell phone => phone.Number,
        _ => null,
    };
}
