using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Definitions;

public sealed class DraftTests : EmulatorTests
{
    public static ApprovalDraft Leave(string? code = null)
    {
        var draft = new ApprovalDraft(new("调休申请", "Time off")) { ApprovalCode = code, Description = "以加班换休息", Icon = 3, RefusedGoesBack = true, UndoWithin = TimeSpan.FromDays(1) };
        draft.Form
            .TextArea("why", new("事由", "Reason"), required: true)
            .Radio("kind", new("类型", "Kind"), true, ("k1", new("上午", "Morning")), ("k2", new("下午", "Afternoon")))
            .Amount("cost", new("费用", "Cost"), false, "CNY", "USD")
            .Table("days", new("明细", "Days"), false, t => t.Date("day", new("日期", "Day"), required: true).Number("hours", "小时"));
        draft.Step("boss", new("主管", "Boss"), ApprovalStepType.Any, ApprovalDecider.Named(Bob)).OwnRequest = ApprovalOwnRequest.Passes;
        draft.Step("free", "自选", ApprovalStepType.All, ApprovalDecider.ChosenBySubmitter);
        return draft;
    }

    [Fact]
    public async Task A_definition_is_made_and_read_in_both_languages()
    {
        string code = await Feishu.Approvals.Definitions.PutAsync(Leave(), cancellationToken: Stop);
        ApprovalDefinition chinese = await Feishu.Approvals.Definitions.GetAsync(code, cancellationToken: Stop);
        Assert.Equal(("调休申请", ApprovalDefinitionState.Active, "ACTIVE"), (chinese.Name, chinese.State, chinese.StateText));
        Assert.Equal(["事由", "类型", "费用", "明细"], chinese.Controls.Select(c => c.Name));
        Assert.Equal([("k1", "上午"), ("k2", "下午")], chinese.Find("kind")!.Options.Select(o => (o.Key, o.Text)));
        Assert.Equal(["CNY", "USD"], chinese.Find("费用")!.Currencies);
        Assert.Equal([ApprovalControlKind.Date, ApprovalControlKind.Number], chinese.Find("days")!.Children.Select(c => c.Kind));
        Assert.Equal([false, true], chinese.Nodes.Where(n => n.Name is "主管" or "自选").Select(n => n.NeedsApprover));

        ApprovalDefinition english = await Feishu.Approvals.Definitions.GetAsync(code, "en-US", cancellationToken: Stop);
        Assert.Equal(("Time off", "Morning"), (english.Name, english.Find("kind")!.Options[0].Text));

        ApprovalForm form = chinese.NewForm().SetText("why", "累").SetOption("类型", "下午").AddRow("明细", r => r.SetDate("day", new(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8))).SetNumber("hours", 4));
        string free = chinese.Nodes.Single(n => n.NeedsApprover).Id;
        string made = await Feishu.Approvals.Instances.CreateAsync(
            new(form, Alice) { Approvers = new Dictionary<string, IReadOnlyList<ApprovalPerson>> { [free] = [Carol] } }, cancellationToken: Stop);
        var rows = Assert.IsType<ApprovalRowsValue>((await GetAsync(made)).Form["days"]);
        Assert.Equal(new ApprovalNumberValue(4, null), Assert.Single(rows.Rows)["hours"]);
    }

    [Fact]
    public async Task A_definition_is_replaced_under_its_code()
    {
        string code = await Feishu.Approvals.Definitions.PutAsync(Leave(), cancellationToken: Stop);
        var other = new ApprovalDraft("换了") { ApprovalCode = code };
        other.Form.Input("only", "唯一");
        other.Step("boss", "主管", ApprovalStepType.All, ApprovalDecider.Named(Carol));
        Assert.Equal(code, await Feishu.Approvals.Definitions.PutAsync(other, cancellationToken: Stop));
        Assert.Equal(["唯一"], (await Feishu.Approvals.Definitions.GetAsync(code, cancellationToken: Stop)).Controls.Select(c => c.Name));
    }

    [Fact]
    public async Task Subscribing_twice_is_fine()
    {
        Assert.True(await Feishu.Approvals.Definitions.SubscribeAsync(Payment, cancellationToken: Stop));
        Assert.False(await Feishu.Approvals.Definitions.SubscribeAsync(Payment, cancellationToken: Stop));
        Assert.True(await Feishu.Approvals.Definitions.UnsubscribeAsync(Payment, cancellationToken: Stop));
        Assert.False(await Feishu.Approvals.Definitions.UnsubscribeAsync(Payment, cancellationToken: Stop));
        Assert.Equal(1390002, (await RefusedAsync(Feishu.Approvals.Definitions.SubscribeAsync("NO-SUCH", cancellationToken: Stop))).Code);
    }

    [Fact]
    public async Task Every_word_is_a_key_of_at_least_nine_characters_and_the_default_language_has_them_all()
    {
        await using Wire wire = await Wire.StartAsync();
        wire.Say("""{"approval_code":"A","approval_id":"1"}""");
        await wire.Client().Approvals.Definitions.PutAsync(Leave(), cancellationToken: Stop);
        JsonObject sent = wire.Calls.Single().Json;
        var words = sent["i18n_resources"]!.AsArray().Select(r => (Default: r!["is_default"]!.GetValue<bool>(), Keys: r["texts"]!.AsArray().Select(t => t!["key"]!.GetValue<string>()).ToHashSet())).ToArray();
        HashSet<string> every = [.. System.Text.RegularExpressions.Regex.Matches(wire.Calls.Single().Text, "@i18n@[a-z0-9]+").Select(m => m.Value)];
        Assert.All(every, k => Assert.InRange(k.Length, 9, 40));
        Assert.Equal(every, words.Single(w => w.Default).Keys);
        Assert.True(words.Single(w => !w.Default).Keys.IsProperSubsetOf(every));
        Assert.Equal(["START", "boss", "free", "END"], sent["node_list"]!.AsArray().Select(n => n!["id"]!.GetValue<string>()));
        Assert.Equal((86400, 1), (sent["settings"]!["revert_interval"]!.GetValue<int>(), sent["settings"]!["reject_option"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_the_platform_would_refuse_is_told_before_the_call()
    {
        await using Wire wire = await Wire.StartAsync();
        var nobody = new ApprovalDraft("x");
        nobody.Form.Input("a", "b");
        await Assert.ThrowsAsync<ArgumentException>(() => wire.Client().Approvals.Definitions.PutAsync(nobody, cancellationToken: Stop));
        Assert.Throws<ArgumentException>(() => nobody.Form.Input("a", "twice"));
        Assert.Throws<ArgumentException>(() => nobody.Form.Radio("r", "none", true));
        Assert.Throws<ArgumentException>(() => nobody.Form.Radio("r", "twice", true, ("k", "a"), ("k", "b")));
        Assert.Throws<ArgumentException>(() => nobody.Form.Amount("m", "money", false, "yuan"));
        Assert.Throws<ArgumentException>(() => nobody.Form.Table("t", "nested", false, t => t.Table("u", "v", false, w => w.Input("x", "y"))));
        Assert.Throws<ArgumentException>(() => nobody.Step("START", "x", ApprovalStepType.All, ApprovalDecider.Superior()));
        Assert.Throws<ArgumentException>(() => nobody.Step("s", "x", ApprovalStepType.OneByOne, ApprovalDecider.Superior()));
        Assert.Throws<ArgumentException>(() => nobody.Step("s", "x", ApprovalStepType.All));
        Assert.Throws<ArgumentOutOfRangeException>(() => ApprovalDecider.Superior(0));
        nobody.Step("s", "x", ApprovalStepType.All, ApprovalDecider.Named(Bob), ApprovalDecider.Named(ApprovalPerson.UserId("carol")));
        await Assert.ThrowsAsync<ArgumentException>(() => wire.Client().Approvals.Definitions.PutAsync(nobody, cancellationToken: Stop));
        Assert.Empty(wire.Calls);
    }

    [Fact]
    public void A_form_that_is_no_list_is_an_error_and_an_unknown_type_is_not()
    {
        Assert.Throws<System.Text.Json.JsonException>(() => ApprovalDefinition.FromForm("A", "{}"));
        Assert.Throws<System.Text.Json.JsonException>(() => ApprovalDefinition.FromForm("A", "["));
        ApprovalDefinition strange = ApprovalDefinition.FromForm("A", """[7,{"id":"w","type":"hologram","name":"X","required":true}]""");
        Assert.Equal((ApprovalControlKind.Unknown, true), (strange.Controls.Single().Kind, strange.Controls.Single().CanBeSubmitted));
        using var value = System.Text.Json.JsonDocument.Parse("""{"beam":1}""");
        Assert.Equal("""[{"id":"w","type":"hologram","value":{"beam":1}}]""", strange.NewForm().SetRaw("w", value.RootElement).ToJson());
    }
}
