using System.Net.Http.Headers;
using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

public sealed class MessageTests : IAsyncLifetime
{
    private const string SharedCard = """{"config":{"update_multi":true},"elements":[{"tag":"markdown","content":"hello"}]}""";
    private EmulatorApp _emulator = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider() });
        _token = await _emulator.TenantTokenAsync();
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Theory]
    [InlineData("open_id")]
    [InlineData("user_id")]
    [InlineData("union_id")]
    [InlineData("email")]
    [InlineData("chat_id")]
    public async Task Every_kind_of_receiver_is_found(string type)
    {
        var id = type switch
        {
            "open_id" => WireIds.OpenId(EmulatorApp.AppId, "alice"),
            "user_id" => "alice",
            "union_id" => _emulator.State.Person("alice")!.UnionId,
            "email" => "alice@mica.example",
            _ => SeededCompany.PurchasingChat,
        };
        var reply = await SendAsync(type, id, "text", new { text = "hi" });
        Assert.Equal((200, 0L), (reply.Status, reply.Code));
        Assert.StartsWith("om_", reply.Data["message_id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("app_id", reply.Data["sender"]!["id_type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("chat_id", "oc_unknown", 230034)]
    [InlineData("email", "nobody@mica.example", 230034)]
    [InlineData("open_id", "ou_unknown", 99992351)]
    [InlineData("user_id", "nobody", 99992360)]
    public async Task An_unknown_receiver_is_refused(string type, string id, long code) => Assert.Equal(code, (await SendAsync(type, id, "text", new { text = "hi" })).Code);

    [Fact]
    public async Task An_open_id_of_another_app_is_99992361()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "apps", new { app_id = "cli_0000000000000002", app_secret = "s" });
        Assert.Equal(99992361, (await SendAsync("open_id", WireIds.OpenId("cli_0000000000000002", "bob"), "text", new { text = "hi" })).Code);
    }

    [Fact]
    public async Task A_person_outside_the_apps_availability_is_230013()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { available_to = new[] { "bob" } });
        Assert.Equal(230013, (await SendAsync("user_id", "alice", "text", new { text = "hi" })).Code);
    }

    [Fact]
    public async Task A_group_without_the_bot_is_230002()
    {
        var group = (await _emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "private" }))["chat_id"]!.GetValue<string>();
        Assert.Equal(230002, (await SendAsync("chat_id", group, "text", new { text = "hi" })).Code);
    }

    [Theory]
    [InlineData("text", "not json", 230001)]
    [InlineData("text", """{"txt":"a"}""", 230001)]
    [InlineData("post", """{"zh_cn":{"title":"x","content":[{"tag":"text","text":"a"}]}}""", 230001)]
    [InlineData("post", """{"zh_cn":{"content":[[{"tag":"blink","text":"a"}]]}}""", 230001)]
    [InlineData("image", """{"image_key":"img_unknown"}""", 230001)]
    [InlineData("text", """{"text":"\ud800"}""", 230001)]
    [InlineData("interactive", "{broken", 230099)]
    [InlineData("interactive", """{"elements":[{"tag":"markdown","content":"\udc00"}]}""", 230099)]
    [InlineData("interactive", """{"schema":"2.0","body":{"elements":[{"tag":"note","elements":[]}]}}""", 230099)]
    [InlineData("interactive", """{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"a","colour":"red"}]}}""", 230099)]
    [InlineData("interactive", """{"type":"template","data":{"template_id":"AAqx"}}""", 230099)]
    public async Task Bad_content_is_refused(string type, string content, long code)
    {
        var reply = await SendAsync("user_id", "alice", type, content);
        Assert.Equal((400, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_tag_that_2_0_dropped_is_named_with_its_path()
    {
        var reply = await SendAsync("user_id", "alice", "interactive", """{"schema":"2.0","body":{"elements":[{"tag":"hr"},{"tag":"action","actions":[]}]}}""");
        var msg = reply.Json["msg"]!.GetValue<string>();
        Assert.StartsWith("Failed to create card content, ext=ErrCode: 200861; ErrPath: ROOT -> body -> elements -> [1](tag: ", msg, StringComparison.Ordinal);
        Assert.Contains("unsupported tag action", msg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", 151)]
    [InlineData("post", 31)]
    [InlineData("interactive", 31)]
    public async Task Content_over_its_limit_is_230025(string type, int kilobytes)
    {
        var filler = new string('x', kilobytes * 1024);
        object content = type switch
        {
            "text" => new { text = filler },
            "post" => new { zh_cn = new { title = "", content = new[] { new[] { new { tag = "text", text = filler } } } } },
            _ => new { elements = new[] { new { tag = "markdown", content = filler } } },
        };
        Assert.Equal(230025, (await SendAsync("user_id", "alice", type, content)).Code);
    }

    [Fact]
    public async Task The_same_uuid_sends_once_within_an_hour()
    {
        var first = await SendAsync("user_id", "alice", "text", new { text = "once" }, "u-1");
        var again = await SendAsync("user_id", "alice", "text", new { text = "once" }, "u-1");
        Assert.Equal(Id(first), Id(again));
        Assert.Single(_emulator.State.Messages(first.Data["chat_id"]!.GetValue<string>()));
        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.NotEqual(Id(first), Id(await SendAsync("user_id", "alice", "text", new { text = "once" }, "u-1")));
    }

    [Fact]
    public async Task More_than_5_messages_a_second_to_one_person_is_230020()
    {
        List<long> codes = [];
        for (var i = 0; i < 12; i++) codes.Add((await SendAsync("user_id", "bob", "text", new { text = "hi" })).Code);
        Assert.Contains(230020, codes);
        Assert.Equal(5, codes.TakeWhile(c => c == 0).Count());
        Assert.Equal(0, (await SendAsync("user_id", "carol", "text", new { text = "hi" })).Code);
    }

    [Fact]
    public async Task Mentions_come_back_as_placeholders_with_a_list()
    {
        var openId = WireIds.OpenId(EmulatorApp.AppId, "bob");
        var reply = await SendAsync("chat_id", SeededCompany.PurchasingChat, "text", new { text = $"hi <at user_id=\"{openId}\">Bob</at> and <at user_id=\"all\"></at>" });
        Assert.Equal("""{"text":"hi @_user_1 and @_all"}""", reply.Data["body"]!["content"]!.GetValue<string>());
        Assert.Equal(openId, reply.Data["mentions"]![0]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_post_is_received_without_its_locale()
    {
        var reply = await SendAsync("user_id", "alice", "post", new { zh_cn = new { title = "T", content = new[] { new[] { new { tag = "text", text = "a" } } } } });
        using var content = JsonDocument.Parse(reply.Data["body"]!["content"]!.GetValue<string>());
        Assert.Equal("T", content.RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_reply_knows_its_root_and_parent()
    {
        var root = Id(await SendAsync("user_id", "alice", "text", new { text = "root" }));
        var child = await ReplyAsync(root);
        var grandchild = await ReplyAsync(Id(child));
        Assert.Equal((root, Id(child)), (grandchild.Data["root_id"]!.GetValue<string>(), grandchild.Data["parent_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task History_is_paged_in_both_orders()
    {
        for (var i = 0; i < 5; i++) await _emulator.ActAsync(new { @as = "alice", @do = "send", text = $"m{i}" });
        var chat = _emulator.State.P2pChat("alice", EmulatorApp.AppId)!.ChatId;
        List<string> seen = [];
        var page = "";
        do
        {
            var reply = await _emulator.CallAsync(HttpMethod.Get, $"/open-apis/im/v1/messages?container_id_type=chat&container_id={chat}&sort_type=ByCreateTimeDesc&page_size=2&page_token={page}", _token);
            seen.AddRange(reply.Data["items"]!.AsArray().Select(m => m!["body"]!["content"]!.GetValue<string>()));
            page = reply.Data["has_more"]!.GetValue<bool>() ? reply.Data["page_token"]!.GetValue<string>() : "";
        }
        while (page.Length > 0);
        Assert.Equal(["m4", "m3", "m2", "m1", "m0"], seen.Select(s => s[9..^2]));
    }

    [Fact]
    public async Task Group_history_needs_its_own_scope()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "im:message:readonly" } });
        var reply = await _emulator.CallAsync(HttpMethod.Get, $"/open-apis/im/v1/messages?container_id_type=chat&container_id={SeededCompany.PurchasingChat}", _token);
        Assert.Equal(230027, reply.Code);
    }

    [Fact]
    public async Task A_text_can_be_edited_20_times()
    {
        var id = Id(await SendAsync("user_id", "alice", "text", new { text = "0" }));
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(0, (await EditAsync(id, i)).Code);
            await _emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(230072, (await EditAsync(id, 21)).Code);
    }

    [Fact]
    public async Task A_shared_card_is_patched_and_an_exclusive_one_is_not()
    {
        var shared = Id(await SendAsync("user_id", "alice", "interactive", SharedCard));
        Assert.Equal(0, (await PatchAsync(shared, SharedCard.Replace("hello", "bye", StringComparison.Ordinal))).Code);
        Assert.Contains("bye", _emulator.State.Message(shared)!.Card!.Json, StringComparison.Ordinal);
        var exclusive = Id(await SendAsync("user_id", "alice", "interactive", """{"elements":[]}"""));
        Assert.Equal(230001, (await PatchAsync(exclusive, SharedCard)).Code);
    }

    [Fact]
    public async Task A_card_is_patched_for_14_days_and_5_times_a_second()
    {
        var id = Id(await SendAsync("user_id", "alice", "interactive", SharedCard));
        List<long> codes = [];
        for (var i = 0; i < 8; i++) codes.Add((await PatchAsync(id, SharedCard)).Code);
        Assert.Equal(5, codes.TakeWhile(c => c == 0).Count());
        Assert.Contains(230020, codes);
        await _emulator.AdvanceAsync(TimeSpan.FromDays(14.1));
        _token = await _emulator.TenantTokenAsync();
        Assert.Equal(230031, (await PatchAsync(id, SharedCard)).Code);
    }

    [Fact]
    public async Task A_recalled_message_shows_as_recalled_and_stays_so()
    {
        var id = Id(await SendAsync("user_id", "alice", "interactive", SharedCard));
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Delete, "/open-apis/im/v1/messages/" + id, _token, "{}")).Code);
        Assert.Equal(230110, (await _emulator.CallAsync(HttpMethod.Delete, "/open-apis/im/v1/messages/" + id, _token)).Code);
        Assert.Equal(230011, (await PatchAsync(id, SharedCard)).Code);
        var get = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/messages/" + id, _token);
        Assert.Equal("This message was recalled", get.Data["items"]![0]!["body"]!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task Others_messages_are_neither_edited_nor_recalled()
    {
        var id = (await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "mine" }))["message_id"]!.GetValue<string>();
        Assert.Equal(230071, (await EditAsync(id, 1)).Code);
        Assert.Equal(230026, (await _emulator.CallAsync(HttpMethod.Delete, "/open-apis/im/v1/messages/" + id, _token)).Code);
    }

    [Fact]
    public async Task Who_read_it_is_known_for_7_days()
    {
        var sent = await SendAsync("user_id", "alice", "text", new { text = "read me" });
        var path = $"/open-apis/im/v1/messages/{Id(sent)}/read_users?user_id_type=user_id";
        Assert.Empty((await _emulator.CallAsync(HttpMethod.Get, path, _token)).Data["items"]!.AsArray());
        await _emulator.ActAsync(new { @as = "alice", @do = "read" });
        Assert.Equal("alice", (await _emulator.CallAsync(HttpMethod.Get, path, _token)).Data["items"]![0]!["user_id"]!.GetValue<string>());
        await _emulator.AdvanceAsync(TimeSpan.FromDays(7.1));
        Assert.Equal(230033, (await _emulator.CallAsync(HttpMethod.Get, path, await _emulator.TenantTokenAsync())).Code);
    }

    [Fact]
    public async Task Reactions_come_and_go()
    {
        var id = (await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "like me" }))["message_id"]!.GetValue<string>();
        var path = $"/open-apis/im/v1/messages/{id}/reactions";
        var made = await _emulator.CallAsync(HttpMethod.Post, path, _token, new { reaction_type = new { emoji_type = "SMILE" } });
        await _emulator.ActAsync(new { @as = "alice", @do = "react", message_id = id, emoji = "OK" });
        Assert.Equal(2, (await _emulator.CallAsync(HttpMethod.Get, path, _token)).Data["items"]!.AsArray().Count);
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Delete, $"{path}/{made.Data["reaction_id"]}", _token)).Code);
        Assert.Equal(231011, (await _emulator.CallAsync(HttpMethod.Delete, $"{path}/{made.Data["reaction_id"]}", _token)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_is_uploaded_with_or_without_a_file_name_sent_and_downloaded(bool withName)
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0xC3, 0xA9, 0xFF];
        var upload = await UploadAsync("images", ("image_type", "message"), "image", png, withName ? "a.png" : null);
        var key = upload.Data["image_key"]!.GetValue<string>();
        var sent = await SendAsync("user_id", "alice", "image", new { image_key = key });
        Assert.Equal(png, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/images/" + key, _token)).Bytes);
        Assert.Equal(png, (await _emulator.CallAsync(HttpMethod.Get, $"/open-apis/im/v1/messages/{Id(sent)}/resources/{key}?type=image", _token)).Bytes);
        Assert.Equal(234003, (await _emulator.CallAsync(HttpMethod.Get, $"/open-apis/im/v1/messages/{Id(sent)}/resources/img_other?type=image", _token)).Code);
    }

    [Fact]
    public async Task Bad_uploads_are_refused()
    {
        Assert.Equal(234010, (await UploadAsync("images", ("image_type", "message"), "image", [], "a.png")).Code);
        Assert.Equal(234011, (await UploadAsync("images", ("image_type", "message"), "image", [1, 2, 3], "a.png")).Code);
        Assert.Equal(234006, (await UploadAsync("images", ("image_type", "message"), "image", new byte[(10 << 20) + 1], "a.png")).Code);
        Assert.Equal(99992402, (await UploadAsync("images", ("image_type", "banner"), "image", [1], "a.png")).Code);
    }

    private static string Id(ApiReply reply) => reply.Data["message_id"]!.GetValue<string>();

    private Task<ApiReply> SendAsync(string idType, string id, string msgType, object content, string? uuid = null) =>
        _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=" + idType, _token,
            new { receive_id = id, msg_type = msgType, content = content as string ?? JsonSerializer.Serialize(content), uuid });

    private Task<ApiReply> ReplyAsync(string id) =>
        _emulator.CallAsync(HttpMethod.Post, $"/open-apis/im/v1/messages/{id}/reply", _token, new { msg_type = "text", content = """{"text":"re"}""" });

    private Task<ApiReply> EditAsync(string id, int number) =>
        _emulator.CallAsync(HttpMethod.Put, "/open-apis/im/v1/messages/" + id, _token, new { msg_type = "text", content = $$"""{"text":"{{number}}"}""" });

    private Task<ApiReply> PatchAsync(string id, string card) => _emulator.CallAsync(HttpMethod.Patch, "/open-apis/im/v1/messages/" + id, _token, new { content = card });

    private Task<ApiReply> UploadAsync(string what, (string Name, string Value) field, string part, byte[] bytes, string? fileName)
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var form = new MultipartFormDataContent { { new StringContent(field.Value), field.Name } };
        if (fileName is null) form.Add(file, part);
        else form.Add(file, part, fileName);
        return _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/" + what, _token, form);
    }
}
