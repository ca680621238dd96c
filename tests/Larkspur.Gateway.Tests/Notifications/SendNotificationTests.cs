using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>Notifications are sent once, to whom they are meant for, and change in place.</summary>
public sealed class SendNotificationTests : IAsyncLifetime
{
    private NotificationFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NotificationFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_repeat_under_one_key_sends_nothing_more()
    {
        var first = await _fixture.SendAsync(NotificationFixture.Requisition(), "k-1");
        var second = await _fixture.SendAsync(NotificationFixture.Requisition(), "k-1");
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        var other = await _fixture.Gateway.PostRestAsync("/notifications", NotificationFixture.Requisition("PR-other").ToJsonString(), "k-1");
        Assert.Equal((409, "key_in_use"), (other.Status, other.Error));
        await _fixture.UntilAsync(first, "sent");
        Assert.Equal(1, await _fixture.CountAsync("采购申请待您审批"));
    }

    [Fact]
    public async Task Who_is_unknown_is_reported_and_the_others_are_told()
    {
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition("PR-2", NotificationFixture.Email("bob"), NotificationFixture.Email("zoe"), new JsonObject { ["user_id"] = "bob" }));
        Assert.Equal("zoe@mica.example", sent.GetProperty("unknown_recipients")[0].GetProperty("recipient").GetProperty("email").GetString());
        // Bob was named twice and gets one card.
        await _fixture.UntilAsync(sent, "sent", "unknown_recipient");

        var nobody = await _fixture.Gateway.PostRestAsync("/notifications", NotificationFixture.Requisition("PR-3", NotificationFixture.Email("zoe")).ToJsonString());
        Assert.Equal((422, "unknown_recipients"), (nobody.Status, nobody.Error));
        Assert.Empty((await _fixture.Gateway.GetRestAsync("/notifications?subject=PR-3")).Items);
    }

    [Fact]
    public async Task A_mistyped_type_is_told_with_the_one_that_may_be_meant()
    {
        var body = NotificationFixture.Requisition("PR-bad");
        body["event"] = "pr.submited";
        var refused = await _fixture.Gateway.PostRestAsync("/notifications", body.ToJsonString());
        Assert.Equal((422, "unknown_event", "/event"), (refused.Status, refused.Error, refused.Pointer));
        Assert.Contains("Did you mean \"pr.submitted\"?", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("“pr.submitted”", refused.Text("message_zh"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"amount":null}""", "/variables/amount")]
    [InlineData("""{"amount":{"amount":"much","currency":"CNY"}}""", "/variables/amount/amount")]
    [InlineData("""{"amount":{"amount":1,"currency":"yuan"}}""", "/variables/amount/currency")]
    [InlineData("""{"needed_by":"tomorrow"}""", "/variables/needed_by")]
    [InlineData("""{"link":"javascript:alert(1)"}""", "/variables/link")]
    [InlineData("""{"applicant":{"chat_id":"oc_1"}}""", "/variables/applicant")]
    [InlineData("""{"colour":"red"}""", "/variables/colour")]
    [InlineData("""{"number":7}""", "/variables/number")]
    public async Task A_variable_that_does_not_fit_is_named_and_nothing_is_kept(string change, string pointer)
    {
        var body = NotificationFixture.Requisition("PR-bad");
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) body["variables"]![name] = value?.DeepClone();
        var refused = await _fixture.Gateway.PostRestAsync("/notifications", body.ToJsonString());
        Assert.Equal((422, "bad_variables", pointer), (refused.Status, refused.Error, refused.Pointer));
        Assert.Empty((await _fixture.Gateway.GetRestAsync("/notifications?subject=PR-bad")).Items);
    }

    [Theory]
    [InlineData("event", "\"no.such\"", 422, "/event")]
    [InlineData("recipients", "[]", 400, "/recipients")]
    [InlineData("recipients", "[{}]", 400, "/recipients/0")]
    [InlineData("recipients", """[{"email":"bob@mica.example","user_id":"bob"}]""", 400, "/recipients/0")]
    [InlineData("recipients", """[{"open_id":"oc_1"}]""", 422, "/recipients/0/open_id")]
    [InlineData("recipients", """[{"department_id":"0"}]""", 422, "/recipients/0/department_id")]
    [InlineData("decision", """{"webhook":"nowhere"}""", 422, "/decision/webhook")]
    [InlineData("decision", """{"approvers":[{"email":"zoe@mica.example"}]}""", 422, "/decision/approvers/0")]
    [InlineData("colour", "1", 400, "/colour")]
    [InlineData("app", "\"no-such\"", 404, "/app")]
    public async Task A_request_that_is_wrong_says_where(string member, string value, int status, string pointer)
    {
        var body = NotificationFixture.Requisition("PR-bad");
        body[member] = JsonNode.Parse(value);
        var refused = await _fixture.Gateway.PostRestAsync("/notifications", body.ToJsonString());
        Assert.Equal((status, pointer), (refused.Status, refused.Pointer));
        Assert.Empty((await _fixture.Gateway.GetRestAsync("/notifications?subject=PR-bad")).Items);
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        var body = NotificationFixture.Requisition();
        body["variables"]!["reason"] = new string('x', 60_000);
        Assert.Equal(413, (await _fixture.Gateway.PostRestAsync("/notifications", body.ToJsonString())).Status);
        Assert.Equal(404, (await _fixture.Gateway.GetRestAsync("/notifications/nt0")).Status);
        Assert.Equal(400, (await _fixture.Gateway.GetRestAsync("/notifications?limit=1000")).Status);
    }

    [Fact]
    public async Task Off_is_said_and_nothing_is_sent()
    {
        await _fixture.SetAsync((FeishuIntegration.NotifyOnPr, "false"));
        var recorded = await _fixture.SendAsync(NotificationFixture.Requisition());
        Assert.Equal("switched_off", recorded.GetProperty("state").GetString());
        Assert.Contains("switched off", recorded.GetProperty("note").GetString(), StringComparison.Ordinal);
        await _fixture.SetAsync((FeishuIntegration.Enabled, "false"));
        var refused = await _fixture.Gateway.PostRestAsync("/notifications", NotificationFixture.Requisition().ToJsonString());
        Assert.Equal((409, "feishu_disabled"), (refused.Status, refused.Error));
        Assert.Contains("auth.feishu.enabled", refused.Text("message"), StringComparison.Ordinal);
        await _fixture.KeepAsync();
        Assert.Equal(0, await _fixture.CountAsync("采购申请待您审批"));
    }

    [Fact]
    public async Task Everybody_in_a_department_gets_a_card_and_reading_it_is_seen()
    {
        var departments = (await _fixture.Emulator.StateAsync())["departments"]!.AsArray();
        var purchasing = departments.First(d => d!["name"]!.GetValue<string>() == "采购部")!;
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition("PR-4", new JsonObject { ["department_id"] = purchasing["open_department_id"]!.GetValue<string>(), ["children"] = true }));
        var now = await _fixture.UntilAsync(sent, "sent", "sent");
        var names = now.GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("person").GetProperty("en_name").GetString()).Order();
        Assert.Equal(["Alice", "Bob"], names);
        var bob = Array.FindIndex([.. now.GetProperty("deliveries").EnumerateArray()], d => d.GetProperty("person").GetProperty("en_name").GetString() == "Bob");
        await _fixture.Emulator.ActAsync(new { @as = "bob", @do = "read" });
        await _fixture.Gateway.UntilAsync(async () => NotificationFixture.StatesOf(await _fixture.GetAsync(sent.GetProperty("id").GetString()!))[bob] == "read");
        Assert.Equal("sent", NotificationFixture.StatesOf(await _fixture.GetAsync(sent.GetProperty("id").GetString()!))[1 - bob]);
    }

    [Fact]
    public async Task Everybody_who_has_a_role_gets_a_card_and_a_chat_that_is_none_fails_with_words()
    {
        var carol = (await _fixture.Gateway.PostRestAsync("/people/lookup", new { user_ids = new[] { "carol" } })).Body.GetProperty("found")[0].GetProperty("person").GetProperty("user_id").GetString()!;
        _fixture.Emulator.State.Put(new Larkspur.Emulator.State.FunctionalRole("role_buyers", "采购主管", [carol]));
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition("PR-12", new JsonObject { ["role_id"] = "role_buyers" }, new JsonObject { ["role_id"] = "role_none" }, new JsonObject { ["chat_id"] = "oc_ffffffffffffffffffffffffffffffff" }));
        var now = await _fixture.UntilAsync(sent, "sent", "failed", "unknown_recipient");
        Assert.Equal("Carol", now.GetProperty("deliveries")[0].GetProperty("person").GetProperty("en_name").GetString());
        var failed = now.GetProperty("deliveries")[1];
        Assert.All(new[] { "reason", "reason_text", "reason_text_zh" }, name => Assert.False(string.IsNullOrEmpty(failed.GetProperty(name).GetString())));
    }

    [Fact]
    public async Task All_cards_of_a_subject_are_resolved_in_place_and_taken_back()
    {
        var one = await _fixture.SendAsync(NotificationFixture.Requisition("PR-5"));
        var two = await _fixture.SendAsync(NotificationFixture.Requisition("PR-5", NotificationFixture.Email("carol")));
        var (bob, carol) = (NotificationFixture.MessageOf(await _fixture.UntilAsync(one, "sent")), NotificationFixture.MessageOf(await _fixture.UntilAsync(two, "sent")));
        // What became of a message outlives the outbox's memory of it.
        await _fixture.KeepAsync();
        var resolved = await _fixture.Gateway.PostRestAsync("/notifications/resolve", new { subject = "PR-5", status = "closed", text = new { zh = "已在 ERP 中撤销", en = "Withdrawn in the ERP" }, by = "Alice" });
        Assert.Equal(200, resolved.Status);
        Assert.Equal(["resolved", "resolved"], resolved.Items.Select(i => i.GetProperty("state").GetString()));
        await _fixture.FaceAsync(bob, "Withdrawn in the ERP (Alice)");
        await _fixture.FaceAsync(carol, "已在 ERP 中撤销（Alice）");
        Assert.DoesNotContain("larkspur.notification", await _fixture.FaceAsync(bob), StringComparison.Ordinal);
        Assert.Equal(404, (await _fixture.Gateway.PostRestAsync("/notifications/resolve", new { subject = "PR-none", status = "closed", text = "x" })).Status);
        var wrong = await _fixture.Gateway.PostRestAsync("/notifications/resolve", new { subject = "PR-5", status = "red", text = "x" });
        Assert.Equal((422, "/status"), (wrong.Status, wrong.Pointer));

        Assert.Equal(200, (await _fixture.Gateway.PostRestAsync($"/notifications/{one.GetProperty("id").GetString()}/recall", null)).Status);
        var now = await _fixture.UntilAsync(one, "recalled");
        Assert.Equal("recalled", now.GetProperty("state").GetString());
        var late = await _fixture.Gateway.PostRestAsync($"/notifications/{one.GetProperty("id").GetString()}/resolve", new { status = "closed", text = "x" });
        Assert.Equal((409, "recalled"), (late.Status, late.Error));
    }

    [Fact]
    public async Task A_card_that_is_on_its_way_when_its_subject_ends_is_turned_when_it_has_arrived()
    {
        await _fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", method = "POST", reply = "drop", count = 1 });
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition("PR-6"));
        // The platform has it; the answer was lost, so nobody here knows.
        await _fixture.Gateway.UntilAsync(async () => await _fixture.CountAsync("采购申请待您审批") == 1);
        Assert.Equal(200, (await _fixture.Gateway.PostRestAsync($"/notifications/{sent.GetProperty("id").GetString()}/resolve", new { status = "success", text = "Done elsewhere" })).Status);
        var now = await _fixture.UntilAsync(sent, "sent");
        await _fixture.KeepAsync();
        await _fixture.FaceAsync(NotificationFixture.MessageOf(now), "Done elsewhere");
        // The outcome is the headline, and there is one card.
        Assert.Equal((1, 0), (await _fixture.CountAsync("Done elsewhere：研发笔记本电脑"), await _fixture.CountAsync("采购申请待您审批")));
    }

    [Fact]
    public async Task The_rule_of_the_type_names_who_is_told()
    {
        var body = new JsonObject
        {
            ["event"] = "po.created",
            ["variables"] = new JsonObject { ["number"] = "PO-1", ["supplier"] = "Northwind", ["amount"] = new JsonObject { ["amount"] = 1200, ["currency"] = "JPY" } },
        };
        var nobody = await _fixture.Gateway.PostRestAsync("/notifications", body.ToJsonString());
        Assert.Equal((400, "/recipients"), (nobody.Status, nobody.Pointer));
        body["variables"]!["buyer"] = "alice@mica.example";
        var now = await _fixture.UntilAsync(await _fixture.SendAsync(body), "sent");
        var face = await _fixture.FaceAsync(NotificationFixture.MessageOf(now));
        foreach (var shown in (string[])["JPY 1,200", "艾丽丝", "Northwind"]) Assert.Contains(shown, face, StringComparison.Ordinal);
        body["decision"] = new JsonObject();
        Assert.Equal("no_decision", (await _fixture.Gateway.PostRestAsync("/notifications", body.ToJsonString())).Error);
    }
}
