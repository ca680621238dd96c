using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Documents;
using Larkspur.Gateway.Documents;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Documents;

/// <summary>What a reading says, and how much of it.</summary>
public sealed class ReadingTests
{
    [Fact]
    public async Task The_company_s_link_opens_a_document_and_it_reads_as_Markdown()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var read = await fixture.ReadAsync(SeededDocuments.TravelPolicy, DocumentFixture.Who("bob"));
        Assert.Equal((DocumentOutcome.Read, "差旅报销制度", false), (read.Outcome, read.Title, read.IsCut));
        Assert.Equal("""
            # 适用范围

            本制度适用于全体员工因公出差的费用报销。

            # 标准

            | 城市 | 住宿上限（元/晚） | 餐补（元/天） |
            | --- | --- | --- |
            | 北京、上海、深圳 | 650 | 120 |
            | 其他省会城市 | 450 | 100 |
            | 其他城市 | 350 | 80 |

            # 流程

            1. 出差前在飞书提交出差申请
            2. 返回后 10 个工作日内提交报销单
            3. 财务部在 5 个工作日内付款

            > 超标部分须由部门负责人说明原因。
            """.ReplaceLineEndings("\n"), read.Text);
    }

    [Fact]
    public async Task What_is_too_long_is_cut_and_said_so()
    {
        await using var fixture = await DocumentFixture.StartAsync(settings: new() { ["Larkspur:Documents:MaxPages"] = "2" });
        var token = await fixture.SeedAsync(new { link_share = "tenant_readable" }, string.Join('\n', Enumerable.Range(0, 700).Select(i => $"{i:000} {new string('字', 96)}")));
        var read = await fixture.ReadAsync(token, DocumentFixture.Who("bob"));
        Assert.Equal((DocumentOutcome.Read, true, 30_000), (read.Outcome, read.IsCut, read.Text!.Length));
        Assert.StartsWith("000 字", read.Text, StringComparison.Ordinal);
        // Nobody asked for a page that would have been cut.
        Assert.Equal(1, await fixture.CallsAsync($"{token}/blocks?"));

        var lines = await fixture.SeedAsync(new { link_share = "tenant_readable" }, string.Join('\n', Enumerable.Range(0, 1_500).Select(i => $"{i:0000}")));
        read = await fixture.ReadAsync(lines, DocumentFixture.Who("bob"));
        Assert.True(read.IsCut);
        Assert.Contains("0997", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("1001", read.Text, StringComparison.Ordinal);
        Assert.Equal(2, await fixture.CallsAsync($"{lines}/blocks?"));

        var short_ = await fixture.SeedAsync(new { link_share = "tenant_readable" }, string.Join('\n', Enumerable.Range(0, 600).Select(i => $"{i:000}")));
        read = await fixture.ReadAsync(short_, DocumentFixture.Who("bob"));
        Assert.False(read.IsCut);
        Assert.EndsWith("599", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_not_of_this_kind_or_too_large_says_so()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        Assert.Equal(DocumentOutcome.NotFound, await fixture.OutcomeAsync("DoxcNothingHereAtAllMica0001", "alice"));
        Assert.Equal(DocumentOutcome.NotFound, await fixture.OutcomeAsync("WikiNothingHereAtAllMica0001", "alice", DocumentKind.Wiki));
        await fixture.Emulator.ControlAsync(HttpMethod.Patch, "documents/" + SeededDocuments.PurchasePlan, new { deleted = true });
        Assert.Equal(DocumentOutcome.NotFound, await fixture.OutcomeAsync(SeededDocuments.PurchasePlan, "bob"));
        Assert.Equal(DocumentOutcome.Unsupported, await fixture.OutcomeAsync(SeededDocuments.BudgetNode, "carol", DocumentKind.Wiki));

        var huge = await fixture.SeedAsync(new { link_share = "tenant_readable" }, string.Join('\n', Enumerable.Repeat(new string('x', 60_000), 180)));
        Assert.Equal(DocumentOutcome.TooLarge, await fixture.OutcomeAsync(huge, "bob"));
    }

    [Fact]
    public async Task A_platform_that_does_not_answer_is_no_exception_and_is_asked_again()
    {
        await using var fixture = await DocumentFixture.StartAsync(settings: new() { ["Larkspur:Documents:ReadTimeout"] = "00:00:05" });
        await fixture.FaultAsync(new { path = "/open-apis/drive/*", delay_ms = 600_000, count = 1 });
        Assert.Equal(DocumentOutcome.Unavailable, await fixture.OutcomeAsync(SeededDocuments.TravelPolicy, "bob"));
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(SeededDocuments.TravelPolicy, "bob"));
    }

    [Fact]
    public async Task A_reading_is_remembered_for_a_minute_and_for_one_person_alone()
    {
        var clock = new ShiftingClock();
        await using var fixture = await DocumentFixture.StartAsync(clock);
        var readings = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => fixture.ReadAsync(SeededDocuments.Salary, DocumentFixture.Who("alice"))));
        Assert.All(readings, r => Assert.Equal("薪资说明（艾丽丝）", r.Title));
        Assert.Equal(1, await fixture.CallsAsync($"{SeededDocuments.Salary}/blocks?"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(SeededDocuments.Salary, "bob"));

        // Given to Bob, it is his as soon as the refusal is forgotten; taken away, it is not his any more by the same time.
        await fixture.Emulator.ControlAsync(HttpMethod.Patch, "documents/" + SeededDocuments.Salary, new { people = (string[])["bob"] });
        clock.Shift(TimeSpan.FromSeconds(61));
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(SeededDocuments.Salary, "bob"));
        await fixture.Emulator.ControlAsync(HttpMethod.Patch, "documents/" + SeededDocuments.Salary, new { people = Array.Empty<string>() });
        clock.Shift(TimeSpan.FromSeconds(61));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(SeededDocuments.Salary, "bob"));
    }
}
