using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>Messages over REST, to the emulated platform.</summary>
public sealed class SendTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;
    private string _chat = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
        _chat = SeededCompany.PurchasingChat;
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_text_is_sent_and_the_answer_that_waited_has_its_message_id()
    {
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = _chat }, text = "Good morning, 采购 <at user_id=\"all\"></at>" });
        Assert.True(sent.Status == 200, sent + _gateway.Logs.Text);
        Assert.Equal("sent", sent.Text("state"));
        var shown = await _emulator.WaitForMessageAsync("from=app&contains=Good%20morning");
        Assert.Equal(sent.Text("message_id"), shown["message_id"]!.GetValue<string>());

        var state = await _gateway.GetRestAsync($"/messages/{sent.Id}");
        Assert.Equal(("sent", sent.Text("reference")), (state.Text("state"), state.Text("reference")));
    }

    [Fact]
    public async Task Without_waiting_the_answer_is_202_and_the_state_is_found_by_id()
    {
        var sent = await _gateway.PostRestAsync("/messages", new { to = new { user_id = "alice" }, text = "your approval waits", priority = "bulk" });
        Assert.True(sent.Status is 202 or 200, sent.ToString());
        var end = await _gateway.EndOfAsync(sent.Id);
        Assert.Equal(("sent", "create", "user_id"), (end.GetProperty("state").GetString(), end.GetProperty("operation").GetString(), end.GetProperty("target_type").GetString()));
    }

    [Fact]
    public async Task A_repeat_under_the_same_key_is_the_same_message_and_another_one_is_refused()
    {
        var body = new { to = new { chat_id = _chat }, text = "only once" };
        var first = await _gateway.PostRestAsync("/messages", body, "order-4711");
        var second = await _gateway.PostRestAsync("/messages?wait=15", body, "order-4711");
        Assert.Equal((first.Id, first.Text("reference")), (second.Id, second.Text("reference")));
        var other = await _gateway.PostRestAsync("/messages", new { to = new { chat_id = _chat }, text = "something else", key = "order-4711" });
        Assert.Equal((409, "key_in_use"), (other.Status, other.Error));
        await _gateway.EndOfAsync(first.Id);
        var history = await _gateway.GetRestAsync($"/chats/{_chat}/messages?order=desc&page_size=50");
        Assert.Single(history.Items, m => m.GetProperty("content").GetRawText().Contains("only once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_callers_with_one_key_at_once_send_one_message()
    {
        var body = new { to = new { chat_id = _chat }, text = "all at once" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _gateway.PostRestAsync("/messages?wait=15", body, "crowd")));
        Assert.All(answers, a => Assert.True(a.Status == 200 && a.Text("state") == "sent", a.ToString()));
        Assert.Single(answers.Select(a => (a.Id, a.Text("message_id"))).Distinct());
    }

    [Fact]
    public async Task What_has_not_left_is_discarded_and_never_leaves()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", method = "POST", reply = 503 });
        var first = await _gateway.PostRestAsync("/messages", new { to = new { chat_id = _chat }, text = "stuck" });
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync($"/messages/{first.Id}")).Body.GetProperty("attempts").GetInt32() > 0);
        var behind = await _gateway.PostRestAsync("/messages", new { to = new { chat_id = _chat }, text = "not said" });
        var taken = await _gateway.RestAsync(HttpMethod.Delete, $"/messages/{behind.Id}");
        // Either it was still behind the stuck one, or it had just been tried: then nobody can promise anything.
        Assert.True(taken.Status == 200 && taken.Text("state") == "discarded" || taken.Status == 409 && taken.Error == "being_sent", taken.ToString());
        if (taken.Status == 200)
        {
            Assert.Equal("discarded", (await _gateway.GetRestAsync($"/messages/{behind.Id}")).Text("state"));
            Assert.Equal((409, "not_sent"), await _gateway.RestAsync(HttpMethod.Delete, $"/messages/{behind.Id}") is var again ? (again.Status, again.Error) : default);
        }

        var unsure = await _gateway.RestAsync(HttpMethod.Delete, $"/messages/{first.Id}");
        Assert.Equal((409, "being_sent"), (unsure.Status, unsure.Error));
    }

    [Fact]
    public async Task A_message_is_answered_in_its_thread_read_edited_and_taken_back()
    {
        var first = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = _chat }, text = "the first" });
        var reply = await _gateway.PostRestAsync($"/messages/{first.Id}/reply?wait=15", new { text = "the answer", in_thread = true });
        Assert.True(reply.Status == 200 && reply.Text("state") == "sent", reply.ToString());
        var shown = await _gateway.GetRestAsync("/messages/" + reply.Text("message_id"));
        Assert.Equal(first.Text("message_id"), shown.Items[0].GetProperty("parent_id").GetString());
        Assert.Equal("the answer", shown.Items[0].GetProperty("content").GetProperty("text").GetString());
        Assert.NotNull(shown.Items[0].GetProperty("thread_id").GetString());

        var edited = await _gateway.RestAsync(HttpMethod.Patch, "/messages/" + reply.Text("message_id"), new { text = "the better answer" });
        // Answered like what is sent, but that there is nothing queued to ask for.
        Assert.True(edited.Status == 200 && edited.Text("state") == "sent" && edited.Text("operation") == "edit", edited.ToString());
        Assert.Equal((reply.Text("message_id"), "text", "default"),
            (edited.Text("message_id"), edited.Text("msg_type"), edited.Text("app")));
        Assert.Equal(JsonValueKind.Null, edited.Body.GetProperty("id").ValueKind);
        shown = await _gateway.GetRestAsync("/messages/" + reply.Text("message_id"));
        Assert.Equal("the better answer", shown.Items[0].GetProperty("content").GetProperty("text").GetString());

        var recalled = await _gateway.RestAsync(HttpMethod.Delete, "/messages/" + reply.Id);
        Assert.True(recalled.Status == 200 && recalled.Text("state") == "recalled", recalled.ToString());
        var again = await _gateway.RestAsync(HttpMethod.Delete, "/messages/" + reply.Text("message_id"));
        Assert.True(again.Status is 409 or 422 or 404, again.ToString());
        Assert.True(again.Body.GetProperty("code").GetInt32() > 0 && again.Body.GetProperty("message").GetString()!.Length > 10, again.ToString());
    }

    [Fact]
    public async Task A_card_is_sent_and_its_newest_face_stays()
    {
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = _chat }, card = Card("waiting") });
        Assert.True(sent.Status == 200 && sent.Text("state") == "sent", sent.ToString());
        var done = await _gateway.RestAsync(HttpMethod.Patch, $"/messages/{sent.Text("message_id")}?wait=15", new { card = Card("approved") });
        Assert.True(done.Status == 200 && done.Text("state") == "sent", done.ToString());
        var shown = await _emulator.WaitForMessageAsync("from=app&msg_type=interactive&contains=approved");
        Assert.Equal(sent.Text("message_id"), shown["message_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Chats_and_members_are_listed_and_history_is_paged_by_time()
    {
        for (var i = 0; i < 3; i++) await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = _chat }, text = $"note {i}" });
        var chats = await _gateway.GetRestAsync("/chats");
        Assert.Contains(chats.Items, c => c.GetProperty("chat_id").GetString() == _chat);
        Assert.Equal(200, (await _gateway.GetRestAsync("/chats/" + _chat)).Status);
        Assert.NotEmpty((await _gateway.GetRestAsync($"/chats/{_chat}/members")).Items);

        var page = await _gateway.GetRestAsync($"/chats/{_chat}/messages?page_size=2&order=asc");
        Assert.True(page.Status == 200, page.ToString());
        Assert.Equal((2, true), (page.Items.Length, page.Body.GetProperty("has_more").GetBoolean()));
        var rest = await _gateway.GetRestAsync($"/chats/{_chat}/messages?page_size=50&order=asc&page_token={Uri.EscapeDataString(page.Text("page_token")!)}");
        Assert.Empty(page.Items.Select(i => i.GetProperty("message_id").GetString()).Intersect(rest.Items.Select(i => i.GetProperty("message_id").GetString())));
        var future = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(1).ToString("O"));
        Assert.Empty((await _gateway.GetRestAsync($"/chats/{_chat}/messages?from={future}")).Items);
    }

    private static object Card(string text) => new
    {
        schema = "2.0",
        config = new { update_multi = true },
        header = new { title = new { tag = "plain_text", content = "Order 4711" } },
        body = new { elements = new object[] { new { tag = "markdown", content = text } } },
    };
}
