using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Larkspur.Feishu.Tables;

/// <summary>A table as records of C#. Get it as <c>table.Of&lt;Order&gt;()</c>.</summary>
/// <remarks>
/// The type is held against the field list before the first record is asked for: a field that is gone, or of another type, is a
/// <see cref="TableMappingException"/> that names every one of them.
/// </remarks>
/// <typeparam name="T">What a row becomes.</typeparam>
public sealed class MappedTable<T>
{
    private readonly FeishuTable _table;
    private readonly TableMap<T> _map;

    internal MappedTable(FeishuTable table, TableMap<T> map) => (_table, _map) = (table, map);

    /// <summary>Conditions of a mapped property's field: <c>orders.Field(order => order.Stage).Is(Stage.Open)</c>.</summary>
    /// <exception cref="TableMappingException">The expression is no mapped property.</exception>
    public Where Field<TValue>(Expression<Func<T, TValue>> property) => Where.Field(_map.FieldOf(property));

    /// <summary>Finds records. They come with all mapped fields and no others; <see cref="TableQuery.Fields"/> has no say in it.</summary>
    /// <inheritdoc cref="FeishuTable.SearchAsync" path="/remarks"/>
    /// <param name="query">What is asked for; null: everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TableMappingException">The type does not go with the table, or a cell does not go into its property.</exception>
    /// <inheritdoc cref="FeishuTable.SearchAsync" path="/exception"/>
    public async IAsyncEnumerable<T> SearchAsync(
        TableQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new();
        var binding = await BindAsync(cancellationToken);
        string[] fields = [.. binding.Fields.Distinct(StringComparer.Ordinal)];
        // A view's own fields would be asked for instead of a list that is too long.
        query = query with { Fields = fields.Length <= TableQuery.MostFields ? fields : [] };
        await foreach (var record in _table.SearchAsync(query, cancellationToken)) yield return binding.Read(record);
    }

    /// <summary>Finds records.</summary>
    /// <inheritdoc cref="SearchAsync(TableQuery, CancellationToken)"/>
    public IAsyncEnumerable<T> SearchAsync(TableFilter filter, CancellationToken cancellationToken = default) =>
        SearchAsync(new TableQuery { Filter = filter }, cancellationToken);

    /// <summary>Reads records by their ids; the ids of those that are gone, or may not be seen, come apart.</summary>
    /// <exception cref="TableMappingException">The type does not go with the table, or a cell does not go into its property.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task<MappedLookup<T>> GetAsync(IEnumerable<string> recordIds, CancellationToken cancellationToken = default)
    {
        var binding = await BindAsync(cancellationToken);
        var found = await _table.GetAsync(recordIds, cancellationToken: cancellationToken);
        return new([.. found.Records.Select(binding.Read)], found.Absent, found.Forbidden);
    }

    /// <summary>Makes records. The mapped key, if there is one, clears up lost answers.</summary>
    /// <param name="items">What is made.</param>
    /// <param name="options">How they are written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TableMappingException">The type does not go with the table.</exception>
    /// <inheritdoc cref="FeishuTable.CreateAsync" path="/exception"/>
    public async Task<TableWriteReport> CreateAsync(
        IReadOnlyList<T> items, TableWriteOptions? options = null, CancellationToken cancellationToken = default) =>
        await _table.CreateAsync(await RowsAsync(items, cancellationToken), WithKey(options), cancellationToken);

    /// <summary>
    /// Changes records, each the one that its <see cref="TableRecordIdAttribute"/> property names: the mapped fields that differ from what
    /// is in the table just now are written.
    /// </summary>
    /// <remarks>
    /// The records are read first, 100 a call: what nobody changed keeps its mentions, links, labels and times of day. There is no
    /// compare-and-set: an edit that a person makes between the two calls is overwritten in the fields that are written, and one made
    /// since the object was read is written back to what the object says.
    /// </remarks>
    /// <param name="items">What they become.</param>
    /// <param name="options">How they are written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">One names no record.</exception>
    /// <exception cref="FeishuApiException">The records could not be read. Nothing was written.</exception>
    /// <exception cref="PlatformNetworkException">The records could not be read. Nothing was written.</exception>
    /// <exception cref="TableMappingException">The type does not go with the table.</exception>
    /// <inheritdoc cref="FeishuTable.UpdateAsync" path="/exception"/>
    public async Task<TableWriteReport> UpdateAsync(
        IReadOnlyList<T> items, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var binding = await BindAsync(cancellationToken);
        string[] ids = [.. items.Select(binding.IdOf)];
        var read = (await _table.GetAsync(ids, cancellationToken: cancellationToken)).Records
            .DistinctBy(record => record.Id, StringComparer.Ordinal).ToDictionary(record => record.Id, StringComparer.Ordinal);
        var rows = items.Zip(ids, (item, id) => binding.Change(item, read.GetValueOrDefault(id)));
        return await _table.UpdateAsync([.. rows], options, cancellationToken);
    }

    /// <summary>What would be refused of rows, found without writing: every problem of every row.</summary>
    /// <param name="items">What would be written.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The problems with their rows' places, from 0; empty when nothing is seen to be wrong.</returns>
    /// <exception cref="TableMappingException">The type does not go with the table.</exception>
    public async Task<IReadOnlyList<(int Index, CellProblem Problem)>> ValidateAsync(
        IReadOnlyList<T> items, TableWriteOptions? options = null, CancellationToken cancellationToken = default) =>
        await _table.ValidateAsync(await RowsAsync(items, cancellationToken), options, cancellationToken);

    private TableWriteOptions WithKey(TableWriteOptions? options)
    {
        options ??= new();
        return options.KeyField is null ? options with { KeyField = _map.KeyField } : options;
    }

    private async Task<IReadOnlyList<TableRow>> RowsAsync(IReadOnlyList<T> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        var binding = await BindAsync(cancellationToken);
        return [.. items.Select(item => binding.Write(item))];
    }

    private async Task<RowBinding<T>> BindAsync(CancellationToken cancellationToken)
    {
        var fields = await _table.GetFieldsAsync(false, cancellationToken);
        var dated = _map.Members.Any(member =>
            (Nullable.GetUnderlyingType(member.Property.PropertyType) ?? member.Property.PropertyType) == typeof(DateOnly));
        return new(_map, fields, dated ? await _table.Base.GetTimeZoneAsync(cancellationToken) : null);
    }
}

/// <summary>What is known of records that were asked for by their ids.</summary>
/// <param name="Records">Those that are there.</param>
/// <param name="Absent">Ids of records that are gone, or never were.</param>
/// <param name="Forbidden">Ids of records that are there, and that this app or person may not see.</param>
/// <typeparam name="T">What a row becomes.</typeparam>
public sealed record MappedLookup<T>(IReadOnlyList<T> Records, IReadOnlyList<string> Absent, IReadOnlyList<string> Forbidden);
