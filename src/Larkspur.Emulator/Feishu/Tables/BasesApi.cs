using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>Bases as a whole. Source: bitable-v1/app/create, get, update, copy.</summary>
/// <remarks>
/// Folders are not played (1254702). UNVERIFIED: a new base's table has one field of text and five empty rows; a copy keeps the ids inside.
/// A copy of more than 50,000 rows holds none, and none holds what is hidden from who makes it.
/// </remarks>
internal sealed class BasesApi(EmulatorState state, TableWrites writes, CurrentTableRules rules) : IApiArea
{
    private const int MostCopied = 50_000;
    private const int LongestName = 255;

    public void Register(ApiHandlers on)
    {
        on.Add("bitable.v1.app.create", Create);
        on.Add("bitable.v1.app.get", Get);
        on.Add("bitable.v1.app.update", Update);
        on.Add("bitable.v1.app.copy", Copy);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var empty = new TableBase { AppToken = NewToken(), Name = Name(request) ?? "未命名多维表格", TimeZone = Zone(request) ?? "Asia/Shanghai" };
        var edit = new TableEdit(state, empty, rules.Now, TableAccess.Caller(request),
            code => request.Refuse(code));
        var table = TablesApi.Plain(edit, "数据表");
        edit.Put(empty.With(table));
        for (var row = 0; row < 5; row++) edit.Add(table.TableId, ImmutableDictionary<string, Cell>.Empty);
        var made = edit.Done() with { Revision = 1 };
        Keep(request, made.With(made.Table(table.TableId)! with { Revision = 1 }));
        var shown = Made(request, made);
        shown["default_table_id"] = table.TableId;
        return FeishuAnswer.Data(new JsonObject { ["app"] = shown });
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var found = TableAccess.Base(state, request);
        return FeishuAnswer.Data(new JsonObject
        {
            ["app"] = new JsonObject
            {
                ["app_token"] = found.AppToken, ["name"] = found.Name, ["revision"] = found.Revision, ["is_advanced"] = found.IsAdvanced,
                ["time_zone"] = found.TimeZone, ["formula_type"] = 1, ["advance_version"] = "v2",
            },
        });
    }

    private ApiAnswer Update(ApiRequest request)
    {
        TableAccess.Base(state, request, write: true);
        var name = Name(request);
        var changed = writes.Change(request, edit =>
        {
            var advanced = request.Body["is_advanced"] is JsonValue v ? v.GetValue<bool>() : edit.Base.IsAdvanced;
            if ((name ?? edit.Base.Name) != edit.Base.Name || advanced != edit.Base.IsAdvanced)
                edit.Put(edit.Base with { Name = name ?? edit.Base.Name, IsAdvanced = advanced });
            return edit.Base;
        });
        return FeishuAnswer.Data(new JsonObject
        {
            ["app"] = new JsonObject
            {
                ["app_token"] = changed.AppToken, ["name"] = changed.Name, ["is_advanced"] = changed.IsAdvanced,
                ["time_zone"] = changed.TimeZone,
            },
        });
    }

    private ApiAnswer Copy(ApiRequest request)
    {
        var origin = TableAccess.Base(state, request);
        var bare = request.Flag("without_content") || origin.Tables.Sum(t => t.Count) > MostCopied;
        var caller = TableAccess.Caller(request);
        DataTable Copied(DataTable of) =>
            of.Without([.. of.Records.Select(r => r.RecordId).Where(id => bare || origin.Hides(caller, id))]) with
            {
                Revision = 1, Deleted = [],
            };
        var made = origin with
        {
            AppToken = NewToken(), Name = Name(request) ?? origin.Name, TimeZone = Zone(request) ?? origin.TimeZone, Revision = 1,
            IsAdvanced = false, Hidden = ImmutableDictionary<string, ImmutableHashSet<string>>.Empty,
            Tables = [.. origin.Tables.Select(Copied)],
        };
        Keep(request, made);
        return FeishuAnswer.Data(new JsonObject { ["app"] = Made(request, made) });
    }

    private void Keep(ApiRequest request, TableBase made)
    {
        var document = CloudDocument.Empty(made.AppToken, made.Name, TableAccess.Caller(request),
            state.Clock.GetUtcNow()) with { Type = "bitable" };
        if (!state.Put(made, document)) throw request.Refuse(1254002);
    }

    private static JsonObject Made(ApiRequest request, TableBase made) => new()
    {
        ["app_token"] = made.AppToken, ["name"] = made.Name, ["folder_token"] = "",
        ["url"] = $"{request.Origin.Scheme}://{request.Origin.Host}/base/{made.AppToken}", ["time_zone"] = made.TimeZone,
    };

    private static string? Name(ApiRequest request)
    {
        if (request.Text("folder_token") is { Length: > 0 }) throw request.Refuse(1254702);
        var name = request.Text("name");
        return name is null || name.Length is > 0 and <= LongestName ? name : throw request.Refuse(1254031);
    }

    private static string? Zone(ApiRequest request)
    {
        if (request.Text("time_zone") is not { Length: > 0 } zone) return null;
        return zone == "Asia/Beijing" || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : throw request.Refuse(1254800);
    }

    private string NewToken() => state.Ids.Next("Bs")[..27];
}
