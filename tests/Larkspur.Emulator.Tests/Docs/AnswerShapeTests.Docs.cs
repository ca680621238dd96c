using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Tests;

public sealed partial class AnswerShapeTests
{
    private async Task DocumentsAsync()
    {
        const string docs = "/open-apis/docx/v1/documents", drive = "/open-apis/drive/";
        var made = (await CheckAsync("docx.v1.document.create", HttpMethod.Post, docs, new { title = "t" }))["data"]!["document"]!["document_id"]!.GetValue<string>();
        var line = new { elements = new[] { new { text_run = new { content = "x", text_element_style = new { bold = true, link = new { url = "https%3A%2F%2Fmica.example%2F" } } } } } };
        await CheckAsync("docx.v1.document.block.children.create", HttpMethod.Post, $"{docs}/{made}/blocks/{made}/children",
            new { children = new object[] { new { block_type = 3, heading1 = line }, new { block_type = 31, table = new { property = new { row_size = 2, column_size = 2 } } } } });
        await CheckAsync("docx.v1.document.block.descendant.create", HttpMethod.Post, $"{docs}/{made}/blocks/{made}/descendant", new
        {
            children_id = new[] { "a" },
            descendants = new object[] { new { block_id = "a", block_type = 34, quote_container = new { }, children = new[] { "b" } }, new { block_id = "b", block_type = 14, code = line, children = Array.Empty<string>() } },
        });
        await CheckAsync("docx.v1.document.get", HttpMethod.Get, $"{docs}/{made}");
        await CheckAsync("docx.v1.document.raw_content", HttpMethod.Get, $"{docs}/{made}/raw_content");
        await CheckAsync("docx.v1.document.block.list", HttpMethod.Get, $"{docs}/{made}/blocks?page_size=3");
        await CheckAsync("docx.v1.document.block.get", HttpMethod.Get, $"{docs}/{made}/blocks/{made}");
        await CheckAsync("docx.v1.document.block.children.get", HttpMethod.Get, $"{docs}/{made}/blocks/{made}/children?with_descendants=true");
        await CheckAsync("drive.v1.permission.member.create", HttpMethod.Post, $"{drive}v1/permissions/{made}/members?type=docx",
            new { member_type = "openid", member_id = WireIds.OpenId(Larkspur.Testing.EmulatorApp.AppId, "alice"), perm = "full_access" });
        await CheckAsync("drive.v1.permission.member.list", HttpMethod.Get, $"{drive}v1/permissions/{SeededDocuments.HandbookNode}/members?type=wiki&fields=type");
        await CheckAsync("drive.v2.permission.public.get", HttpMethod.Get, $"{drive}v2/permissions/{made}/public?type=docx");
        await CheckAsync("drive.v1.meta.batch_query", HttpMethod.Post, drive + "v1/metas/batch_query",
            new { request_docs = new[] { new { doc_token = made, doc_type = "docx" }, new { doc_token = "none", doc_type = "docx" } }, with_url = true });
        await CheckAsync("wiki.v2.space.get_node", HttpMethod.Get, "/open-apis/wiki/v2/spaces/get_node?token=" + SeededDocuments.HandbookNode);
        await CheckAsync("wiki.v2.space.get", HttpMethod.Get, "/open-apis/wiki/v2/spaces/" + SeededDocuments.FinanceSpace);
        await CheckAsync("wiki.v2.space.member.list", HttpMethod.Get, $"/open-apis/wiki/v2/spaces/{SeededDocuments.FinanceSpace}/members");
    }
}
