using System.Text.Json.Nodes;
using Larkspur.Emulator.State;

namespace Larkspur.Emulator.Tests.Im;

/// <summary>What each message type takes, what it refuses, and what receivers get of it.</summary>
public sealed class ContentTests : ImTest
{
    [Theory]
    [InlineData("stream", "file", 0)]
    [InlineData("pdf", "file", 0)]
    [InlineData("opus", "audio", 0)]
    [InlineData("mp4", "media", 0)]
    [InlineData("stream", "audio", 230055)]
    [InlineData("stream", "media", 230055)]
    [InlineData("opus", "media", 230055)]
    [InlineData("mp4", "file", 230055)]
    public async Task A_file_goes_out_as_the_type_it_was_uploaded_for(string fileType, string msgType, long code)
    {
        var key = await UploadAsync(fileType, name: "计划.bin");
        Assert.Equal(code, (await SendAsync("alice", msgType, new { file_key = key })).Code);
    }

    [Fact]
    public async Task Receivers_learn_name_and_length_of_files()
    {
        var file = Content((await SendAsync("alice", "file", new { file_key = await UploadAsync("pdf", name: "合同.pdf") })).Data);
        Assert.Equal("合同.pdf", file["file_name"]!.GetValue<string>());
        Assert.Equal(2500, Content((await SendAsync("alice", "audio", new { file_key = await UploadAsync("opus") })).Data)["duration"]!.GetValue<int>());
        var cover = await UploadAsync("message");
        var media = Content((await SendAsync("alice", "media", new { file_key = await UploadAsync("mp4", name: "film.mp4"), image_key = cover })).Data);
        Assert.Equal((cover, "film.mp4", 2500), (media["image_key"]!.GetValue<string>(), media["file_name"]!.GetValue<string>(), media["duration"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_another_app_uploaded_is_230017()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "apps", new { app_id = "cli_0000000000000002", app_secret = "s" });
        var other = await Emulator.TenantTokenAsync("cli_0000000000000002", "s");
        var (image, file) = (await UploadAsync("message"), await UploadAsync("stream"));
        foreach (var (type, content) in new (string, object)[] { ("image", new { image_key = image }), ("file", new { file_key = file }) })
        {
            var reply = await CallAsync(HttpMethod.Post, "messages?receive_id_type=user_id", new { receive_id = "alice", msg_type = type, content = System.Text.Json.JsonSerializer.Serialize(content) }, other);
            Assert.Equal(230017, reply.Code);
        }
    }

    [Fact]
    public async Task Only_a_received_sticker_can_be_sent()
    {
        var sticker = await Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "sticker", base64 = Convert.ToBase64String(Png), name = "cat.png" });
        var key = JsonNode.Parse(Stored(sticker["message_id"]!.GetValue<string>()).Content)!["file_key"]!.GetValue<string>();
        Assert.Equal(0, (await SendAsync("bob", "sticker", new { file_key = key })).Code);
        Assert.Equal(230017, (await SendAsync("bob", "sticker", new { file_key = "file_v3_never" })).Code);
    }

    [Fact]
    public async Task Cards_of_groups_and_people_are_shared()
    {
        Assert.Equal(0, (await SendAsync("alice", "share_chat", new { chat_id = SeededCompany.PurchasingChat })).Code);
        Assert.Equal(230015, (await SendAsync("alice", "share_chat", new { chat_id = Emulator.State.P2pChat("bob", Larkspur.Testing.EmulatorApp.AppId)!.ChatId })).Code);
        Assert.Equal(230001, (await SendAsync("alice", "share_chat", new { chat_id = "oc_nothing" })).Code);
        Assert.Equal(0, (await SendAsync("alice", "share_user", new { user_id = WireIds.OpenId(Larkspur.Testing.EmulatorApp.AppId, "bob") })).Code);
        Assert.Equal(230001, (await SendAsync("alice", "share_user", new { user_id = "bob" })).Code);
    }

    [Theory]
    [InlineData("""{"type":"divider","params":{"divider_text":{"text":"New","i18n_text":{"zh_CN":"新消息"}}},"options":{"need_rollup":true}}""", 0)]
    [InlineData("""{"type":"divider","params":{"divider_text":{"text":"123456789012345678901"}}}""", 230001)]
    [InlineData("""{"type":"banner","params":{"divider_text":{"text":"New"}}}""", 230001)]
    [InlineData("""{"type":"divider","params":{}}""", 230001)]
    public async Task A_divider_has_20_characters_at_most(string content, long code) => Assert.Equal(code, (await SendAsync("alice", "system", content)).Code);

    [Fact]
    public async Task A_divider_stays_out_of_groups_and_needs_its_scope()
    {
        const string divider = """{"type":"divider","params":{"divider_text":{"text":"New"}}}""";
        Assert.Equal(230001, (await SendAsync(SeededCompany.PurchasingChat, "system", divider)).Code);
        await Emulator.ControlAsync(HttpMethod.Patch, "apps/" + Larkspur.Testing.EmulatorApp.AppId, new { granted_scopes = new[] { "im:message", "contact:user.employee_id:readonly" } });
        Assert.Equal(230027, (await SendAsync("alice", "system", divider)).Code);
    }

    [Theory]
    [InlineData("""{"zh_cn":{"title":"t","content":[[{"tag":"text","text":"a","style":["bold","underline"]},{"tag":"a","text":"l","href":"https://mica.example"},{"tag":"at","user_id":"all"},{"tag":"emotion","emoji_type":"SMILE"}],[{"tag":"hr"}],[{"tag":"code_block","language":"GO","text":"x"}],[{"tag":"md","text":"**b**"}]]},"en_us":{"content":[[{"tag":"text","text":"a"}]]}}""", 0)]
    [InlineData("""{"zh_cn":{"content":[[{"tag":"text","text":"a","style":["blinking"]}]]}}""", 230001)]
    [InlineData("""{"zh_cn":{"content":[[{"tag":"a","text":"no address"}]]}}""", 230001)]
    [InlineData("""{"zh_cn":{"content":[[{"tag":"emotion","emoji_type":"NOPE"}]]}}""", 230001)]
    [InlineData("""{"zh_cn":{"content":[[{"tag":"img","image_key":"img_v3_none"}]]}}""", 230001)]
    [InlineData("""{"zh_cn":{"content":[[{"tag":"md","text":"a"},{"tag":"text","text":"b"}]]}}""", 230001)]
    [InlineData("""{"zh_cn":{"title":1,"content":[[{"tag":"text","text":"a"}]]}}""", 230001)]
    [InlineData("""{"post":{"zh_cn":{"content":[[{"tag":"text","text":"a"}]]}}}""", 230001)]
    [InlineData("{}", 230001)]
    public async Task A_post_is_validated_tag_by_tag(string content, long code) => Assert.Equal(code, (await SendAsync("alice", "post", content)).Code);

    [Fact]
    public async Task Pictures_and_films_stand_alone_in_their_paragraph()
    {
        var image = await UploadAsync("message");
        var film = await UploadAsync("mp4");
        object Post(params object[] paragraph) => new { zh_cn = new { content = new[] { paragraph } } };
        Assert.Equal(0, (await SendAsync("alice", "post", Post(new { tag = "img", image_key = image }))).Code);
        Assert.Equal(0, (await SendAsync("alice", "post", Post(new { tag = "media", file_key = film, image_key = image }))).Code);
        Assert.Equal(230001, (await SendAsync("alice", "post", Post(new { tag = "img", image_key = image }, new { tag = "text", text = "beside it" }))).Code);
        Assert.Equal(230055, (await SendAsync("alice", "post", Post(new { tag = "media", file_key = await UploadAsync("stream") }))).Code);
    }

    [Fact]
    public async Task Markdown_in_a_post_arrives_as_paragraphs()
    {
        var open = WireIds.OpenId(Larkspur.Testing.EmulatorApp.AppId, "bob");
        var reply = await SendAsync("alice", "post", new { zh_cn = new { content = new[] { new[] { new { tag = "md", text = $"**bold** and [link](https://mica.example)\n---\n```go\nx := 1\n```\n<at user_id=\"{open}\"></at>" } } } } });
        var lines = Content(reply.Data)["content"]!.AsArray();
        Assert.Equal(["text", "text", "a"], lines[0]!.AsArray().Select(t => t!["tag"]!.GetValue<string>()));
        Assert.Equal("bold", lines[0]![0]!["style"]![0]!.GetValue<string>());
        Assert.Equal("hr", lines[1]![0]!["tag"]!.GetValue<string>());
        Assert.Equal("x := 1", lines[2]![0]!["text"]!.GetValue<string>());
        Assert.Equal("@_user_1", lines[3]![0]!["user_id"]!.GetValue<string>());
        Assert.Equal(open, reply.Data["mentions"]![0]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_forbidden_word_is_230022()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "tenant", new { sensitive_words = new[] { "secret plan" } });
        Assert.Equal(230022, (await SendAsync("alice", "text", new { text = "the Secret Plan" })).Code);
        Assert.Equal(0, (await SendAsync("alice", "text", new { text = "no plan" })).Code);
    }

    [Fact]
    public async Task Mentioning_all_can_be_forbidden_by_the_group()
    {
        Emulator.State.ChangeChat(SeededCompany.PurchasingChat, c => c with { Settings = c.Settings.SetItem("at_all_permission", "only_owner") });
        Assert.Equal(230018, (await SendAsync(SeededCompany.PurchasingChat, "text", new { text = "<at user_id=\"all\"></at>" })).Code);
        Assert.Equal(0, (await SendAsync(SeededCompany.PurchasingChat, "text", new { text = "quiet" })).Code);
    }
}
