using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Im;

/// <summary>What an app hears of messages and groups.</summary>
public sealed class ImEventTests : ImTest
{
    private EventReceiver _receiver = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _receiver = await ListenAsync();
    }

    [Fact]
    public async Task Every_kind_of_message_of_people_arrives_as_it_is_received()
    {
        var base64 = Convert.ToBase64String(Png);
        foreach (var (type, name, member) in new[] { ("image", "a.png", "image_key"), ("sticker", "cat.png", "file_key"), ("file", "a.pdf", "file_name"), ("audio", "a.opus", "duration"), ("media", "a.mp4", "duration") })
        {
            await Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = type, base64, name, duration_ms = 4200 });
            var message = (await _receiver.NextAsync("im.message.receive_v1")).Event["message"]!;
            Assert.Equal(type, message["message_type"]!.GetValue<string>());
            Assert.NotNull(JsonNode.Parse(message["content"]!.GetValue<string>())![member]);
        }

        await Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "post", content = new { zh_cn = new { title = "T", content = new[] { new object[] { new { tag = "at", user_id = "bob" }, new { tag = "text", text = "看" } } } } } });
        var post = (await _receiver.NextAsync("im.message.receive_v1")).Event["message"]!;
        Assert.Equal("T", JsonNode.Parse(post["content"]!.GetValue<string>())!["title"]!.GetValue<string>());
        Assert.Equal("@_user_1", post["mentions"]![0]!["key"]!.GetValue<string>());
        await Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "location", content = new { name = "上海", longitude = "121.4", latitude = "31.2" } });
        Assert.Equal("location", (await _receiver.NextAsync("im.message.receive_v1")).Event["message"]!["message_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Replies_threads_and_forwards_of_people_arrive()
    {
        var root = await SentAsync("alice");
        await Emulator.ActAsync(new { @as = "alice", @do = "reply", message_id = root, text = "in thread", in_thread = true });
        var reply = (await _receiver.NextAsync("im.message.receive_v1")).Event["message"]!;
        Assert.Equal((root, Stored(root).ThreadId), (reply["root_id"]!.GetValue<string>(), reply["thread_id"]!.GetValue<string>()));
        var (one, two) = (await PersonSaysAsync("alice", SeededCompany.PurchasingChat, "one"), await PersonSaysAsync("bob", SeededCompany.PurchasingChat, "two"));
        await Emulator.ActAsync(new { @as = "alice", @do = "forward", message_ids = new[] { one, two } });
        JsonNode merged;
        do merged = (await _receiver.NextAsync("im.message.receive_v1")).Event["message"]!;
        while (merged["message_type"]!.GetValue<string>() != "merge_forward");
        Assert.Equal("Merged and Forwarded Message", merged["content"]!.GetValue<string>());
        Assert.Equal(3, (await CallAsync(HttpMethod.Get, "messages/" + merged["message_id"])).Data["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_change_of_a_group_tells_before_and_after()
    {
        await Emulator.ActAsync(new { @as = "bob", @do = "change_group", chat = SeededCompany.PurchasingChat, name = "采购一组" });
        var body = (await _receiver.NextAsync("im.chat.updated_v1")).Event;
        Assert.Equal(("采购协作群", "采购一组"), (body["before_change"]!["name"]!.GetValue<string>(), body["after_change"]!["name"]!.GetValue<string>()));
        Assert.Null(body["after_change"]!["description"]);
        Assert.Equal("bob", body["operator_id"]!["user_id"]!.GetValue<string>());
        var group = await GroupAsync(null, "alice");
        await CallAsync(HttpMethod.Put, $"chats/{group}/moderation?user_id_type=user_id", new { moderation_setting = "moderator_list", moderator_added_list = new[] { "alice" } });
        var moderated = (await _receiver.NextAsync("im.chat.updated_v1")).Event;
        Assert.Equal("alice", moderated["moderator_list"]!["added_member_list"]![0]!["user_id"]!["user_id"]!.GetValue<string>());
        Assert.Equal("moderator_list", moderated["after_change"]!["moderation_permission"]!.GetValue<string>());
        // The app's own doing names the app.
        Assert.Equal(EmulatorApp.DefaultApp.BotOpenId, moderated["operator_id"]!["open_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Members_bots_and_the_end_of_a_group_are_told()
    {
        var group = await GroupAsync(new { owner_id = "bob" }, "bob", "alice");
        Assert.Equal(group, (await _receiver.NextAsync("im.chat.member.bot.added_v1")).Event["chat_id"]!.GetValue<string>());
        await Emulator.ActAsync(new { @as = "alice", @do = "add_person", chat = group, person = "carol" });
        Assert.Equal("carol", await UserAsync("added"));
        await Emulator.ActAsync(new { @as = "alice", @do = "withdraw_person", chat = group, person = "carol" });
        Assert.Equal("carol", await UserAsync("withdrawn"));
        await Emulator.ActAsync(new { @as = "alice", @do = "add_person", chat = group, person = "carol" });
        Assert.Equal("carol", await UserAsync("added"));
        await Emulator.ActAsync(new { @as = "carol", @do = "leave", chat = group });
        Assert.Equal("carol", await UserAsync("deleted"));
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "carol", @do = "leave", chat = group })).Status);
        await Emulator.ActAsync(new { @as = "bob", @do = "remove_person", chat = group, person = "alice" });
        Assert.Equal("alice", await UserAsync("deleted"));
        await Emulator.ActAsync(new { @as = "bob", @do = "disband", chat = group });
        Assert.Equal("bob", (await _receiver.NextAsync("im.chat.disbanded_v1")).Event["operator_id"]!["user_id"]!.GetValue<string>());
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "bob", @do = "send", chat = group, text = "late" })).Status);
        var other = await GroupAsync(null, "alice");
        await Emulator.ActAsync(new { @as = "alice", @do = "remove_bot", chat = other });
        Assert.Equal(other, (await _receiver.NextAsync("im.chat.member.bot.deleted_v1")).Event["chat_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Recalls_say_who_could()
    {
        await Emulator.ActAsync(new { @as = "bob", @do = "recall", message_id = await PersonSaysAsync("alice", SeededCompany.PurchasingChat, "hers") });
        Assert.Equal("group_owner", (await _receiver.NextAsync("im.message.recalled_v1")).Event["recall_type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("im:message.group_at_msg:readonly", false, true)]
    [InlineData("im:message.group_msg", true, true)]
    [InlineData("im:message.p2p_msg:readonly", false, false)]
    public async Task Scopes_decide_what_is_heard_in_groups(string scope, bool plain, bool mentioned)
    {
        await GrantAsync(scope);
        await PersonSaysAsync("alice", SeededCompany.PurchasingChat, "plain");
        await PersonSaysAsync("alice", SeededCompany.PurchasingChat, "@bot mentioned");
        var heard = await HeardAsync();
        Assert.Equal(plain, heard.Exists(p => p.Contains("plain", StringComparison.Ordinal)));
        Assert.Equal(mentioned, heard.Exists(p => p.Contains("mentioned", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_event_needs_one_of_its_scopes()
    {
        await GrantAsync("im:message");
        await Emulator.ActAsync(new { @as = "bob", @do = "change_group", chat = SeededCompany.PurchasingChat, name = "unheard" });
        await GrantAsync("im:chat:readonly");
        await Emulator.ActAsync(new { @as = "bob", @do = "change_group", chat = SeededCompany.PurchasingChat, name = "heard" });
        Assert.Equal("heard", (await _receiver.NextAsync("im.chat.updated_v1")).Event["after_change"]!["name"]!.GetValue<string>());
    }

    private Task GrantAsync(params string[] scopes) => Emulator.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, new { granted_scopes = scopes });

    private async Task<string> UserAsync(string kind) =>
        (await _receiver.NextAsync($"im.chat.member.user.{kind}_v1")).Event["users"]![0]!["user_id"]!["user_id"]!.GetValue<string>();

    /// <summary>What came until now. A last message in the same lane ends the wait: lanes keep their order.</summary>
    private async Task<List<string>> HeardAsync()
    {
        Emulator.State.Change(EmulatorApp.AppId, a => a with { GrantedScopes = null });
        var end = await PersonSaysAsync("bob", SeededCompany.PurchasingChat, "@bot the end");
        List<string> heard = [];
        while (true)
        {
            var next = await _receiver.NextAsync("im.message.receive_v1");
            var message = next.Event["message"]!;
            if (message["message_id"]!.GetValue<string>() == end) return heard;
            heard.Add(message["content"]!.GetValue<string>());
        }
    }
}
