using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A key with <c>messages:*</c> reaches its own system's messages, what answers them, and the groups that it made.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersMessagesTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["messages:read", "messages:write", "cards:write"];
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;
    private string _erp = null!;
    private string _canteen = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
        _erp = await _gateway.KeyOfAsync("erp", Scopes);
        _canteen = await _gateway.KeyOfAsync("canteen", Scopes);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_hands_on_a_group_that_is_not_his_systems()
    {
        var alice = new { open_id = WireIds.OpenId(EmulatorApp.AppId, "alice") };
        var made = await _gateway.CallAsync(_erp, HttpMethod.Post, "/chats", new { name = "Invoices", key = "c" });
        Assert.True(made.Status is 200 or 201, made.ToString());
        foreach (var chat in (string[])[made.Text("chat_id")!, SeededCompany.FinanceChat])
        {
            var shared = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/messages", new { to = alice, share_chat = chat, key = chat });
            Assert.Equal((422, "unknown_chat"), (shared.Status, shared.Error));
            var raw = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/messages", new { to = alice, msg_type = "share_chat", content = new { chat_id = chat }, key = "raw" + chat });
            Assert.Equal((422, "unknown_chat"), (raw.Status, raw.Error));
        }

        Assert.Equal(202, (await _gateway.CallAsync(_erp, HttpMethod.Post, "/messages", new { to = alice, share_chat = made.Text("chat_id"), key = "own" })).Status);
    }

    [Fact]
    public async Task Nobody_else_reads_changes_marks_or_takes_back_a_systems_message_by_either_of_its_ids()
    {
        var (number, message) = await SendAsync(_erp, "Wire 90,000 to Steel Ltd?");
        var alice = WireIds.OpenId(EmulatorApp.AppId, "alice");
        foreach (var (id, none) in ((string, string)[])[(message, "om_0000000000000000000000000000000a"), ($"{number}", "987654321")])
        {
            await NoAsync(HttpMethod.Get, "/messages/{0}");
            await NoAsync(HttpMethod.Patch, "/messages/{0}", new { text = "paid", key = "p" });
            await NoAsync(HttpMethod.Delete, "/messages/{0}");
            await NoAsync(HttpMethod.Get, "/messages/{0}/readers");
            await NoAsync(HttpMethod.Get, "/messages/{0}/reactions");
            await NoAsync(HttpMethod.Post, "/messages/{0}/reactions", new { emoji_type = "SMILE" });
            await NoAsync(HttpMethod.Put, "/messages/{0}/pin");
            await NoAsync(HttpMethod.Delete, "/messages/{0}/pin");
            await NoAsync(HttpMethod.Post, "/messages/{0}/urgent", new { open_ids = new[] { alice } });
            await NoAsync(HttpMethod.Post, "/messages/{0}/forward", new { to = new { user_id = "bob" }, key = "f" });

            Task NoAsync(HttpMethod method, string path, object? body = null) =>
                _gateway.NotThereAsync(_canteen, method, string.Format(null, path, id), string.Format(null, path, none), body);
        }

        var bundle = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/messages/merge-forward", new { to = new { user_id = "bob" }, message_ids = new[] { message }, key = "m" });
        Assert.Equal((404, "/message_ids/0"), (bundle.Status, bundle.Text("pointer")));
        var own = await _gateway.CallAsync(_erp, HttpMethod.Get, $"/messages/{message}");
        Assert.Contains("Wire 90,000", own.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(200, (await _gateway.CallAsync(_erp, HttpMethod.Delete, $"/messages/{message}")).Status);
    }

    [Fact]
    public async Task What_people_write_is_not_a_business_systems_to_read()
    {
        var said = await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "my salary is 1" });
        var (message, chat) = (said["message_id"]!.GetValue<string>(), said["chat_id"]!.GetValue<string>());
        await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/messages/{message}", "/messages/om_0000000000000000000000000000000a");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/messages/{message}/resources/file_v2_abcdef", "/messages/om_0000000000000000000000000000000a/resources/file_v2_abcdef");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/messages/{message}/forward", "/messages/om_0000000000000000000000000000000a/forward", new { to = new { user_id = "bob" }, key = "f" });
        Assert.Empty((await _gateway.CallAsync(_canteen, HttpMethod.Get, $"/chats/{chat}/messages")).Items());
        foreach (var part in (string[])["", "/members", "/announcement", "/pins"])
            await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/chats/{SeededCompany.PurchasingChat}{part}", $"/chats/oc_0000000000000000000000000000000a{part}");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/chats/{SeededCompany.PurchasingChat}/members", "/chats/oc_0000000000000000000000000000000a/members",
            new { open_ids = new[] { WireIds.OpenId(EmulatorApp.AppId, "carol") } });
        Assert.Empty((await _gateway.CallAsync(_canteen, HttpMethod.Get, "/chats")).Items());

        var auditor = await _gateway.KeyOfAsync("auditor", ["messages:read", "others:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(auditor, HttpMethod.Get, $"/messages/{message}")).Status);
        Assert.NotEmpty((await _gateway.CallAsync(auditor, HttpMethod.Get, $"/chats/{chat}/messages")).Items());
    }

    [Fact]
    public async Task A_system_reads_the_answers_to_its_own_messages_and_all_of_its_own_groups()
    {
        var (_, own) = await SendAsync(_canteen, "Lunch on Friday?");
        await _emulator.ActAsync(new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text = "between ourselves" });
        var answer = (await _emulator.ActAsync(new { @as = "alice", @do = "reply", message_id = own, text = "count me in" }))["message_id"]!.GetValue<string>();
        Assert.Contains("count me in", (await _gateway.CallAsync(_canteen, HttpMethod.Get, $"/messages/{answer}")).Body.GetRawText(), StringComparison.Ordinal);
        var history = (await _gateway.CallAsync(_canteen, HttpMethod.Get, $"/chats/{SeededCompany.PurchasingChat}/messages?page_size=50")).Items();
        Assert.Equal([own, answer], history.Select(m => m.GetProperty("message_id").GetString()));
        Assert.Equal(404, (await _gateway.CallAsync(_erp, HttpMethod.Get, $"/messages/{answer}")).Status);

        var group = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/chats", new { name = "Lunch", open_ids = new[] { WireIds.OpenId(EmulatorApp.AppId, "alice") }, key = "g" });
        Assert.True(group.Status == 201, group.Body.ToString());
        var chat = group.Text("chat_id")!;
        var said = (await _emulator.ActAsync(new { @as = "alice", @do = "send", chat, text = "noodles" }))["message_id"]!.GetValue<string>();
        Assert.Equal(200, (await _gateway.CallAsync(_canteen, HttpMethod.Get, $"/messages/{said}")).Status);
        Assert.Equal(chat, Assert.Single((await _gateway.CallAsync(_canteen, HttpMethod.Get, "/chats")).Items()).GetProperty("chat_id").GetString());
        Assert.Equal(200, (await _gateway.CallAsync(_canteen, HttpMethod.Get, $"/chats/{chat}/members")).Status);
        await _gateway.NotThereAsync(_erp, HttpMethod.Get, $"/chats/{chat}/members", "/chats/oc_0000000000000000000000000000000a/members");
        Assert.Equal(404, (await _gateway.CallAsync(_erp, HttpMethod.Get, $"/messages/{said}")).Status);
    }

    [Fact]
    public async Task Who_may_read_others_messages_changes_none_and_who_may_change_them_does()
    {
        var (number, message) = await SendAsync(_erp, "an order");
        var reader = await _gateway.KeyOfAsync("auditor", ["messages:read", "messages:write", "others:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(reader, HttpMethod.Get, $"/messages/{message}")).Status);
        foreach (var id in (string[])[message, $"{number}"])
        {
            var changed = await _gateway.CallAsync(reader, HttpMethod.Patch, $"/messages/{id}", new { text = "another", key = "p" });
            Assert.Equal((403, "system_not_held"), (changed.Status, changed.Error));
            Assert.Equal(403, (await _gateway.CallAsync(reader, HttpMethod.Delete, $"/messages/{id}")).Status);
        }

        var writer = await _gateway.KeyOfAsync("desk", ["messages:write", "others:write"]);
        Assert.Equal(200, (await _gateway.CallAsync(writer, HttpMethod.Delete, $"/messages/{message}")).Status);
    }

    [Fact]
    public async Task Two_keys_of_one_system_share_what_they_make()
    {
        var other = await _gateway.KeyOfAsync("erp-batch", Scopes, system: "erp");
        var (number, message) = await SendAsync(_erp, "an order");
        Assert.Equal(200, (await _gateway.CallAsync(other, HttpMethod.Get, $"/messages/{number}")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(other, HttpMethod.Delete, $"/messages/{message}")).Status);
    }

    [Fact]
    public async Task A_file_that_another_system_uploaded_is_not_sent()
    {
        var file = await UploadAsync(_erp);
        var stolen = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/messages", new { to = new { user_id = "bob" }, file, key = "s" });
        Assert.Equal((422, "unknown_file"), (stolen.Status, stolen.Error));
        Assert.Equal("sent", (await _gateway.CallAsync(_erp, HttpMethod.Post, "/messages?wait=15", new { to = new { user_id = "bob" }, file, key = "s" })).Text("state"));
    }

    [Fact]
    public async Task A_file_of_another_system_is_not_sent_by_escapes_nor_behind_many_others()
    {
        var file = await UploadAsync(_erp);
        var escaped = "\\u0066" + file[1..];
        var twice = escaped.Replace("\\", "\\\\", StringComparison.Ordinal);
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 70)) + $$"""{"img_key":"{{escaped}}"}""" + new string('}', 70);
        string[] markdown = [file.Replace("_", "&#95;", StringComparison.Ordinal), file.Replace("_", "&lowbar;", StringComparison.Ordinal), file.Replace("_", "\\\\_", StringComparison.Ordinal),
            "&#x66;" + file[1..]];
        var many = string.Join(' ', Enumerable.Range(0, 600).Select(i => $"file_v3_{i:D8}"));
        foreach (var body in (string[])
        [
            $$$"""{"to":{"user_id":"bob"},"file":{"file_key":"{{{escaped}}}"}}""",
            $$$"""{"to":{"user_id":"bob"},"file":"{{{escaped}}}"}""",
            $$$"""{"to":{"user_id":"bob"},"post":"{\"zh_cn\":{\"content\":[[{\"tag\":\"media\",\"file_key\":\"{{{twice}}}\"}]] }}"}""",
            $$$"""
            {"to":{"user_id":"bob"},"card":{"elements":[{"tag":"markdown","content":"{{{many}}}"},
              {"tag":"img","img_key":"{{{escaped}}}","alt":{"tag":"plain_text","content":""}}]}}
            """,
            $$$$$"""{"to":{"user_id":"bob"},"post":{"zh_cn":{"title":"x","content":[[{"tag":"media","file_key":"{{{{{escaped}}}}}"}]]}}}""",
            .. markdown.Select(key => $$$$"""{"to":{"user_id":"bob"},"card":{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"![x]({{{{key}}}})"}]}}}"""),
            $$$$"""{"to":{"user_id":"bob"},"card":{"schema":"2.0","x":{{{{deep}}}},"body":{"elements":[]}}}""",
        ])
        {
            var stolen = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/messages?validate=false", body);
            Assert.True((stolen.Status, stolen.Error) == (422, "unknown_file"), $"{body}: {stolen.Status} {stolen.Body}");
        }
    }

    [Fact]
    public async Task A_file_of_another_system_is_not_in_the_last_components_of_a_stream()
    {
        var file = await UploadAsync(_erp);
        using var http = new HttpClient { BaseAddress = _gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/streams")
        {
            Content = JsonContent.Create(new { to = new { type = "chat_id", id = SeededCompany.PurchasingChat } }),
        };
        request.Headers.Add("X-Api-Key", _canteen);
        request.Headers.Add("Idempotency-Key", "s-1");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString();
        foreach (var key in (string[])[file, "\\u0066" + file[1..]])
        {
            var body = $$$"""{"components":[{"tag":"markdown","content":"lunch"},{"tag":"img","img_key":"{{{key}}}"}]}""";
            var stolen = await _gateway.CallAsync(_canteen, HttpMethod.Post, $"/streams/{id}/finish", body);
            Assert.Equal((422, "unknown_file", "/components/1"), (stolen.Status, stolen.Error, stolen.Text("pointer")));
        }
    }

    private async Task<string> UploadAsync(string key)
    {
        using var http = new HttpClient { BaseAddress = _gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads/files?file_name=salaries.txt")
        {
            Content = new ByteArrayContent("alice 1"u8.ToArray()),
        };
        request.Headers.Add("X-Api-Key", key);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)answer.StatusCode);
        var uploaded = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return uploaded.GetProperty("file_key").GetString()!;
    }

    private async Task<(long Number, string Message)> SendAsync(string key, string text)
    {
        var sent = await _gateway.CallAsync(key, HttpMethod.Post, "/messages?wait=15", new { to = new { chat_id = SeededCompany.PurchasingChat }, text, key = "k-1" });
        Assert.True(sent.Text("state") == "sent", sent.Body.ToString());
        return (sent.Body.GetProperty("id").GetInt64(), sent.Text("message_id")!);
    }
}
