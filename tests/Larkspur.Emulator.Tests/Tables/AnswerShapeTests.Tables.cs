using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests;

public sealed partial class AnswerShapeTests
{
    private async Task TablesAsync()
    {
        const string id = "bitable.v1.app.", apps = "/open-apis/bitable/v1/apps", ledger = $"{apps}/{SeededTables.Ledger}",
            drive = "drive.v1.file.";
        await CheckAsync(id + "create", HttpMethod.Post, apps, new { name = "Base" });
        await CheckAsync(id + "get", HttpMethod.Get, ledger);
        await CheckAsync(id + "update", HttpMethod.Put, ledger, new { name = "Ledger" });
        await CheckAsync(id + "copy", HttpMethod.Post, ledger + "/copy", new { name = "Copy" });
        foreach (var (call, method) in ((string, HttpMethod)[])[("subscribe", HttpMethod.Post), ("get_subscribe", HttpMethod.Get),
            ("delete_subscribe", HttpMethod.Delete)])
            await CheckAsync(drive + call, method, $"/open-apis/drive/v1/files/{SeededTables.Ledger}/{call}?file_type=bitable");

        await CheckAsync(id + "table.list", HttpMethod.Get, ledger + "/tables");
        var made = await CheckAsync(id + "table.create", HttpMethod.Post, ledger + "/tables", new { table = new { name = "T" } });
        var more = await CheckAsync(id + "table.batch_create", HttpMethod.Post, ledger + "/tables/batch_create",
            new { tables = new[] { new { name = "U" } } });
        var table = $"{ledger}/tables/{made["data"]!["table_id"]!.GetValue<string>()}";
        await CheckAsync(id + "table.patch", HttpMethod.Patch, table, new { name = "V" });

        var option = new { options = new[] { new { name = "a", color = 1 } } };
        var field = await CheckAsync(id + "table.field.create", HttpMethod.Post, table + "/fields",
            new { field_name = "Kind", type = 3, property = option, description = new { text = "what it is" } });
        var path = $"{table}/fields/{field["data"]!["field"]!["field_id"]!.GetValue<string>()}";
        await CheckAsync(id + "table.field.list", HttpMethod.Get, table + "/fields?text_field_as_array=true");
        await CheckAsync(id + "table.field.update", HttpMethod.Put, path, new { field_name = "Sort", type = 3, property = option });
        await CheckAsync(id + "table.field.delete", HttpMethod.Delete, path);

        var view = await CheckAsync(id + "table.view.create", HttpMethod.Post, table + "/views", new { view_name = "W" });
        path = $"{table}/views/{view["data"]!["view"]!["view_id"]!.GetValue<string>()}";
        var condition = new { field_id = made["data"]!["field_id_list"]![0]!.GetValue<string>(), @operator = "is", value = "[\"x\"]" };
        await CheckAsync(id + "table.view.patch", HttpMethod.Patch, path,
            new { property = new { filter_info = new { conjunction = "and", conditions = new[] { condition } } } });
        await CheckAsync(id + "table.view.get", HttpMethod.Get, path);
        await CheckAsync(id + "table.view.list", HttpMethod.Get, table + "/views");
        await CheckAsync(id + "table.view.delete", HttpMethod.Delete, path);
        await RecordsAsync(table, id + "table.record.");
        await CheckAsync(id + "table.batch_delete", HttpMethod.Post, ledger + "/tables/batch_delete",
            new { table_ids = more["data"]!["table_ids"] });
        await CheckAsync(id + "table.delete", HttpMethod.Delete, table);
    }

    private async Task RecordsAsync(string table, string id)
    {
        var (records, fields) = (table + "/records", new JsonObject { ["文本"] = "x" });
        var made = await CheckAsync(id + "create", HttpMethod.Post, records, new { fields });
        var record = made["data"]!["record"]!["record_id"]!.GetValue<string>();
        var batch = await CheckAsync(id + "batch_create", HttpMethod.Post, records + "/batch_create",
            new { records = new[] { new { fields } } });
        var other = batch["data"]!["records"]![0]!["record_id"]!.GetValue<string>();
        await CheckAsync(id + "update", HttpMethod.Put, $"{records}/{record}", new { fields });
        await CheckAsync(id + "batch_update", HttpMethod.Post, records + "/batch_update",
            new { records = new[] { new { record_id = other, fields } } });
        await CheckAsync(id + "get", HttpMethod.Get, $"{records}/{record}?automatic_fields=true");
        await CheckAsync(id + "list", HttpMethod.Get, records + "?automatic_fields=true&page_size=1");
        await CheckAsync(id + "search", HttpMethod.Post, records + "/search?page_size=1", new { automatic_fields = true });
        await CheckAsync(id + "batch_get", HttpMethod.Post, records + "/batch_get",
            new { record_ids = new[] { record, "recNone" }, automatic_fields = true, with_shared_url = true });
        await CheckAsync(id + "delete", HttpMethod.Delete, $"{records}/{record}");
        await CheckAsync(id + "batch_delete", HttpMethod.Post, records + "/batch_delete", new { records = new[] { other } });
    }
}
