using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api.Bitable.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// Reads records. Their cells come by the names of fields, and people rename fields at any time: a name that is not known, or that the
/// platform does not know any more, makes the field list be read anew. Else a renamed field would read as empty.
/// </summary>
internal sealed class RecordReads(FeishuTable table)
{
    private BaseCalls Calls => table.Base.Calls;

    /// <summary>One page of a search, and where the next one is.</summary>
    /// <inheritdoc cref="SearchAsync" path="/exception"/>
    public async Task<TablePage> PageAsync(TableQuery query, string? place, CancellationToken cancellationToken)
    {
        await using var pages = SearchAsync(query, cancellationToken, place).GetAsyncEnumerator(cancellationToken);
        await pages.MoveNextAsync();
        var page = pages.Current;
        // What has no next page may have lost it: the end is asked for.
        if (page.Next is null) await pages.MoveNextAsync();
        return page;
    }

    /// <summary>The pages of a search, each with the number of all records that it finds.</summary>
    /// <exception cref="TableQueryException">The platform would refuse it.</exception>
    /// <exception cref="FeishuApiException">The platform said no, or does not say where the next page is.</exception>
    public async IAsyncEnumerable<TablePage> SearchAsync(
        TableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken, string? from = null)
    {
        var names = new NamesOfCells(table, await table.GetFieldsAsync(false, cancellationToken));
        var (body, asked) = await BodyAsync(query, names.Fields, cancellationToken);
        var (size, place, more, renamed) = (query.PageSize, from, true, false);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (more)
        {
            RecordsWire page;
            try
            {
                page = await Calls.ReadAsync<RecordsWire>(() => Search(body, size, place), cancellationToken);
            }
            catch (FeishuApiException refused) when (TableFailures.Of(refused) == TableFailure.PageTooLarge && size > 1)
            {
                size /= 2;
                continue;
            }
            catch (FeishuApiException refused) when (TableFailures.IsOfFieldNames(refused) && !renamed)
            {
                renamed = true;
                await names.ReadAgainAsync(cancellationToken);
                (body, asked) = await BodyAsync(query, names.Fields, cancellationToken);
                continue;
            }

            var last = place;
            place = page.PageToken;
            more = page.HasMore ?? !string.IsNullOrEmpty(place);
            var lost = more && (string.IsNullOrEmpty(place) || place == last || !seen.Add(place));
            yield return new(await names.ReadAsync(page.Items ?? [], asked, cancellationToken), more && !lost ? place : null, page.Total);
            // To stop here would make a part of the table pass for all of it.
            if (lost) throw BaseCalls.NoNextPage(Endpoints.AppTableRecordSearch);
        }
    }

    /// <summary>How many records a filter finds.</summary>
    /// <inheritdoc cref="SearchAsync" path="/exception"/>
    public async Task<int> CountAsync(TableFilter? filter, CancellationToken cancellationToken)
    {
        var query = new TableQuery { Filter = filter, PageSize = 1 };
        await using var pages = SearchAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await pages.MoveNextAsync();
        return pages.Current.Total ?? throw new FeishuApiException("The answer to a search does not say how many records there are.")
        {
            HttpStatus = 200, Endpoint = Endpoints.AppTableRecordSearch.Id,
        };
    }

    /// <summary>Records by their ids, <see cref="FeishuTable.MostAsked"/> a call.</summary>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<TableLookup> GetAsync(IEnumerable<string> recordIds, bool withAuthors, CancellationToken cancellationToken)
    {
        var names = new NamesOfCells(table, await table.GetFieldsAsync(false, cancellationToken));
        var (records, absent, forbidden) = (new List<TableRecord>(), new List<string>(), new List<string>());
        var open = new Stack<string[]>(recordIds.Distinct(StringComparer.Ordinal).Chunk(FeishuTable.MostAsked).Reverse());
        while (open.TryPop(out var some))
        {
            LookupWire answer;
            try
            {
                answer = await Calls.ReadAsync<LookupWire>(() => Lookup(some, withAuthors), cancellationToken);
            }
            catch (FeishuApiException refused) when (TableFailures.Of(refused) == TableFailure.PageTooLarge && some.Length > 1)
            {
                open.Push(some[(some.Length / 2)..]);
                open.Push(some[..(some.Length / 2)]);
                continue;
            }

            records.AddRange(await names.ReadAsync(answer.Records ?? [], null, cancellationToken));
            absent.AddRange(answer.AbsentRecordIds ?? []);
            forbidden.AddRange(answer.ForbiddenRecordIds ?? []);
        }

        return new(records, absent, forbidden);
    }

    private async Task<(JsonObject Body, HashSet<string>? Asked)> BodyAsync(
        TableQuery query, TableFields fields, CancellationToken cancellationToken)
    {
        var zone = QueryJson.NeedsZone(query.Filter) ? await table.Base.GetTimeZoneAsync(cancellationToken) : null;
        var body = QueryJson.Body(query, fields, zone);
        // By ids, which outlive the names.
        return (body, query.Fields.Count == 0 ? null : query.Fields.Select(name => fields[name].Id).ToHashSet(StringComparer.Ordinal));
    }

    private FeishuRequest Search(JsonObject body, int size, string? place)
    {
        var request = table.Request(Endpoints.AppTableRecordSearch).WithQuery("user_id_type", Calls.Options.UserIdType)
            .WithQuery("page_size", $"{size}").WithQuery("page_token", place);
        request.Body = body;
        return request;
    }

    private FeishuRequest Lookup(string[] ids, bool withAuthors)
    {
        var request = table.Request(Endpoints.AppTableRecordBatchGet);
        request.Body = new AskedBody(ids, Calls.Options.UserIdType, withAuthors ? true : null);
        return request;
    }
}
