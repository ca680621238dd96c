using System.Net;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>What is wrong with a request is said by a word, a pointer and a sentence, and nothing is queued.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class RefusalTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayApp Gateway => fixture.Gateway;

    [Theory]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"x","colour":"red"}""", 400, "unknown_field", "/colour")]
    [InlineData("""{"to":{"chat_id":"oc_1","name":"x"},"text":"x"}""", 400, "unknown_field", "/to/name")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"x","text":"y"}""", 400, "duplicate_member", "/text")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"txet":"x"}""", 400, "unknown_field", "/txet")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":""", 400, "bad_json", null)]
    [InlineData("[]", 400, "wrong_type", null)]
    [InlineData("""{"text":"x"}""", 400, "missing", "/to")]
    [InlineData("""{"to":{},"text":"x"}""", 400, "missing", "/to")]
    [InlineData("""{"to":"oc_1","text":"x"}""", 400, "wrong_type", "/to")]
    [InlineData("""{"to":{"chat_id":"oc_1","open_id":"ou_1"},"text":"x"}""", 400, "several_receivers", "/to")]
    [InlineData("""{"to":{"chat_id":"ou_1"},"text":"x"}""", 422, "wrong_id_type", "/to/chat_id")]
    [InlineData("""{"to":{"open_id":"oc_1"},"text":"x"}""", 422, "wrong_id_type", "/to/open_id")]
    [InlineData("""{"to":{"user_id":"ou_1"},"text":"x"}""", 422, "wrong_id_type", "/to/user_id")]
    [InlineData("""{"to":{"user_id":"bob@example.com"},"text":"x"}""", 422, "wrong_id_type", "/to/user_id")]
    [InlineData("""{"to":{"email":"bob"},"text":"x"}""", 422, "wrong_id_type", "/to/email")]
    [InlineData("""{"to":{"chat_id":"oc_1/../x"},"text":"x"}""", 422, "bad_id", "/to/chat_id")]
    [InlineData("""{"to":{"chat_id":"oc_1"}}""", 400, "nothing_to_say", null)]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"x","image":"img_1"}""", 400, "several_contents", "/image")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"  "}""", 400, "empty", "/text/text")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":5}""", 400, "wrong_type", "/text")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"\ud83d"}""", 400, "bad_text", "/text")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"image":"file_1"}""", 422, "wrong_id_type", "/image")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"share_user":{"user_id":"bob"}}""", 422, "wrong_id_type", "/share_user/user_id")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"msg_type":"telegram","content":{}}""", 422, "unknown_msg_type", "/msg_type")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"msg_type":"text"}""", 400, "missing", "/content")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"msg_type":"text","content":"hello"}""", 422, "content_not_json", "/content")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"msg_type":"text","content":"[1]"}""", 422, "content_not_json", "/content")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"msg_type":"image","content":{"file_key":"file_1"}}""", 400, "missing", "/content/image_key")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"card":"no json"}""", 422, "content_not_json", "/card")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"post":{"zh_cn":{"content":["x"]}}}""", 422, "bad_post", "/post/zh_cn/content")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"x","priority":"frame"}""", 422, "bad_priority", "/priority")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"x","app":"nobody"}""", 404, "unknown_app", "/app")]
    [InlineData("""{"to":{"chat_id":"oc_1"},"text":"x","key":"a\nb"}""", 400, "bad_key", "/key")]
    public async Task A_bad_message_is_refused_where_it_is_wrong(string body, int status, string word, string? pointer)
    {
        var before = await CountAsync();
        var answer = await Gateway.PostRestAsync("/messages", body);
        Assert.Equal((status, word, pointer), (answer.Status, answer.Error, answer.Pointer));
        Assert.True(answer.Text("message")!.Length > 10, answer.ToString());
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task What_is_nested_too_deeply_in_a_template_is_a_finding()
    {
        var deep = new string('[', 80) + new string(']', 80);
        var answer = await Gateway.PostRestAsync("/messages", $$$"""{"to":{"chat_id":"oc_1"},"template":{"id":"AAqExample","variables":{"rows":{{{deep}}} } } }""");
        Assert.True((answer.Status, answer.Error) == (422, "bad_card"), answer.ToString());
        Assert.Equal("card.too-deep", answer.Body.GetProperty("findings")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task A_change_of_an_announcement_that_is_no_JSON_is_refused()
    {
        var answer = await Gateway.RestAsync(HttpMethod.Patch, "/chats/oc_1/announcement", new { revision = "12", requests = new[] { "{" } });
        Assert.True((answer.Status, answer.Error) == (422, "content_not_json"), answer.ToString());
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task Any_moment_may_bound_a_history(string moment)
    {
        var answer = await Gateway.GetRestAsync($"/chats/oc_1/messages?to={moment}");
        // The call was made, and there is no platform here that could answer it; a moment that cannot be reckoned with would be our own failure.
        Assert.True((answer.Status, answer.Error) == (502, "platform_failed"), answer.ToString());
    }

    [Fact]
    public async Task A_card_that_would_be_refused_is_answered_with_its_findings_and_may_be_sent_all_the_same()
    {
        var card = """{"to":{"chat_id":"oc_1"},"card":{"schema":"2.0","body":{"elements":[{"tag":"marquee","content":"x"}]}}}""";
        var before = await CountAsync();
        var answer = await Gateway.PostRestAsync("/messages", card);
        Assert.Equal((422, "bad_card", "/card"), (answer.Status, answer.Error, answer.Pointer));
        var finding = answer.Body.GetProperty("findings").EnumerateArray().First(f => f.GetProperty("severity").GetString() == "error");
        Assert.StartsWith("/body/elements/0", finding.GetProperty("pointer").GetString(), StringComparison.Ordinal);
        foreach (var name in (string[])["rule", "message", "fix"]) Assert.NotEmpty(finding.GetProperty(name).GetString()!);
        Assert.Equal(before, await CountAsync());
        Assert.Equal(200, (await Gateway.PostRestAsync("/messages?validate=false&wait=15", card)).Status);
    }

    [Fact]
    public async Task A_card_of_31_KB_and_a_text_of_151_KB_are_too_large()
    {
        var card = await Gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_1" }, card = new { schema = "2.0", body = new { elements = new[] { new { tag = "markdown", content = new string('x', 31 << 10) } } } } });
        Assert.Equal((422, "card_too_large"), (card.Status, card.Error));
        var text = await Gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_1" }, text = new string('x', 151 << 10) });
        Assert.Equal((422, "content_too_large"), (text.Status, text.Error));
        var body = await Gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_1" }, text = new string('x', 500 << 10) });
        Assert.Equal((413, "body_too_large"), (body.Status, body.Error));
        var small = await Gateway.PostRestAsync("/messages/om_1/forward", new { to = new { chat_id = "oc_1" }, key = new string('x', 40 << 10) });
        Assert.Equal((413, "body_too_large"), (small.Status, small.Error));
    }

    [Fact]
    public async Task Depth_is_bounded()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        var answer = await Gateway.PostRestAsync("/messages", $$$"""{"to":{"chat_id":"oc_1"},"card":{"x":{{{deep}}}}}""");
        Assert.Equal((400, "bad_json"), (answer.Status, answer.Error));
        answer = await Gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_1" }, card = $$"""{"x":{{deep}}}""" });
        Assert.Equal((422, "content_not_json"), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("GET", "/chats/ou_1", 422, "wrong_id_type")]
    [InlineData("GET", "/chats?page_size=101", 400, "bad_page_size")]
    [InlineData("GET", "/chats?app=nobody", 404, "unknown_app")]
    [InlineData("GET", "/chats/oc_1/messages?page_size=51", 400, "bad_page_size")]
    [InlineData("GET", "/chats/oc_1/messages?order=up", 400, "bad_order")]
    [InlineData("GET", "/chats/oc_1/messages?from=2026-01-02&to=2026-01-01", 400, "bad_range")]
    [InlineData("GET", "/messages/99999999", 404, "not_found")]
    [InlineData("GET", "/messages/1?wait=21", 400, "bad_wait")]
    [InlineData("GET", "/messages/oc_1", 422, "wrong_id_type")]
    [InlineData("DELETE", "/messages/99999999", 404, "not_found")]
    [InlineData("DELETE", "/messages/something", 422, "wrong_id_type")]
    [InlineData("GET", "/messages/om_1/resources/om_2", 422, "wrong_id_type")]
    [InlineData("POST", "/messages/om_1/reactions", 415, "not_json")]
    [InlineData("DELETE", "/messages/om_1/reactions/%252e%252e", 422, "bad_id")]
    [InlineData("DELETE", "/messages/om_1/reactions/a%2F..%2F..", 422, "bad_id")]
    [InlineData("GET", "/messages/om_1/resources/img_1%0A", 422, "bad_id")]
    public async Task A_bad_address_is_refused(string method, string path, int status, string word)
    {
        var answer = await Gateway.RestAsync(new HttpMethod(method), path);
        Assert.Equal((status, word), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_body_of_another_type_is_told_so()
    {
        using var text = new StringContent("to=oc_1", Encoding.UTF8, "text/plain");
        var answer = await Gateway.PostRestAsync("/messages", text);
        Assert.Equal((415, "not_json"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Nobody_sends_without_the_key_and_the_key_is_in_no_log()
    {
        using var stranger = new HttpClient { BaseAddress = Gateway.Address };
        foreach (var path in (string[])["/messages", "/uploads/images", "/uploads/files", "/chats", "/messages/om_1/reply", "/messages/merge-forward"])
        {
            using var content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var answer = await stranger.PostAsync(new Uri("/api/v1" + path, UriKind.Relative), content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.DoesNotContain(GatewayApp.ApiKey, Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_calls_are_described()
    {
        var document = JsonSerializer.Deserialize<JsonElement>(await Gateway.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var paths = document.GetProperty("paths");
        foreach (var path in (string[])["/messages", "/messages/{message_id}/reply", "/messages/{message_id}/forward", "/messages/merge-forward", "/messages/{message_id}", "/chats", "/chats/{chat_id}/messages", "/uploads/images", "/uploads/files"])
            Assert.True(paths.TryGetProperty("/api/v1" + path, out _), path);
        var send = paths.GetProperty("/api/v1/messages").GetProperty("post");
        Assert.True(send.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        Assert.True(send.GetProperty("requestBody").GetProperty("required").GetBoolean());
        foreach (var status in (string[])["200", "202", "400", "401", "422"]) Assert.True(send.GetProperty("responses").TryGetProperty(status, out _), status);
    }

    private async Task<int> CountAsync() => (await Gateway.ListAsync("/outbox?limit=200")).Length;
}
