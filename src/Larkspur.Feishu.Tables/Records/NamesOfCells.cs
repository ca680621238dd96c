namespace Larkspur.Feishu.Tables;

/// <summary>What the names mean by which the records of one search or lookup come. Not thread-safe.</summary>
internal sealed class NamesOfCells(FeishuTable table, TableFields fields)
{
    /// <summary>Names that the newest list does not have either: it is not read again for them.</summary>
    private readonly HashSet<string> _strangers = new(StringComparer.Ordinal);

    public TableFields Fields { get; private set; } = fields;

    /// <summary>Makes cells of records. The field list is read anew, once, when one of their names is not in it.</summary>
    public async Task<IReadOnlyList<TableRecord>> ReadAsync(
        IReadOnlyList<RecordWire> records, IReadOnlySet<string>? asked, CancellationToken cancellationToken)
    {
        if (Unknown().Any())
        {
            await ReadAgainAsync(cancellationToken);
            _strangers.UnionWith(Unknown().ToList());
        }

        return [.. records.Select(record => record.Read(Fields, asked))];

        IEnumerable<string> Unknown() => records.SelectMany(record => record.Fields?.Keys.AsEnumerable() ?? [])
            .Where(name => Fields.Named(name) is null && !_strangers.Contains(name));
    }

    public async Task ReadAgainAsync(CancellationToken cancellationToken) =>
        Fields = await table.GetNewerFieldsAsync(Fields, cancellationToken);
}
