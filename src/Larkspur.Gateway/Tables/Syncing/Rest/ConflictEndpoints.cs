using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Conflicts of syncs over REST, and for the console under the same rules.</summary>
internal sealed class ConflictEndpoints(SyncReach reach, SyncStore syncs, IDatabase database)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var conflicts = routes.MapGroup("/{name}/conflicts");
        conflicts.MapGet("", (string name, string? state, [AsParameters] SyncPage page, KeyGrant caller, ConflictEndpoints on,
            CancellationToken cancellation) => on.ListAsync(caller, name, state, page, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ListConflicts").WithSummary("What people decide, or have decided, of a sync")
            .Produces<SyncConflictListView>().Refuses(400, 404);
        conflicts.MapPost("", (Body<DecideConflicts> body, string name, ConflictEndpoints on, CancellationToken cancellation) =>
            on.DecideAsync(body, name, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("DecideConflicts").WithSummary("Decide several conflicts the same way")
            .Produces<SyncDecisionsView>().Refuses(400, 403, 404, 413, 415, 422);
        conflicts.MapPost("/{id:long}", (Body<DecideConflict> body, string name, long id, ConflictEndpoints on,
            CancellationToken cancellation) => on.DecideAsync(body, name, id, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("DecideConflict").WithSummary("Decide one conflict")
            .WithDescription("It is carried out at once. A conflict that is about other values by now is answered with 409 "
                + "conflict_changed: read it again.")
            .Produces<SyncConflictView>().Refuses(400, 403, 404, 409, 413, 415, 422);
    }

    /// <summary>Decides one.</summary>
    /// <exception cref="RequestRefusedException">It cannot be decided so; the word and the pointer say why.</exception>
    public async Task<SyncConflictView> DecideAsync(
        KeyGrant caller, string name, long id, DecideConflict sent, bool namesValue, CancellationToken cancellation)
    {
        var sync = await reach.KnownAsync(caller, name, change: true, cancellation);
        var fields = FieldsOf(sync);
        if (await database.ReadAsync(sql => ConflictPages.FindAsync(sql, sync.Id, id), cancellation) is not { } row)
            throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", "/{id}", "The sync has no such conflict.");
        Demand(row, sent.Decision);
        var kind = fields.GetValueOrDefault(row.Field)?.Kind ?? ValueKind.Text;
        if (sent.Decision == Decisions.Value && !namesValue)
            throw RequestRefusedException.Malformed("missing", "/value", SyncRestTexts.ValueMissing);
        if (sent.Decision != Decisions.Value && namesValue)
            throw RequestRefusedException.Impossible("bad_value", "/value", SyncRestTexts.ValueUnasked);
        var value = namesValue ? FieldValues.Read(kind, sent.Value, "/value") : null;
        if (sent.Seen is { } seen) row = row with
        {
            TableValue = FieldValues.Read(kind, seen.Table, "/seen/table"),
            SourceValue = FieldValues.Read(kind, seen.Source, "/seen/source"),
        };
        _ = await SyncRefusals.JudgedAsync(() => syncs.DecideAsync(caller, name, row, sent.Decision, value, cancellation))
            ?? throw SyncRefusals.NoSync();
        var now = await database.ReadAsync(sql => ConflictPages.FindAsync(sql, sync.Id, id), cancellation);
        return SyncConflictView.Of(now ?? row, fields);
    }

    /// <summary>Decides several the same way.</summary>
    /// <inheritdoc cref="DecideAsync(KeyGrant, string, long, DecideConflict, bool, CancellationToken)" path="/exception"/>
    public async Task<SyncDecisionsView> DecideAsync(KeyGrant caller, string name, DecideConflicts sent, CancellationToken cancellation)
    {
        var sync = await reach.KnownAsync(caller, name, change: true, cancellation);
        if (sent.Ids is null == sent.Field is null) throw RequestRefusedException.Malformed("two_ways", "/ids", SyncRestTexts.OneOrOther);
        SpecNames.Demand(sent.Decision, "/decision", Decisions.Table, Decisions.Source, Decisions.Keep, Decisions.Delete);
        var rows = await RowsAsync(sync, sent, cancellation);
        var skipped = new List<long>(sent.Ids?.Except(rows.Select(row => row.Id)) ?? []);
        foreach (var row in rows)
        {
            try
            {
                if (row.DecidedAt is not null || !SyncConflictView.TakenBy(row).Contains(sent.Decision)) skipped.Add(row.Id);
                else await syncs.DecideAsync(caller, name, row, sent.Decision, null, cancellation);
            }
            catch (SyncRefusedException e) when (e.Word == "conflict_changed")
            {
                skipped.Add(row.Id);
            }
        }

        return new((sent.Ids?.Distinct().Count() ?? rows.Count) - skipped.Count, [.. skipped.Order()]);
    }

    /// <summary>The sync's fields as they were found, by their ids.</summary>
    public static Dictionary<string, FieldMap> FieldsOf(SyncRecord sync) => sync.Map is not { } map ? []
        : StoredMap.Read(map).Fields.ToDictionary(field => field.FieldId, StringComparer.Ordinal);

    private async Task<List<ConflictRow>> RowsAsync(SyncRecord sync, DecideConflicts sent, CancellationToken cancellation)
    {
        if (sent.Ids is { } ids)
            return await database.ReadAsync(sql => ConflictPages.OfAsync(sql, database.Dialect, sync.Id, ids), cancellation);
        var fields = FieldsOf(sync).Values;
        var field = fields.FirstOrDefault(field => field.Field == sent.Field || field.FieldId == sent.Field)
            ?? throw RequestRefusedException.Impossible(MapProblem.NoField, "/field",
                SyncRefusals.Near(SyncRestTexts.NoFieldOfSync(sent.Field!), sent.Field!, [.. fields.Select(one => one.Field)]));
        return await database.ReadAsync(
            sql => ConflictPages.OfFieldAsync(sql, sync.Id, field.FieldId, DecideConflicts.Most), cancellation);
    }

    private static void Demand(ConflictRow row, string decision)
    {
        var takes = SyncConflictView.TakenBy(row);
        if (!takes.Contains(decision))
            throw RequestRefusedException.Impossible("bad_value", "/decision",
                SyncRefusals.Near(SyncRestTexts.NotOfThis(string.Join(", ", takes)), decision, takes, onlyNear: true));
    }

    private async Task<IResult> ListAsync(KeyGrant caller, string name, string? state, SyncPage page, CancellationToken cancellation)
    {
        var sync = await reach.KnownAsync(caller, name, change: false, cancellation);
        if (state is not (null or "open" or "decided"))
            throw RequestRefusedException.Malformed("bad_state", "?state", "There are: open, decided.");
        var (fields, size, before) = (FieldsOf(sync), page.Size(), page.After() ?? long.MaxValue);
        var rows = await database.ReadAsync(sql => ConflictPages.PageAsync(sql, sync.Id, state, before, size + 1), cancellation);
        return TypedResults.Ok(new SyncConflictListView(
            [.. rows.Take(size).Select(row => SyncConflictView.Of(row, fields))], page.Next(rows, row => row.Id)));
    }

    private async Task<IResult> DecideAsync(Body<DecideConflict> body, string name, long id, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        return TypedResults.Ok(await DecideAsync(Caller.Grant(body.Http), name, id, sent, body.Names("value"), cancellation));
    }

    private async Task<IResult> DecideAsync(Body<DecideConflicts> body, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await DecideAsync(Caller.Grant(body.Http), name, await body.ReadAsync(cancellation), cancellation));
}
