using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Gateway.Documents;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Documents;

/// <summary>An answer becomes a document: what stands in it, whose it is, and that there is one.</summary>
public sealed class SavingTests
{
    private const string Answer = """
        # 结论

        差旅**住宿**上限见 [制度](https://mica.feishu.cn/docx/x?a=1&b=2)，代码 `rate`，*约* ~~旧值~~。

        - 一线城市
          - 北京
          - 上海
        - 其他

        1. 申请
        2. 报销

        - [x] 已核对

        > 超标须说明

        ```csharp
        var x = 1;
        ```

        ---

        | 城市 | 上限 |
        | --- | --- |
        | 北京 | 650 |
        | 其他 | 350 |
        """;

    [Fact]
    public async Task A_saved_answer_looks_exactly_so_and_is_the_asker_s()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var saved = await SaveAsync(fixture, Answer, title: " 差旅\n标准 ");
        Assert.Equal("差旅 标准", saved.Title);
        Assert.Equal(new Uri(fixture.Emulator.BaseUrl, "/docx/" + saved.DocumentId).ToString(), saved.Address);

        var stored = Assert.Single(await fixture.StoredAsync(), d => d["token"]!.GetValue<string>() == saved.DocumentId);
        Assert.Equal(
            [
                "page 差旅 标准", "heading1 结论", "text 差旅住宿上限见 制度，代码 rate，约 旧值。", "bullet 一线城市", "bullet 北京", "bullet 上海", "bullet 其他", "ordered 申请", "ordered 报销", "todo 已核对",
                "quote_container ", "text 超标须说明", "code var x = 1;", "divider ", "table ", "table_cell ", "text 城市", "table_cell ", "text 上限", "table_cell ", "text 北京", "table_cell ", "text 650",
                "table_cell ", "text 其他", "table_cell ", "text 350",
            ], stored["blocks"]!.AsArray().Select(b => $"{b!["name"]} {b["text"]}"));
        Assert.Equal(["user alice full_access"], stored["members"]!.AsArray().Select(m => $"{m!["type"]} {m["id"]} {m["perm"]}"));

        // Read back it says the same, to her and to nobody else.
        var read = await fixture.ReadAsync(saved.DocumentId, DocumentFixture.Who("alice"));
        Assert.Equal(Answer.ReplaceLineEndings("\n"), read.Text);
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(saved.DocumentId, "bob"));
    }

    [Fact]
    public async Task Under_one_key_there_is_one_document()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var before = (await fixture.StoredAsync()).Length;
        var saved = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SaveAsync(fixture, Answer)));
        Assert.Single(saved.Distinct());
        Assert.Equal(saved[0], await SaveAsync(fixture, Answer));
        Assert.Equal(before + 1, (await fixture.StoredAsync()).Length);
        await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync(fixture, "another text"));
        Assert.NotEqual(saved[0].DocumentId, (await SaveAsync(fixture, Answer, key: "another")).DocumentId);
    }

    [Fact]
    public async Task What_broke_off_is_taken_up_and_nothing_stands_there_twice()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var before = (await fixture.StoredAsync()).Length;
        var text = string.Join("\n\n", Enumerable.Range(0, 120).Select(i => $"line {i:000}"));
        // The answer to the first call with blocks is lost after its effect, and the document cannot be given away at first.
        await fixture.FaultAsync(new { path = "*/descendant", drop = true, count = 1 });
        await fixture.FaultAsync(new { path = "*/permissions/*/members", status = 403, code = 1063002, count = 1 });
        await Assert.ThrowsAnyAsync<FeishuApiException>(() => SaveAsync(fixture, text));
        var saved = await SaveAsync(fixture, text);
        Assert.Equal(before + 1, (await fixture.StoredAsync()).Length);
        var read = await fixture.ReadAsync(saved.DocumentId, DocumentFixture.Who("alice"));
        Assert.Equal(text, read.Text);
        // 50 beside each other in a call: three, and one again.
        Assert.Equal(4, await fixture.CallsAsync("/descendant"));
    }

    [Fact]
    public async Task Long_and_wide_tables_and_deep_lists_are_saved()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var rows = string.Join('\n', Enumerable.Range(0, 300).Select(i => $"| {i} | b | c |"));
        var deep = string.Join('\n', Enumerable.Range(0, 14).Select(i => new string(' ', 2 * i) + "- level " + i));
        var wide = "|" + string.Concat(Enumerable.Range(0, 101).Select(i => $" c{i} |")) + "\n|" + string.Concat(Enumerable.Repeat(" --- |", 101)) + "\n|" + string.Concat(Enumerable.Repeat(" x |", 101));
        var saved = await SaveAsync(fixture, $"| n | x | y |\n| --- | --- | --- |\n{rows}\n\n{deep}\n\n{wide}");
        var read = (await fixture.ReadAsync(saved.DocumentId, DocumentFixture.Who("alice"))).Text!;
        Assert.All(Enumerable.Range(0, 300), i => Assert.Contains($"| {i} | b | c |", read, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(0, 14), i => Assert.Contains($"- level {i}", read, StringComparison.Ordinal));
        Assert.Contains("c99 | c100", read, StringComparison.Ordinal);
        // Each part of the table has its head.
        Assert.True(read.Split("| n | x | y |").Length > 2);
    }

    [Fact]
    public async Task What_cannot_be_saved_is_refused_before_anything_is_made()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var before = (await fixture.StoredAsync()).Length;
        await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync(fixture, "x", title: " \n"));
        await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync(fixture, new string('x', NewDocument.MaxLength + 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync(fixture, "x", key: ""));
        Assert.Equal(before, (await fixture.StoredAsync()).Length);
        // Markup and addresses that could run something stay text.
        var saved = await SaveAsync(fixture, "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://mica.example/p.png)", title: new string('长', 900));
        Assert.Equal(800, saved.Title.Length);
        var read = await fixture.ReadAsync(saved.DocumentId, DocumentFixture.Who("alice"));
        Assert.Equal("<script>alert(1)</script> x [p](https://mica.example/p.png)", read.Text);
    }

    private static Task<SavedDocument> SaveAsync(DocumentFixture fixture, string markdown, string title = "答复", string key = "om_1") =>
        fixture.Documents.SaveAsync(fixture.App, new NewDocument(title, markdown, DocumentFixture.OpenId("alice"), key), TestContext.Current.CancellationToken);
}
