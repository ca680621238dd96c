using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Tables;
using Larkspur.Emulator.Tests.Im;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Words for what tables need. The clock stands at 2026-01-05 09:00 UTC, 17:00 in Shanghai.</summary>
public abstract class TableTest : ImTest
{
    protected const string Apps = "/open-apis/bitable/v1/apps";
    protected const string Ledger = $"{Apps}/{SeededTables.Ledger}";

    protected static readonly string Orders = $"{Ledger}/tables/{SeededTables.Orders}";
    protected static readonly string Records = Orders + "/records";

    protected static string Open(string who) => WireIds.OpenId(EmulatorApp.AppId, who);

    /// <summary>A successful answer's data.</summary>
    protected async Task<JsonObject> DataAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        var reply = await CallAsync(method, path, body, token);
        Assert.True(reply is { Status: 200, Code: 0 }, $"{method} {path}: {reply.Status} {reply.Json.ToJsonString()}");
        return reply.Data.AsObject();
    }

    protected Task<JsonObject> PostAsync(string path, object body, string? token = null) => DataAsync(HttpMethod.Post, path, body, token);

    protected async Task<(int Status, long Code)> CodeAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        var reply = await CallAsync(method, path, body, token);
        return (reply.Status, reply.Code);
    }

    protected Task<(int Status, long Code)> RefusedAsync(object fields) => CodeAsync(HttpMethod.Post, Records, new { fields });

    /// <summary>A new field of the orders.</summary>
    /// <returns>Its id.</returns>
    protected async Task<string> FieldAsync(string name, int type, object? property = null, string? ui = null, string? table = null)
    {
        var made = await PostAsync((table ?? Orders) + "/fields", new { field_name = name, type, ui_type = ui, property });
        return made["field"]!["field_id"]!.GetValue<string>();
    }

    protected async Task<string> RowAsync(object fields, string? table = null) =>
        (await PostAsync((table ?? Orders) + "/records", new { fields }))["record"]!["record_id"]!.GetValue<string>();

    protected async Task<JsonObject> FieldsOfAsync(string recordId, string? table = null)
    {
        var found = await PostAsync((table ?? Orders) + "/records/batch_get", new { record_ids = new[] { recordId } });
        return found["records"]![0]!["fields"]!.AsObject();
    }

    protected async Task<JsonObject> OldFieldsOfAsync(string recordId, string query = "") =>
        (await DataAsync(HttpMethod.Get, $"{Records}/{recordId}?{query}"))["record"]!["fields"]!.AsObject();

    /// <summary>The order numbers of the rows that a search finds.</summary>
    protected async Task<string[]> FindAsync(object body, string query = "page_size=500")
    {
        var found = await PostAsync($"{Records}/search?{query}", body);
        return [.. found["items"]!.AsArray().Select(r => r!["fields"]![SeededTables.OrderNo]?[0]!["text"]!.GetValue<string>() ?? "")];
    }

    protected static object Where(string field, string op, params string[] value) =>
        new { filter = new { conjunction = "and", conditions = new[] { new { field_name = field, @operator = op, value } } } };

    protected async Task<long> RevisionAsync() =>
        (await DataAsync(HttpMethod.Get, Ledger + "/tables"))["items"]![0]!["revision"]!.GetValue<long>();

    protected Task<JsonObject> RulesAsync(object rules) => Emulator.ControlAsync(HttpMethod.Post, "tables/rules", rules);

    protected Task<JsonObject> EditAsync(object edit) => Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", edit);

    protected static string Numbered(params int[] numbers) => string.Join(' ', numbers.Select(n => $"PO-2026-{n:000}"));
}
