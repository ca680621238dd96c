#pragma warning disable CA5351 // The platform checks files by MD5.
using System.Security.Cryptography;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class GroupTests : WeComTest
{
    private const string Purchasing = "wrLarkspurPurchasing0000000000001";

    private static string Hook => $"/cgi-bin/webhook/send?key={Corp.GroupRobotKey}";

    [Fact]
    public async Task A_robot_speaks_into_its_group_with_its_key_alone()
    {
        Assert.Equal(0, Code(await PostAsync(Hook, new { msgtype = "text", text = new { content = "到货", mentioned_list = new[] { "bob" } } })));
        Assert.Equal(0, Code(await PostAsync(Hook, new { msgtype = "image", image = new { base64 = Convert.ToBase64String(Png), md5 = Convert.ToHexStringLower(MD5.HashData(Png)) } })));
        Assert.Equal(301019, Code(await PostAsync(Hook, new { msgtype = "image", image = new { base64 = Convert.ToBase64String(Png), md5 = "0" } })));
        Assert.Equal(40039, Code(await PostAsync(Hook, new { msgtype = "news", news = new { articles = new[] { new { title = "t" } } } })));
        Assert.Equal(45002, Code(await PostAsync(Hook, new { msgtype = "markdown_v2", markdown_v2 = new { content = new string('x', 4097) } })));
        Assert.Equal(42031, Code(await PostAsync(Hook, new { msgtype = "template_card", template_card = ButtonCard("t", "k") })));
        Assert.Equal(93000, Code(await PostAsync("/cgi-bin/webhook/send?key=wrong", new { msgtype = "text" })));
        Assert.Equal(["到货", ""], (await MessagesAsync(Purchasing)).Select(m => Text(m, "text")));
    }

    [Fact]
    public async Task Twenty_a_minute_are_enough_for_a_robot()
    {
        for (var i = 0; i < 20; i++) Assert.Equal(0, Code(await PostAsync(Hook, new { msgtype = "text", text = new { content = "x" } })));
        Assert.Equal(45009, Code(await PostAsync(Hook, new { msgtype = "text", text = new { content = "x" } })));
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Code(await PostAsync(Hook, new { msgtype = "text", text = new { content = "x" } })));
    }

    [Fact]
    public async Task A_robots_file_is_its_own_and_a_disabled_robot_is_silent()
    {
        var file = await PostAsync($"/cgi-bin/webhook/upload_media?key={Corp.GroupRobotKey}&type=file", Form("hello file"u8.ToArray(), "a.txt"));
        Assert.Equal(0, Code(await PostAsync(Hook, new { msgtype = "file", file = new { media_id = Text(file, "media_id") } })));
        Assert.Equal(40007, Code(await SendAsync(new { touser = "alice", msgtype = "file", agentid = Corp.AgentId, file = new { media_id = Text(file, "media_id") } })));
        await ActAsync(new { platform = "wecom", @do = "put_robot", key = "second-key", chat = Purchasing, disabled = true });
        Assert.Equal(93004, Code(await PostAsync("/cgi-bin/webhook/send?key=second-key", new { msgtype = "text" })));
    }

    [Fact]
    public async Task An_application_makes_a_group_and_speaks_in_it()
    {
        var made = await CallAsync("/cgi-bin/appchat/create", new { name = "项目", userlist = new[] { "alice", "bob" }, chatid = "project1" });
        Assert.Equal("project1", Text(made, "chatid"));
        Assert.Equal(86215, Code(await CallAsync("/cgi-bin/appchat/create", new { userlist = new[] { "alice", "bob" }, chatid = "project1" })));
        Assert.Equal(86006, Code(await CallAsync("/cgi-bin/appchat/create", new { userlist = new[] { "alice" } })));
        Assert.Equal(86216, Code(await CallAsync("/cgi-bin/appchat/create", new { userlist = new[] { "alice", "nobody" } })));
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/appchat/update", new { chatid = "project1", name = "项目二", add_user_list = new[] { "carol" }, del_user_list = new[] { "alice" } })));
        var info = (await CallAsync("/cgi-bin/appchat/get?chatid=project1"))["chat_info"]!.AsObject();
        Assert.Equal(("项目二", "bob", """["bob","carol"]"""), (Text(info, "name"), Text(info, "owner"), info["userlist"]!.ToJsonString()));
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/appchat/send", new { chatid = "project1", msgtype = "markdown", markdown = new { content = "**hi**" } })));
        Assert.Equal(40008, Code(await CallAsync("/cgi-bin/appchat/send", new { chatid = "project1", msgtype = "template_card", template_card = ButtonCard("t", "k") })));
        Assert.Equal(86003, Code(await CallAsync("/cgi-bin/appchat/send", new { chatid = Purchasing, msgtype = "text", text = new { content = "x" } })));
        Assert.Equal("**hi**", Text((await MessagesAsync("project1"))[^1], "text"));
    }

    [Fact]
    public async Task Files_are_validated_by_kind_size_and_form_and_live_three_days()
    {
        var image = await UploadAsync("image", Png, "a.png");
        Assert.Equal(0, Code(await SendAsync(new { touser = "alice", msgtype = "image", agentid = Corp.AgentId, image = new { media_id = image } })));
        Assert.Equal(40007, Code(await SendAsync(new { touser = "alice", msgtype = "file", agentid = Corp.AgentId, file = new { media_id = image } })));
        Assert.Equal(40005, Code(await CallAsync("/cgi-bin/media/upload?type=sticker", Form(Png, "a.png"))));
        Assert.Equal(44001, Code(await CallAsync("/cgi-bin/media/upload?type=image", Form(Png, "a.png", "picture"))));
        Assert.Equal(40006, Code(await CallAsync("/cgi-bin/media/upload?type=file", Form([1, 2, 3, 4, 5], "a.txt"))));
        Assert.Equal(40123, Code(await CallAsync("/cgi-bin/media/upload?type=image", Form("no picture at all"u8.ToArray(), "a.png"))));
        Assert.Equal(40004, Code(await CallAsync("/cgi-bin/media/upload?type=voice", Form("no voice at all"u8.ToArray(), "a.amr"))));
        byte[] Voice(int seconds) => [.. "#!AMR\n"u8.ToArray(), .. Enumerable.Range(0, seconds * 50).SelectMany(_ => new byte[13])];
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/media/upload?type=voice", Form(Voice(60), "a.amr"))));
        Assert.Equal(45007, Code(await CallAsync("/cgi-bin/media/upload?type=voice", Form(Voice(61), "a.amr"))));
        Assert.Equal(40009, Code(await CallAsync("/cgi-bin/media/upload?type=image", Form([.. Png, .. new byte[10 << 20]], "a.png"))));
        var permanent = Text(await CallAsync("/cgi-bin/media/uploadimg", Form(Png, "a.png")), "url");
        await Emulator.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(40007, Code(await GetAsync($"/cgi-bin/media/get?access_token={await TokenAsync()}&media_id={image}")));
        Assert.Equal(Png, await Emulator.Http.GetByteArrayAsync(permanent, Cancel));
    }
}
