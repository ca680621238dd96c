using System.Text;
using System.Text.Json;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.GroupChats;
using Larkspur.WeCom.Media;
using Larkspur.WeCom.Messages;

namespace Larkspur.WeCom.Tests.Messages;

/// <summary>What goes over the wire for each kind of message, and what is read back.</summary>
public sealed class MessageTests : IAsyncLifetime
{
    private const string Sent = """{"errcode":0,"errmsg":"ok","invaliduser":"","invalidparty":"","invalidtag":"","msgid":"m-1"}""";

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3, 4];

    private StubWeCom _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<MessageContent, string> Contents => new()
    {
        { new TextContent("好 <a href=\"https://a\">x</a>"), """{"text":{"content":"好 <a href=\"https://a\">x</a>"}}""" },
        { new MarkdownContent("**b**"), """{"markdown":{"content":"**b**"}}""" },
        { new ImageContent("M"), """{"image":{"media_id":"M"}}""" },
        { new VoiceContent("M"), """{"voice":{"media_id":"M"}}""" },
        { new VideoContent("M", "t"), """{"video":{"media_id":"M","title":"t"}}""" },
        { new FileContent("M"), """{"file":{"media_id":"M"}}""" },
        { new TextCardContent("t", "d", "https://a.example", "更多"), """{"textcard":{"title":"t","description":"d","url":"https://a.example","btntxt":"更多"}}""" },
        {
            new NewsContent([new("t", "https://a.example", PictureUrl: "https://p.example")]),
            """{"news":{"articles":[{"title":"t","url":"https://a.example","picurl":"https://p.example"}]}}"""
        },
        { new MpNewsContent([new("t", "M", "<p>x</p>")]), """{"mpnews":{"articles":[{"title":"t","thumb_media_id":"M","content":"<p>x</p>"}]}}""" },
        {
            new MiniProgramNoticeContent("wx1", "t", ContentItem: [new("k", "v")]),
            """{"miniprogram_notice":{"appid":"wx1","title":"t","content_item":[{"key":"k","value":"v"}]}}"""
        },
        {
            new CardContent(new ButtonCard { MainTitle = new("t"), TaskId = "task-1", ButtonList = [new("同意", "yes", 1)] }),
            """{"template_card":{"card_type":"button_interaction","horizontal_content_list":[],"button_list":[{"text":"同意","key":"yes","style":1}],"main_title":{"title":"t"},"task_id":"task-1"}}"""
        },
    };

    public async ValueTask InitializeAsync()
    {
        _platform = await StubWeCom.StartAsync();
        _platform.Post("/cgi-bin/message/send", _ => Sent);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [MemberData(nameof(Contents), DisableDiscoveryEnumeration = true)]
    public async Task Each_kind_has_its_wire_shape(MessageContent content, string expected)
    {
        SentMessage sent = await _platform.Client().Messages.SendAsync(MessageTarget.To("alice", "bob"), content, cancellationToken: Cancel);
        Assert.Equal("m-1", sent.MessageId);
        Assert.True(sent.ReachedAll);
        JsonElement body = Assert.Single(_platform.Calls).Json;
        Assert.Equal("alice|bob", body.GetProperty("touser").GetString());
        Assert.Equal(1000002, body.GetProperty("agentid").GetInt32());
        string type = body.GetProperty("msgtype").GetString()!;
        JsonElement wanted = JsonDocument.Parse(expected).RootElement;
        Assert.True(JsonElement.DeepEquals(wanted.GetProperty(type), body.GetProperty(type)), body.GetRawText());
        Assert.Equal(4, body.EnumerateObject().Count());
    }

    [Fact]
    public async Task Options_and_other_targets()
    {
        WeComClient client = _platform.Client();
        await client.Messages.SendAsync(new MessageTarget { Departments = [1, 2], Tags = [3] }, new TextContent("x"),
            new SendMessageOptions { DuplicateCheck = TimeSpan.FromMinutes(30), Confidential = true, TranslateIds = true }, Cancel);
        JsonElement body = _platform.Calls.Last().Json;
        Assert.Equal(("1|2", "3", 1, 1, 1, 1800), (body.GetProperty("toparty").GetString(), body.GetProperty("totag").GetString(), body.GetProperty("safe").GetInt32(),
            body.GetProperty("enable_id_trans").GetInt32(), body.GetProperty("enable_duplicate_check").GetInt32(), body.GetProperty("duplicate_check_interval").GetInt32()));
        await client.Messages.SendAsync(MessageTarget.Everybody, new TextContent("x"), cancellationToken: Cancel);
        Assert.Equal("@all", _platform.Calls.Last().Json.GetProperty("touser").GetString());
    }

    [Fact]
    public async Task Who_was_not_reached_is_told_and_the_code_for_updates_is_there()
    {
        _platform.Post("/cgi-bin/message/send", _ => """
            {"errcode":0,"errmsg":"ok","invaliduser":"bob|carol","invalidparty":"7","invalidtag":"","unlicenseduser":"dave","msgid":"m-1","response_code":"RC-secret"}
            """);
        SentMessage sent = await _platform.Client().Messages.SendAsync(MessageTarget.To("alice", "bob"), new TextContent("x"), cancellationToken: Cancel);
        Assert.Equal(["bob", "carol"], sent.InvalidUsers);
        Assert.Equal(["7"], sent.InvalidDepartments);
        Assert.Equal(["dave"], sent.UnlicensedUsers);
        Assert.False(sent.ReachedAll);
        Assert.Equal("RC-secret", sent.ResponseCode);
        Assert.DoesNotContain("RC-secret", sent.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(39, 1)] // The last try of a call of 30 s may come when the first one is forgotten.
    [InlineData(40, 2)]
    [InlineData(600, 2)]
    public async Task A_lost_answer_is_followed_by_another_try_only_under_a_duplicate_check_that_outlasts_the_call(int seconds, int calls)
    {
        int number = 0;
        _platform.On("POST", "/cgi-bin/message/send", c =>
        {
            if (Interlocked.Increment(ref number) > 1) return StubWeCom.Json(c.Http, 200, Sent);
            c.Http.Abort();
            return Task.CompletedTask;
        });
        Task sending = _platform.Client().Messages.SendAsync(MessageTarget.To("alice"), new TextContent("x"),
            new SendMessageOptions { DuplicateCheck = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null }, Cancel);
        if (calls > 1) await sending;
        else Assert.True((await Assert.ThrowsAsync<PlatformNetworkException>(() => sending)).EffectUnknown);
        Assert.Equal(calls, _platform.Calls.Count());
        Assert.Single(_platform.Calls.Select(c => c.Text).Distinct());
    }

    [Fact]
    public async Task Each_member_takes_a_turn_below_what_is_dropped_silently()
    {
        var rateLimiter = new RecordingRateLimiter();
        await _platform.Client(rateLimiter: rateLimiter).Messages.SendAsync(MessageTarget.To("Alice", "bob"), new TextContent("x"), cancellationToken: Cancel);
        Assert.Equal(
            [$"wecom:{StubWeCom.CorpId}:1000002:member:alice", $"wecom:{StubWeCom.CorpId}:1000002:member:bob"], rateLimiter.Permits.Select(t => t.Key).Where(k => k.Contains(":member:", StringComparison.Ordinal)));
        Assert.All(rateLimiter.Permits.Where(t => t.Key.Contains(":member:", StringComparison.Ordinal)), t => Assert.True(t.Limit.PerMinute is <= 16));
    }

    [Fact]
    public async Task A_card_is_updated_by_its_code_and_not_twice()
    {
        _platform.Post("/cgi-bin/message/update_template_card", _ => """{"errcode":0,"errmsg":"ok","invaliduser":["bob"]}""");
        WeComClient client = _platform.Client();
        Assert.Equal(["bob"], (await client.Messages.UpdateCardAsync("RC", CardChange.Button("已同意"), MessageTarget.To("alice", "bob"), Cancel)).InvalidUsers);
        Assert.True(JsonElement.DeepEquals(
            JsonDocument.Parse("""{"agentid":1000002,"response_code":"RC","userids":["alice","bob"],"button":{"replace_name":"已同意"}}""").RootElement, _platform.Calls.Last().Json));
        await client.Messages.UpdateCardAsync("RC2", CardChange.Card(new NoticeCard { MainTitle = new("done"), CardAction = CardAction.Open("https://a.example") }), cancellationToken: Cancel);
        Assert.Equal(1, _platform.Calls.Last().Json.GetProperty("atall").GetInt32());

        _platform.Post("/cgi-bin/message/update_template_card", _ => """{"errcode":60140,"errmsg":"invalid response_code RC-used"}""");
        WeComApiException used = await Assert.ThrowsAsync<WeComApiException>(() => client.Messages.UpdateCardAsync("RC-used", CardChange.Button("x"), cancellationToken: Cancel));
        Assert.Equal(60140, used.Code);
        Assert.DoesNotContain("RC-used", used.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, _platform.Calls.Count());
    }

    [Fact]
    public async Task A_message_is_recalled()
    {
        _platform.Post("/cgi-bin/message/recall", _ => """{"errcode":0,"errmsg":"ok"}""");
        await _platform.Client().Messages.RecallAsync("m-1", Cancel);
        Assert.Equal("""{"msgid":"m-1"}""", Assert.Single(_platform.Calls).Text);
    }

    [Fact]
    public async Task A_file_is_uploaded_in_the_part_named_media_and_found_again()
    {
        string type = "", name = "", part = "";
        byte[] content = [];
        _platform.On("POST", "/cgi-bin/media/upload", async c =>
        {
            c.Http.Request.Body = new MemoryStream(c.Body);
            Microsoft.AspNetCore.Http.IFormFile file = (await c.Http.Request.ReadFormAsync()).Files.Single();
            (type, part, name) = (c.Query["type"], file.Name, file.FileName);
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes);
            content = bytes.ToArray();
            await StubWeCom.Json(c.Http, 200, """{"errcode":0,"errmsg":"ok","type":"image","media_id":"M-1","created_at":"1380000000"}""");
        });
        WeComClient client = _platform.Client();
        UploadedMedia media = await client.Media.UploadAsync(MediaKind.Image, new WeComFile("报表 \"1\".png", Png), Cancel);
        Assert.Equal(("M-1", 1380000000), (media.MediaId, media.CreatedAt));
        Assert.Equal(("image", "media", "报表 _1_.png"), (type, part, name));
        Assert.Equal(Png, content);

        _platform.On("GET", "/cgi-bin/media/get", c =>
        {
            if (c.Query["media_id"] != "M-1") return StubWeCom.Json(c.Http, 200, """{"errcode":40007,"errmsg":"invalid media_id"}""");
            c.Http.Response.ContentType = "image/png";
            c.Http.Response.Headers.ContentDisposition = "attachment; filename=\"a.png\"";
            return c.Http.Response.Body.WriteAsync(Png).AsTask();
        });
        using (WeComDownload download = await client.Media.DownloadAsync("M-1", Cancel))
        {
            using var bytes = new MemoryStream();
            await download.Content.CopyToAsync(bytes, Cancel);
            Assert.Equal(Png, bytes.ToArray());
            Assert.Equal("a.png", download.FileName);
        }

        Assert.Equal(40007, (await Assert.ThrowsAsync<WeComApiException>(() => client.Media.DownloadAsync("M-2", Cancel))).Code);
    }

    [Fact]
    public async Task Files_that_would_be_refused_are_not_uploaded()
    {
        WeComMedia media = _platform.Client().Media;
        foreach ((MediaKind kind, byte[] bytes) in new (MediaKind, byte[])[]
        {
            (MediaKind.File, [1, 2, 3, 4, 5]), (MediaKind.File, new byte[(20 << 20) + 1]), (MediaKind.Image, "GIF89a.."u8.ToArray()), (MediaKind.Voice, Png), (MediaKind.Video, Png),
            (MediaKind.Voice, [.. "#!AMR"u8, .. new byte[2 << 20]]),
        })
        {
            await Assert.ThrowsAsync<WeComContentException>(() => media.UploadAsync(kind, new WeComFile("a", bytes), Cancel));
        }

        Assert.Empty(_platform.Requests);
    }

    [Fact]
    public async Task A_group_chat_is_made_changed_read_and_written_to()
    {
        _platform.Post("/cgi-bin/appchat/create", _ => """{"errcode":0,"errmsg":"ok","chatid":"C1"}""");
        _platform.Post("/cgi-bin/appchat/update", _ => """{"errcode":0,"errmsg":"ok"}""");
        _platform.Post("/cgi-bin/appchat/send", _ => """{"errcode":0,"errmsg":"ok"}""");
        _platform.Get("/cgi-bin/appchat/get", _ => """{"errcode":0,"errmsg":"ok","chat_info":{"chatid":"C1","name":"n","owner":"alice","userlist":["alice","bob"]}}""");
        WeComGroupChats chats = _platform.Client().GroupChats;
        Assert.Equal("C1", await chats.CreateAsync(["alice", "bob"], "n", chatId: "C1", cancellationToken: Cancel));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse("""{"name":"n","userlist":["alice","bob"],"chatid":"C1"}""").RootElement, _platform.Calls.Last().Json));
        await chats.UpdateAsync("C1", add: ["carol"], cancellationToken: Cancel);
        Assert.Equal("""{"chatid":"C1","add_user_list":["carol"]}""", _platform.Calls.Last().Text);
        Assert.Equal(["alice", "bob"], (await chats.GetAsync("C1", Cancel)).Users);
        await chats.SendAsync("C1", new TextContent("x"), cancellationToken: Cancel);
        Assert.Equal("""{"chatid":"C1","msgtype":"text","text":{"content":"x"},"safe":0}""", _platform.Calls.Last().Text);
        await Assert.ThrowsAsync<WeComContentException>(() => chats.SendAsync("C1", new MiniProgramNoticeContent("wx", "t"), cancellationToken: Cancel));
        await Assert.ThrowsAsync<WeComContentException>(() => chats.CreateAsync(["alice"], cancellationToken: Cancel));
    }
}
