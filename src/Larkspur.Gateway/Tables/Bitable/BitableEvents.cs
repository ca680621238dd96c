using System.Text.Json;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>
/// Events that say that something of a table changed. Each is a hint: rows are read before anything is done. What they tell of a value
/// before is taken for one thing only, to find edits that were overwritten in the moment in which they were made.
/// </summary>
internal sealed partial class BitableEvents(IDatabase database, WatchedTables tables, BitableOpener opener, SyncSignal signal,
    TimeProvider clock,
    ILogger<BitableEvents> logger)
{
    public const string Records = "drive.file.bitable_record_changed_v1";
    public const string Fields = "drive.file.bitable_field_changed_v1";

    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        using var json = JsonDocument.Parse(context.Event.Payload);
        var (app, token, table) = (context.Event.App, Text(json.RootElement, "file_token"), Text(json.RootElement, "table_id"));
        if (token is null || table is null) return new Reaction(_ => ValueTask.FromResult(Outcome.Answered));
        var ofFields = context.Event.EventType == Fields;
        var syncs = await SyncsAsync(app, token, table, cancellation);
        if (syncs.Count == 0) return new Reaction(_ => ValueTask.FromResult(Outcome.Answered));
        var actions = json.RootElement.TryGetProperty("action_list", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToList() : [];
        if (ofFields) tables.Known(app, token, table)?.Forget();
        var known = await FieldsAsync(app, token, table, syncs[0], cancellation);
        var records = actions.Select(action => Text(action, "record_id")).OfType<string>().Distinct().ToList();
        var told = syncs.ToDictionary(sync => sync.Id, sync => known.Fields is null || sync.Map is null ? []
            : Told(sync, actions, known.Fields, known.Zone));
        return new Reaction(async effects =>
        {
            await HeardEvents.NoteAsync(effects.Unit, app, token, ofFields, clock.GetUtcNow());
            foreach (var sync in syncs)
            {
                if (ofFields) await SyncProgress.AskScanAsync(effects.Unit, sync.Id, "fields");
                await HintStore.AddAsync(effects.Unit, database.Dialect, sync.Id, SideName.Table, records);
                if (told[sync.Id] is { Count: > 0 } changes)
                    await OverwrittenEdits.ToldAsync(effects.Unit, database.Dialect, sync.Id, changes, clock.GetUtcNow());
            }

            effects.Unit.AfterCommit(signal.Wake);
            return Outcome.Answered;
        });
    }

    /// <summary>What the values of an event mean. The table may be another process's to synchronise: it is opened here too.</summary>
    private async Task<(TableFields? Fields, TimeZoneInfo Zone)> FieldsAsync(
        string app, string token, string table, SyncRecord sync, CancellationToken cancellation)
    {
        try
        {
            var watched = tables.Known(app, token, table) ?? await opener.FindAsync(sync.Owner, sync.Spec.Table, cancellation);
            if (watched.Table.Id != table) return (null, TimeZoneInfo.Utc);
            return (await watched.Table.GetFieldsAsync(cancellationToken: cancellation),
                await watched.Table.Base.GetTimeZoneAsync(cancellation));
        }
        catch (Exception e) when (e is SideAwayException or SideStoppedException || BitableFailures.IsKnown(e))
        {
            // The hints count all the same; only whether an edit was overtaken is not seen.
            NotUnderstood(table, e.Message);
            return (null, TimeZoneInfo.Utc);
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "What an event tells of table {Table} cannot be understood ({Reason}); its rows are looked at all the same")]
    private partial void NotUnderstood(string table, string reason);

    /// <summary>Syncs of this table. There are few, and their specs name bases: those that are opened to their owner, as when they are
    /// read.</summary>
    private Task<List<SyncRecord>> SyncsAsync(string app, string token, string table, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            var bases = (await BaseStore.AllAsync(sql)).Where(row => row.App == app && row.AppToken == token).ToList();
            if (bases.Count == 0) return [];
            return (await SyncRecord.AllAsync(sql)).Where(sync => bases.Any(row => row.Name == sync.Spec.Table.Base
                && (sync.Owner.Length == 0 || row.Owner == sync.Owner)) && IsOf(sync, app, token, table)).ToList();
        }, cancellation);

    /// <summary>By its id. A name that this process has not opened yet may be this table's: a hint too many costs a look.</summary>
    private bool IsOf(SyncRecord sync, string app, string token, string table) =>
        sync.Spec.Table.Table == table || (!sync.Spec.Table.Table.StartsWith("tbl", StringComparison.Ordinal)
            && (tables.IdOf(app, token, sync.Spec.Table.Table) ?? table) == table);

    /// <summary>Edits of fields that the sync writes, in canonical values. What cannot be read is left out: it was a hint anyway.</summary>
    private static List<ToldChange> Told(SyncRecord sync, List<JsonElement> actions, TableFields fields, TimeZoneInfo zone)
    {
        var map = new RowMap(StoredMap.Read(sync.Map!).Fields);
        var values = new CellValues(map, zone);
        var told = new List<ToldChange>();
        foreach (var action in actions.Where(action => Text(action, "action") == "record_edited"))
        {
            var before = Values(action, "before_value");
            foreach (var (id, after) in Values(action, "after_value"))
            {
                if (map.Fields.FirstOrDefault(mapped => mapped.FieldId == id) is not { } mapped
                    || fields.ById(id) is not { } known) continue;
                if (Read(values, mapped, known, before.GetValueOrDefault(id)) is { } was
                    && Read(values, mapped, known, after) is { } became)
                    told.Add(new(Text(action, "record_id")!, id, was.Value, became.Value));
            }
        }

        return told;
    }

    private static Dictionary<string, JsonElement> Values(JsonElement action, string member) =>
        action.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(value => Text(value, "field_id") is not null)
                .DistinctBy(value => Text(value, "field_id")).ToDictionary(value => Text(value, "field_id")!)
            : [];

    private static ReadValue? Read(CellValues values, FieldMap mapped, TableField known, JsonElement told)
    {
        var text = told.ValueKind == JsonValueKind.Object ? Text(told, "field_value") : null;
        var identity = told.ValueKind == JsonValueKind.Object && told.TryGetProperty("field_identity_value", out var who) ? who : default;
        var cell = EventCellReader.Read(known, text, identity, "user_id");
        if (cell.IsEmpty) return new(Gateway.Syncs.Values.Canonical.Nothing(mapped.Kind));
        return values.Value(mapped.Kind, cell) is { } value ? new(value) : null;
    }

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private sealed record ReadValue(string? Value);
}
