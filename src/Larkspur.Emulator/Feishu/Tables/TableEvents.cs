using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.Feishu.Tables.Fields;
using Larkspur.Emulator.State.Documents;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>Tells apps that subscribed to a base, and own or manage it, what changed there; what they wrote themselves too.</summary>
/// <remarks>
/// One event for each table and write, however many rows; <c>drive.file.edit_v1</c> goes once before those of a write. That events
/// come so, and which fields they list, is UNVERIFIED. Formulas and the other computed fields are in none.
/// Source: drive-v1/file/events/bitable_record_changed, …/bitable_field_changed.
/// </remarks>
internal sealed class TableEvents(EmulatorState state, CurrentTableRules rules, FileSubscriptions subscriptions, EventPusher pusher)
{
    private const string Records = "drive.file.bitable_record_changed_v1";
    private const string Fields = "drive.file.bitable_field_changed_v1";
    private const string Edited = "drive.file.edit_v1";

    public void Tell(TableBase before, TableBase after, TableEdit edit)
    {
        if (state.Document(after.AppToken) is not { } document) return;
        var rows = edit.Rows.Concat(Renamed(edit, after)).GroupBy(r => r.TableId).ToArray();
        var fields = edit.Fields.GroupBy(f => f.TableId).ToArray();
        if (rows.Length + fields.Length == 0) return;
        foreach (var (app, people) in Listeners(document))
        {
            Publish(app, Edited, new JsonObject
            {
                ["file_type"] = "bitable", ["file_token"] = after.AppToken,
                ["operator_id_list"] = new JsonArray(Ids(app, edit.OperatorId)), ["subscriber_id_list"] = Subscribers(app, people),
            });
            foreach (var changes in fields)
                Publish(app, Fields, Body(app, people, after, edit, changes.Key, new JsonArray([.. changes.Select(FieldAction)])));
            foreach (var changes in rows)
            {
                var table = after.Table(changes.Key) ?? before.Table(changes.Key)!;
                var actions = changes.Select(c => RecordAction(new CellEvent(state, app, table), c)).OfType<JsonNode>();
                Publish(app, Records, Body(app, people, after, edit, changes.Key, [.. actions]));
            }
        }
    }

    private IEnumerable<(BotApp App, string[] People)> Listeners(CloudDocument document) =>
        subscriptions.Of(document.Token).Where(s => DocumentRights.Of(state, document, s.PersonId ?? s.AppId) == "full_access")
            .GroupBy(s => s.AppId).Select(g => (state.App(g.Key), g.Select(s => s.PersonId).OfType<string>().ToArray()))
            .Where(l => l.Item1 is not null).Select(l => (l.Item1!, l.Item2));

    private JsonObject Body(BotApp app, string[] people, TableBase after, TableEdit edit, string tableId, JsonArray actions) => new()
    {
        ["file_type"] = "bitable", ["file_token"] = after.AppToken, ["table_id"] = tableId,
        ["revision"] = after.Table(tableId)?.Revision ?? 0, ["operator_id"] = Ids(app, edit.OperatorId), ["action_list"] = actions,
        ["subscriber_id_list"] = Subscribers(app, people), ["update_time"] = state.Clock.GetUtcNow().ToUnixTimeSeconds(),
    };

    private JsonArray Subscribers(BotApp app, string[] people) => new([.. people.Select(p => (JsonNode)Ids(app, p))]);

    /// <summary>For what an app did by itself: its bot's <c>open_id</c>, or nothing.</summary>
    private JsonObject Ids(BotApp app, string personOrAppId)
    {
        if (state.Person(personOrAppId) is not { } person)
            return new JsonObject { ["open_id"] = rules.Now.TenantOperator == "bot" ? state.App(personOrAppId)?.BotOpenId ?? "" : "" };
        var ids = new JsonObject { ["union_id"] = person.UnionId, ["open_id"] = WireIds.OpenId(app.AppId, person.UserId) };
        if (app.IsGranted("contact:user.employee_id:readonly")) ids["user_id"] = person.PresentUserId;
        return ids;
    }

    private static JsonNode FieldAction(FieldChange change)
    {
        var action = new JsonObject
        {
            ["action"] = change.Before is null ? "field_added" : change.After is null ? "field_deleted" : "field_edited",
            ["field_id"] = (change.After ?? change.Before)!.FieldId,
        };
        if (change.Before is { } before) action["before_value"] = FieldView.InEvent(before);
        if (change.After is { } after) action["after_value"] = FieldView.InEvent(after);
        return action;
    }

    private JsonObject? RecordAction(CellEvent cells, RowChange change)
    {
        var action = new JsonObject
        {
            ["record_id"] = change.RecordId,
            ["action"] = change.Before is null ? "record_added" : change.After is null ? "record_deleted" : "record_edited",
        };
        var all = rules.Now.EventsListAllFields || change.Before is null || change.After is null;
        if (change.Before is { } before) action["before_value"] = cells.Values(before, change.After, all);
        if (change.After is { } after) action["after_value"] = cells.Values(after, change.Before, all);
        return action;
    }

    /// <summary>By the rules: the rows that hold an option whose name changed.</summary>
    private IEnumerable<RowChange> Renamed(TableEdit edit, TableBase after)
    {
        if (!rules.Now.OptionRenameEditsRows) return [];
        var told = edit.Rows.Select(r => (r.TableId, r.RecordId)).ToHashSet();
        return edit.Fields.Where(f => f is { Before: not null, After: not null }).SelectMany(f =>
        {
            var renamed = f.After!.Options.Where(o => f.Before!.Option(o.Id) is { } old
                && old.Name != o.Name).Select(o => o.Id).ToHashSet();
            return (after.Table(f.TableId)?.Records ?? [])
                .Where(r => r.Cells.GetValueOrDefault(f.After.FieldId) is IdsCell ids && ids.Ids.Any(renamed.Contains))
                .Where(r => told.Add((f.TableId, r.RecordId))).Select(r => new RowChange(f.TableId, r.RecordId, r, r));
        });
    }

    private void Publish(BotApp app, string type, JsonObject body)
    {
        if (EventScopes.Allow(app, type)) pusher.Publish(app, type, body, "tables/" + app.AppId);
    }
}
