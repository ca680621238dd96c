using System.Runtime.CompilerServices;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// A table: fields, views and records. Get it as <c>feishu.Tables(appToken).Table(tableId)</c> and keep it; it is thread-safe.
/// </summary>
/// <remarks>
/// The field list is read before the first record and remembered. It is read anew when records, or refusals, show that a field was
/// renamed, and by <see cref="GetFieldsAsync"/> with <c>again</c>; <see cref="ForgetFields"/> when a field event came. Source: bitable-v1
/// app-table-record.
/// </remarks>
public sealed class FeishuTable
{
    /// <summary>Most records of one <c>batch_get</c>.</summary>
    public const int MostAsked = 100;

    private readonly KnownFields _fields;
    private readonly RecordReads _reads;
    private readonly RowWrites _writes;

    internal FeishuTable(FeishuBase @base, string tableId)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableId);
        (Base, Id) = (@base, tableId);
        (_fields, _reads, _writes) = (new(this), new(this), new(this));
    }

    /// <summary>The base it is in.</summary>
    public FeishuBase Base { get; }

    /// <summary><c>tbl…</c>.</summary>
    public string Id { get; }

    /// <summary>Its fields: made and changed.</summary>
    public TableFieldList Fields => new(this);

    /// <summary>Its views.</summary>
    public TableViews Views => new(this);

    /// <summary>Its fields as they were read last; read now when they were not.</summary>
    /// <param name="again">Read them now, whatever is remembered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public Task<TableFields> GetFieldsAsync(bool again = false, CancellationToken cancellationToken = default) =>
        _fields.GetAsync(again, cancellationToken);

    /// <summary>Forgets the field list, also one that is being read just now: the next call reads it.</summary>
    public void ForgetFields() => _fields.Forget();

    /// <summary>Records of C#, mapped by attributes or by a map that was built.</summary>
    /// <param name="map">The map; null: by <see cref="TableFieldAttribute"/>s of the type.</param>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <exception cref="TableMappingException">The type cannot be mapped.</exception>
    public MappedTable<T> Of<T>(TableMap<T>? map = null) => new(this, map ?? TableMap.Of<T>());

    /// <summary>Finds records, page by page.</summary>
    /// <remarks>
    /// There is no snapshot across pages: a record may come twice or be missed while others write. Compare the table's revision
    /// (<see cref="FeishuBase.ListTablesAsync"/>) before and after, and believe a deletion only after <see cref="GetAsync"/>. Where
    /// advanced permissions are on, somebody who may not see a row gets an empty list and no error. A field that is renamed on the way is
    /// followed when the query names it by its id; named by its old name it ends the search. 20 calls a second.
    /// </remarks>
    /// <param name="query">What is asked for; null: everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TableQueryException">The platform would refuse it, or a field that it names is there no more.</exception>
    /// <exception cref="FeishuApiException">The platform said no, or does not say where the next page is.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async IAsyncEnumerable<TableRecord> SearchAsync(
        TableQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in _reads.SearchAsync(query ?? new(), cancellationToken))
        {
            foreach (var record in page.Records) yield return record;
        }
    }

    /// <summary>Finds one page of records: for whoever hands pages on, and comes back for the next one.</summary>
    /// <remarks>As <see cref="SearchAsync"/>. For how long the platform knows a place is UNVERIFIED.</remarks>
    /// <param name="query">What is asked for, the same for each page; null: everything.</param>
    /// <param name="place">Where the page before ended (<see cref="TablePage.Next"/>); null: the first page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="SearchAsync" path="/exception"/>
    public Task<TablePage> SearchPageAsync(
        TableQuery? query = null, string? place = null, CancellationToken cancellationToken = default) =>
        _reads.PageAsync(query ?? new(), place, cancellationToken);

    /// <summary>
    /// Reads the whole table, and its revision before and after: whoever compares tables needs to know what a missing row means.
    /// </summary>
    /// <remarks>All records are in memory at once. Source: app-table/list (revision), app/get (is_advanced).</remarks>
    /// <param name="fields">Which fields the records come with, by name or id; null: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="SearchAsync" path="/exception"/>
    public async Task<TableScan> ScanAsync(IReadOnlyList<string>? fields = null, CancellationToken cancellationToken = default)
    {
        var isAdvanced = (await Base.GetAsync(cancellationToken)).IsAdvanced;
        var before = await RevisionAsync(cancellationToken);
        var records = new Dictionary<string, TableRecord>(StringComparer.Ordinal);
        int? expected = null;
        await foreach (var page in _reads.SearchAsync(new() { Fields = fields ?? [] }, cancellationToken))
        {
            foreach (var record in page.Records) records[record.Id] = record;
            expected = page.Total;
        }

        var after = await RevisionAsync(cancellationToken);
        return new([.. records.Values], after ?? 0, before is not null && before == after && records.Count == expected, isAdvanced);
    }

    /// <summary>How many records a filter finds.</summary>
    /// <inheritdoc cref="SearchAsync" path="/exception"/>
    public Task<int> CountAsync(TableFilter? filter = null, CancellationToken cancellationToken = default) =>
        _reads.CountAsync(filter, cancellationToken);

    /// <summary>
    /// Reads records by their ids: the only call that tells what is gone from what may not be seen. 100 ids a call, 20 calls a second.
    /// </summary>
    /// <param name="recordIds">Which ones; each is asked for once.</param>
    /// <param name="withAuthors">Also who made and changed each, and when.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public Task<TableLookup> GetAsync(
        IEnumerable<string> recordIds, bool withAuthors = false, CancellationToken cancellationToken = default) =>
        _reads.GetAsync(recordIds, withAuthors, cancellationToken);

    /// <summary>Makes records: up to 1,000 a call, one call at a time in a base, each under its <c>client_token</c>.</summary>
    /// <remarks>
    /// What can be seen to be wrong is not sent; a batch that the platform refuses for one cell is halved until the row is found, and the
    /// rest is written. The refusal of a whole batch for a field's name makes the field list be read anew: the field may have been renamed.
    /// </remarks>
    /// <param name="rows">What is in them.</param>
    /// <param name="options">
    /// How they are written; name <see cref="TableWriteOptions.KeyField"/> so that a lost answer can be cleared up.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of each row; rows that were refused are no exception (<see cref="TableWriteReport.EnsureWritten"/>).</returns>
    /// <exception cref="TableWriteException">The platform said no to all of it, or was not reached.</exception>
    /// <exception cref="TableOutcomeUnknownException">
    /// An answer was lost, and nothing tells whether the rows are there: no key, or advanced permissions that may hide them.
    /// </exception>
    /// <exception cref="TableWriteCanceledException">Cancelled; what was under way may have been written, as its report says.</exception>
    public Task<TableWriteReport> CreateAsync(
        IReadOnlyList<TableRow> rows, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Any(row => row.RecordId is not null)
            ? throw new ArgumentException("A row that is made has no record yet.", nameof(rows))
            : _writes.WriteAsync(TableWriteKind.Create, rows, options, cancellationToken);
    }

    /// <summary>Changes records: the fields that rows name, up to 1,000 rows a call, one call at a time in a base.</summary>
    /// <remarks>
    /// There is no compare-and-set: an edit that a person made since the record was read is overwritten in the fields that are written.
    /// Values are absolute, so a lost answer is asked for again. No write answers who changed it when.
    /// </remarks>
    /// <param name="rows">The changes, each of one record.</param>
    /// <param name="options">How they are written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="CreateAsync" path="/returns"/>
    /// <exception cref="TableWriteException">The platform said no to all of it, or was not reached.</exception>
    /// <exception cref="TableOutcomeUnknownException">An answer was lost, and no later try was answered.</exception>
    /// <exception cref="TableWriteCanceledException">Cancelled; what was under way may have been written, as its report says.</exception>
    public Task<TableWriteReport> UpdateAsync(
        IReadOnlyList<TableRow> rows, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Any(row => row.RecordId is null)
            ? throw new ArgumentException("A row that is changed names its record.", nameof(rows))
            : _writes.WriteAsync(TableWriteKind.Update, rows, options, cancellationToken);
    }

    /// <summary>Deletes records, up to 500 a call. One that is not there any more counts as deleted.</summary>
    /// <remarks>
    /// The platform's word that a record is not there is no proof, for a copy of the table may lag behind: <see cref="GetAsync"/> is asked.
    /// </remarks>
    /// <param name="recordIds">Which ones.</param>
    /// <param name="options">How they are written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="UpdateAsync" path="/exception"/>
    public Task<TableWriteReport> DeleteAsync(
        IReadOnlyList<string> recordIds, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordIds);
        return _writes.DeleteAsync(recordIds, options ?? TableWriteOptions.Default, cancellationToken);
    }

    /// <summary>What would be refused of rows, found without writing: every problem of every row.</summary>
    /// <param name="rows">Rows to be made or changed.</param>
    /// <param name="options">How they would be written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The problems with their rows' places, from 0; empty when nothing is seen to be wrong.</returns>
    /// <exception cref="FeishuApiException">The field list could not be read.</exception>
    public async Task<IReadOnlyList<(int Index, CellProblem Problem)>> ValidateAsync(
        IReadOnlyList<TableRow> rows, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var encoded = await _writes.EncodeAsync(rows, options ?? TableWriteOptions.Default, cancellationToken);
        return [.. encoded.Rows.SelectMany((row, index) => row.Problems.Select(problem => (index, problem)))];
    }

    /// <summary>The field list read anew because <paramref name="old"/> did not do, unless somebody has done so meanwhile.</summary>
    internal Task<TableFields> GetNewerFieldsAsync(TableFields old, CancellationToken cancellationToken) =>
        _fields.NewerAsync(old, cancellationToken);

    internal FeishuRequest Request(FeishuEndpoint endpoint) => Base.Request(endpoint).WithPath("table_id", Id);

    private async Task<long?> RevisionAsync(CancellationToken cancellationToken)
    {
        await foreach (var table in Base.ListTablesAsync(cancellationToken))
        {
            if (table.Id == Id) return table.Revision;
        }

        return null;
    }
}
