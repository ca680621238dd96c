using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api.Bitable.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// A table: fields, views and records. Get it as <c>feishu.Tables(appToken).Table(tableId)</c> and keep it; it is thread-safe.
/// </summary>
/// <remarks>
/// The field list is read before the first record and remembered; <see cref="GetFieldsAsync"/> with <c>again</c>, or
/// <see cref="ForgetFields"/> when a field event came, reads it anew. Source: bitable-v1 app-table-record.
/// </remarks>
public sealed class FeishuTable
{
    /// <summary>Most records of one <c>batch_get</c>.</summary>
    public const int MostAsked = 100;

    private TableFields? _fields;

    internal FeishuTable(FeishuBase @base, string tableId)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableId);
        (Base, Id) = (@base, tableId);
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
    public async Task<TableFields> GetFieldsAsync(bool again = false, CancellationToken cancellationToken = default) =>
        !again && _fields is { } known ? known : _fields = new(await Fields.ListAsync(cancellationToken: cancellationToken));

    /// <summary>Forgets the field list: the next call reads it.</summary>
    public void ForgetFields() => _fields = null;

    /// <summary>Records of C#, mapped by attributes or by a map that was built.</summary>
    /// <param name="map">The map; null: by <see cref="TableFieldAttribute"/>s of the type.</param>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <exception cref="TableMappingException">The type cannot be mapped.</exception>
    public MappedTable<T> Of<T>(TableMap<T>? map = null) => new(this, map ?? TableMap.Of<T>());

    /// <summary>Finds records, page by page.</summary>
    /// <remarks>
    /// There is no snapshot across pages: a record may come twice or be missed while others write. Compare the table's revision
    /// (<see cref="FeishuBase.ListTablesAsync"/>) before and after, and believe a deletion only after <see cref="GetAsync"/>. Where
    /// advanced permissions are on, somebody who may not see a row gets an empty list and no error. 20 calls a second.
    /// </remarks>
    /// <param name="query">What is asked for; null: everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TableQueryException">The platform would refuse it. Nothing but the field list was asked for.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async IAsyncEnumerable<TableRecord> SearchAsync(
        TableQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new();
        var fields = await GetFieldsAsync(false, cancellationToken);
        var zone = QueryJson.NeedsZone(query.Filter) ? await Base.GetTimeZoneAsync(cancellationToken) : null;
        var body = QueryJson.Body(query, fields, zone);
        var asked = query.Fields.Count == 0 ? null : query.Fields.Select(name => fields[name].Name).ToHashSet(StringComparer.Ordinal);
        var (size, place, more) = (query.PageSize, (string?)null, true);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (more)
        {
            RecordsWire page;
            try
            {
                page = await Base.Calls.ReadAsync<RecordsWire>(Page, cancellationToken);
            }
            catch (FeishuApiException refused) when (TableFailures.Of(refused) == TableFailure.PageTooLarge && size > 1)
            {
                size /= 2;
                continue;
            }

            foreach (var record in page.Items ?? []) yield return record.Read(fields, asked);
            place = page.PageToken;
            more = page.HasMore != false && !string.IsNullOrEmpty(place) && seen.Add(place);
        }

        FeishuRequest Page()
        {
            var request = Request(Endpoints.AppTableRecordSearch).WithQuery("user_id_type", Base.Calls.Options.UserIdType)
                .WithQuery("page_size", $"{size}").WithQuery("page_token", place);
            request.Body = body;
            return request;
        }
    }

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
        await foreach (var record in SearchAsync(new() { Fields = fields ?? [] }, cancellationToken)) records[record.Id] = record;
        var after = await RevisionAsync(cancellationToken);
        return new([.. records.Values], after ?? 0, before is not null && before == after, isAdvanced);
    }

    /// <summary>How many records a filter finds.</summary>
    /// <inheritdoc cref="SearchAsync" path="/exception"/>
    public async Task<int> CountAsync(TableFilter? filter = null, CancellationToken cancellationToken = default)
    {
        var fields = await GetFieldsAsync(false, cancellationToken);
        var zone = QueryJson.NeedsZone(filter) ? await Base.GetTimeZoneAsync(cancellationToken) : null;
        var body = QueryJson.Body(new() { Filter = filter }, fields, zone);
        var page = await Base.Calls.ReadAsync<RecordsWire>(
            () =>
            {
                var request = Request(Endpoints.AppTableRecordSearch).WithQuery("page_size", "1");
                request.Body = body;
                return request;
            },
            cancellationToken);
        return page.Total ?? 0;
    }

    /// <summary>
    /// Reads records by their ids: the only call that tells what is gone from what may not be seen. 100 ids a call, 20 calls a second.
    /// </summary>
    /// <param name="recordIds">Which ones; each is asked for once.</param>
    /// <param name="withAuthors">Also who made and changed each, and when.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task<TableLookup> GetAsync(IEnumerable<string> recordIds, bool withAuthors = false,
        CancellationToken cancellationToken = default)
    {
        var fields = await GetFieldsAsync(false, cancellationToken);
        var (records, absent, forbidden) = (new List<TableRecord>(), new List<string>(), new List<string>());
        var open = new Stack<string[]>(recordIds.Distinct(StringComparer.Ordinal).Chunk(MostAsked).Reverse());
        while (open.TryPop(out var some))
        {
            LookupWire answer;
            try
            {
                answer = await Base.Calls.ReadAsync<LookupWire>(() => Asked(some), cancellationToken);
            }
            catch (FeishuApiException refused) when (TableFailures.Of(refused) == TableFailure.PageTooLarge && some.Length > 1)
            {
                open.Push(some[(some.Length / 2)..]);
                open.Push(some[..(some.Length / 2)]);
                continue;
            }

            records.AddRange((answer.Records ?? []).Select(record => record.Read(fields)));
            absent.AddRange(answer.AbsentRecordIds ?? []);
            forbidden.AddRange(answer.ForbiddenRecordIds ?? []);
        }

        return new(records, absent, forbidden);

        FeishuRequest Asked(string[] ids)
        {
            var request = Request(Endpoints.AppTableRecordBatchGet);
            request.Body = new AskedBody(ids, Base.Calls.Options.UserIdType, withAuthors ? true : null);
            return request;
        }
    }

    /// <summary>Makes records: up to 1,000 a call, one call at a time in a base, each under its <c>client_token</c>.</summary>
    /// <remarks>
    /// What can be seen to be wrong is not sent; a batch that the platform refuses for one cell is halved until the row is found, and the
    /// rest is written. Cancelled, what was under way may have been written.
    /// </remarks>
    /// <param name="rows">What is in them.</param>
    /// <param name="options">
    /// How they are written; name <see cref="TableWriteOptions.KeyField"/> so that a lost answer can be cleared up.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of each row; rows that were refused are no exception (<see cref="TableWriteReport.EnsureWritten"/>).</returns>
    /// <exception cref="TableWriteException">The platform said no to all of it, or was not reached.</exception>
    /// <exception cref="TableOutcomeUnknownException">An answer was lost, and no key tells whether the rows are there.</exception>
    public Task<TableWriteReport> CreateAsync(
        IReadOnlyList<TableRow> rows, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Any(row => row.RecordId is not null)
            ? throw new ArgumentException("A row that is made has no record yet.", nameof(rows))
            : WriteAsync(TableWriteKind.Create, rows, options, cancellationToken);
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
    public Task<TableWriteReport> UpdateAsync(
        IReadOnlyList<TableRow> rows, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Any(row => row.RecordId is null)
            ? throw new ArgumentException("A row that is changed names its record.", nameof(rows))
            : WriteAsync(TableWriteKind.Update, rows, options, cancellationToken);
    }

    /// <summary>Deletes records, up to 500 a call. One that is not there any more counts as deleted.</summary>
    /// <param name="recordIds">Which ones.</param>
    /// <param name="options">How they are written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="UpdateAsync" path="/exception"/>
    public async Task<TableWriteReport> DeleteAsync(
        IReadOnlyList<string> recordIds, TableWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordIds);
        var rows = recordIds.Select((id, index) => new PendingRow(index, id, null)).ToList();
        var results = rows.Select(row => new TableRowResult(row.Index, TableRowState.NotTried, row.RecordId)).ToArray();
        return await new BatchWriter(this, TableWriteKind.Delete, options ?? TableWriteOptions.Default, new([]), results)
            .RunAsync(rows, cancellationToken);
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
        var encoder = await EncoderAsync(rows, options ?? TableWriteOptions.Default, cancellationToken);
        return [.. rows.SelectMany((row, index) => encoder.Encode(row, index, out _).Select(problem => (index, problem)))];
    }

    internal FeishuRequest Request(FeishuEndpoint endpoint) => Base.Request(endpoint).WithPath("table_id", Id);

    private async Task<long?> RevisionAsync(CancellationToken cancellationToken)
    {
        await foreach (var table in Base.ListTablesAsync(cancellationToken))
        {
            if (table.Id == Id) return table.Revision;
        }

        return null;
    }

    private async Task<TableWriteReport> WriteAsync(
        TableWriteKind kind, IReadOnlyList<TableRow> rows, TableWriteOptions? options, CancellationToken cancellationToken)
    {
        options ??= TableWriteOptions.Default;
        var encoder = await EncoderAsync(rows, options, cancellationToken);
        var results = new TableRowResult[rows.Count];
        var pending = new List<PendingRow>(rows.Count);
        for (var index = 0; index < rows.Count; index++)
        {
            var problems = encoder.Encode(rows[index], index, out var row);
            results[index] = problems.Count > 0
                ? new(index, TableRowState.Refused, row.RecordId, problems[0])
                // A change of nothing is done.
                : new(index, kind == TableWriteKind.Update && row.Fields!.Count == 0 ? TableRowState.Written : TableRowState.NotTried,
                    row.RecordId);
            if (results[index].State == TableRowState.NotTried) pending.Add(row);
        }

        return await new BatchWriter(this, kind, options, encoder.Fields, results).RunAsync(pending, cancellationToken);
    }

    private async Task<RowEncoder> EncoderAsync(IReadOnlyList<TableRow> rows, TableWriteOptions options,
        CancellationToken cancellationToken)
    {
        var fields = await GetFieldsAsync(false, cancellationToken);
        if (options.KeyField is { } key && fields.Find(key) is null)
            throw new ArgumentException($"The table has no field \"{key}\" for keys.", nameof(options));
        var dated = rows.Any(row => row.Values.Values.Any(value => value is DateOnly));
        return new(fields, options, dated ? await Base.GetTimeZoneAsync(cancellationToken) : null);
    }
}
