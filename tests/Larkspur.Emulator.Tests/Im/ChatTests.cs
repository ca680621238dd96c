using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Im;

/// <summary>Groups: making, changing, joining, managing, writing rights, announcement, tabs, menu.</summary>
public sealed class ChatTests : ImTest
{
    [Fact]
    public async Task Groups_are_listed_in_pages_of_100_at_most()
    {
        for (var i = 0; i < 3; i++) await GroupAsync(new { name = $"Group {i}" }, "alice");
        List<string> names = [];
        var token = "";
        do
        {
            var page = await CallAsync(HttpMethod.Get, $"chats?page_size=2&page_token={token}");
            names.AddRange(page.Data["items"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
            token = page.Data["has_more"]!.GetValue<bool>() ? page.Data["page_token"]!.GetValue<string>() : "";
        }
        while (token.Length > 0);
        Assert.Equal(5, names.Count);
        Assert.Equal(["Group 0", "Group 1", "Group 2"], names.Skip(2));
        Assert.Equal(99992402, (await CallAsync(HttpMethod.Get, "chats?page_size=101")).Code);
        Assert.Equal(232001, (await CallAsync(HttpMethod.Get, "chats?page_token=nonsense")).Code);
    }

    [Fact]
    public async Task A_uuid_makes_one_group_in_10_hours()
    {
        var first = await CallAsync(HttpMethod.Post, "chats?uuid=g1", new { name = "Once" });
        await Emulator.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(ChatId(first), ChatId(await CallAsync(HttpMethod.Post, "chats?uuid=g1", new { name = "Once" })));
        await Emulator.AdvanceAsync(TimeSpan.FromHours(9.1));
        Assert.NotEqual(ChatId(first), ChatId(await CallAsync(HttpMethod.Post, "chats?uuid=g1", new { name = "Once" }, await Emulator.TenantTokenAsync())));
    }

    [Theory]
    [InlineData("""{"chat_type":"public"}""", 232042)]
    [InlineData("""{"chat_type":"public","name":"x"}""", 232020)]
    [InlineData("""{"name":"a","bot_id_list":["cli_none"]}""", 232004)]
    [InlineData("""{"name":"a","user_id_list":["nobody"]}""", 99992360)]
    [InlineData("""{"name":"a","avatar":"img_v3_none"}""", 232001)]
    [InlineData("""{"name":"a","chat_mode":"topic"}""", 99992402)]
    public async Task A_bad_group_is_refused(string body, long code) => Assert.Equal(code, (await CallAsync(HttpMethod.Post, "chats?user_id_type=user_id", body)).Code);

    [Fact]
    public async Task Settings_and_avatar_are_kept_and_members_may_change_little()
    {
        var group = await GroupAsync(new { owner_id = "bob", urgent_setting = "only_owner" }, "bob", "alice");
        var alice = await UserTokenAsync("alice");
        Assert.Equal(0, (await CallAsync(HttpMethod.Put, "chats/" + group, new { description = "hers" }, alice)).Code);
        Assert.Equal(232016, (await CallAsync(HttpMethod.Put, "chats/" + group, new { edit_permission = "only_owner" }, alice)).Code);
        var bob = await UserTokenAsync("bob");
        var avatar = await UploadAsync("avatar");
        Assert.Equal(0, (await CallAsync(HttpMethod.Put, "chats/" + group, new { edit_permission = "only_owner", avatar }, bob)).Code);
        Assert.Equal(232041, (await CallAsync(HttpMethod.Put, "chats/" + group, new { avatar = "img_v3_none" }, bob)).Code);
        Assert.Equal(232002, (await CallAsync(HttpMethod.Put, "chats/" + group, new { description = "again" }, alice)).Code);
        Assert.Equal(232012, (await CallAsync(HttpMethod.Put, $"chats/{group}?user_id_type=user_id", new { owner_id = "carol" }, bob)).Code);
        var shown = (await CallAsync(HttpMethod.Get, "chats/" + group)).Data;
        Assert.Equal(("only_owner", "only_owner", avatar, "hers"), (shown["edit_permission"]!.GetValue<string>(), shown["urgent_setting"]!.GetValue<string>(), shown["avatar"]!.GetValue<string>(), shown["description"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_dissolved_group_is_gone_for_writing()
    {
        var group = await GroupAsync(null, "alice");
        Assert.Equal(232017, (await CallAsync(HttpMethod.Delete, "chats/" + group, token: await UserTokenAsync("alice"))).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Delete, "chats/" + group)).Code);
        Assert.Equal("dissolved", (await CallAsync(HttpMethod.Get, "chats/" + group)).Data["chat_status"]!.GetValue<string>());
        Assert.Equal(232009, (await SendAsync(group, "text", new { text = "hi" })).Code);
        Assert.Equal(232009, (await CallAsync(HttpMethod.Delete, "chats/" + group)).Code);
    }

    [Fact]
    public async Task Members_come_and_go_under_the_groups_rules()
    {
        var group = await GroupAsync(null, "alice", "bob");
        Assert.Equal(232027, (await MembersAsync(HttpMethod.Post, group)).Code);
        Assert.Equal(232043, (await MembersAsync(HttpMethod.Post, group, "nobody")).Code);
        Assert.Equal(0, (await MembersAsync(HttpMethod.Post, group, "carol")).Code);
        Assert.Contains("carol", Emulator.State.Chat(group)!.People);
        var alice = await UserTokenAsync("alice");
        Assert.Equal(232017, (await MembersAsync(HttpMethod.Delete, group, [alice], "carol")).Code);
        Assert.Equal(0, (await MembersAsync(HttpMethod.Delete, group, "carol")).Code);
        var owned = await GroupAsync(new { owner_id = "bob" }, "bob", "alice");
        Assert.Equal(232076, (await MembersAsync(HttpMethod.Delete, owned, "bob")).Code);
        await CallAsync(HttpMethod.Put, "chats/" + owned, new { add_member_permission = "only_owner" });
        Assert.Equal(232017, (await MembersAsync(HttpMethod.Post, owned, [alice], "carol")).Code);
        var closed = (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "private" }))["chat_id"]!.GetValue<string>();
        Assert.Equal(232011, (await MembersAsync(HttpMethod.Post, closed, "carol")).Code);
        Assert.Equal(232011, (await CallAsync(HttpMethod.Get, $"chats/{closed}/members")).Code);
        Assert.Equal(232006, (await CallAsync(HttpMethod.Get, "chats/oc_none/members")).Code);
    }

    [Fact]
    public async Task Public_groups_are_found_and_joined()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "apps", new { app_id = "cli_0000000000000002", app_secret = "s" });
        var other = await Emulator.TenantTokenAsync("cli_0000000000000002", "s");
        var open = await GroupAsync(new { name = "Open doors", chat_type = "public" }, "alice");
        var shut = await GroupAsync(new { name = "Closed doors" }, "alice");
        Assert.Equal([open], (await CallAsync(HttpMethod.Get, "chats/search?query=doors", token: other)).Data["items"]!.AsArray().Select(c => c!["chat_id"]!.GetValue<string>()));
        Assert.Equal(0, (await CallAsync(HttpMethod.Patch, $"chats/{open}/members/me_join", token: other)).Code);
        Assert.True((await CallAsync(HttpMethod.Get, $"chats/{open}/members/is_in_chat", token: other)).Data["is_in_chat"]!.GetValue<bool>());
        Assert.Equal(232008, (await CallAsync(HttpMethod.Patch, $"chats/{shut}/members/me_join", token: other)).Code);
        var asked = await GroupAsync(new { name = "Ask first", chat_type = "public", membership_approval = "approval_required" }, "alice");
        Assert.Equal(232075, (await CallAsync(HttpMethod.Patch, $"chats/{asked}/members/me_join", token: other)).Code);
    }

    [Fact]
    public async Task Managers_are_named_by_the_owner()
    {
        var group = await GroupAsync(null, "alice", "bob");
        var path = $"chats/{group}/managers/add_managers?member_id_type=user_id";
        var reply = await CallAsync(HttpMethod.Post, path, new { manager_ids = new[] { "bob", "carol" } });
        Assert.Equal(["bob"], reply.Data["chat_managers"]!.AsArray().Select(m => m!.GetValue<string>()));
        Assert.Equal(232027, (await CallAsync(HttpMethod.Post, path, new { manager_ids = new[] { "carol" } })).Code);
        Assert.Equal(232038, (await CallAsync(HttpMethod.Post, path, new { manager_ids = new[] { "alice" } }, await UserTokenAsync("alice"))).Code);
        var hers = await PersonSaysAsync("alice", group, "hers");
        await Emulator.ActAsync(new { @as = "bob", @do = "recall", message_id = hers });
        Assert.True(Stored(hers).Deleted);
    }

    [Fact]
    public async Task Who_may_write_is_decided_by_moderation()
    {
        var group = await GroupAsync(new { owner_id = "bob" }, "bob", "alice", "carol");
        var path = $"chats/{group}/moderation?user_id_type=user_id";
        Assert.Equal(0, (await CallAsync(HttpMethod.Put, path, new { moderation_setting = "moderator_list", moderator_added_list = new[] { "alice" } })).Code);
        Assert.NotNull(await PersonSaysAsync("alice", group, "may"));
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "carol", @do = "send", chat = group, text = "may not" })).Status);
        var shown = (await CallAsync(HttpMethod.Get, path)).Data;
        Assert.Equal(("moderator_list", "alice"), (shown["moderation_setting"]!.GetValue<string>(), shown["items"]![0]!["user_id"]!.GetValue<string>()));
        Assert.Equal(232017, (await CallAsync(HttpMethod.Put, path, new { moderation_setting = "all_members" }, await UserTokenAsync("alice"))).Code);
    }

    [Fact]
    public async Task An_announcement_is_written_paragraph_by_paragraph()
    {
        var group = await GroupAsync(null, "alice");
        var path = $"/open-apis/docx/v1/chats/{group}/announcement";
        var children = $"{path}/blocks/{group}/children";
        object Block(string text, int type = 2) => type == 2 ? new { block_type = 2, text = Run(text) } : new { block_type = 3, heading1 = Run(text) };
        Assert.Equal(1, (await CallAsync(HttpMethod.Get, path)).Data["revision_id"]!.GetValue<int>());
        Assert.Equal(2, (await CallAsync(HttpMethod.Post, children, new { children = new[] { Block("Rules", 3), Block("Be kind") } })).Data["revision_id"]!.GetValue<int>());
        await CallAsync(HttpMethod.Post, children, new { children = new[] { Block("Between") }, index = 1 });
        Assert.Equal("Rules\nBetween\nBe kind", await AnnouncementAsync(group));
        Assert.Equal(0, (await CallAsync(HttpMethod.Delete, children + "/batch_delete", new { start_index = 0, end_index = 2 })).Code);
        Assert.Equal("Be kind", await AnnouncementAsync(group));
        Assert.Equal(1770001, (await CallAsync(HttpMethod.Delete, children + "/batch_delete", new { start_index = 0, end_index = 2 })).Code);
        Assert.Equal(1770029, (await CallAsync(HttpMethod.Post, children, new { children = new[] { new { block_type = 27 } } })).Code);
        Assert.Equal(1770006, (await CallAsync(HttpMethod.Post, children, new { children = new[] { new { block_type = 2 } } })).Code);
        Assert.Equal(1770021, (await CallAsync(HttpMethod.Post, children + "?revision_id=1", new { children = new[] { Block("late") } })).Code);
        Assert.Equal(232097, (await CallAsync(HttpMethod.Get, $"chats/{group}/announcement")).Code);
        var closed = (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "private" }))["chat_id"]!.GetValue<string>();
        Assert.Equal(1772003, (await CallAsync(HttpMethod.Get, $"/open-apis/docx/v1/chats/{closed}/announcement")).Code);
    }

    [Fact]
    public async Task A_message_or_the_announcement_stands_over_the_group()
    {
        var id = await SentAsync(SeededCompany.PurchasingChat);
        var path = $"chats/{SeededCompany.PurchasingChat}/top_notice/";
        Assert.Equal(0, (await CallAsync(HttpMethod.Post, path + "put_top_notice", new { chat_top_notice = new[] { new { action_type = "1", message_id = id } } })).Code);
        Assert.Equal(id, Emulator.State.Chat(SeededCompany.PurchasingChat)!.TopNotice!.MessageId);
        Assert.Equal(232001, (await CallAsync(HttpMethod.Post, path + "put_top_notice", new { chat_top_notice = new[] { new { action_type = "1", message_id = "om_none" } } })).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Post, path + "delete_top_notice")).Code);
        Assert.Null(Emulator.State.Chat(SeededCompany.PurchasingChat)!.TopNotice);
    }

    [Fact]
    public async Task Tabs_and_menus_have_their_limits()
    {
        var tabs = $"chats/{SeededCompany.PurchasingChat}/chat_tabs";
        object Tab(string name, string url) => new { chat_tabs = new[] { new { tab_name = name, tab_type = "url", tab_content = new { url } } } };
        Assert.Equal(232048, (await CallAsync(HttpMethod.Post, tabs, Tab("bad", "javascript:alert(1)"))).Code);
        Assert.Equal(232047, (await CallAsync(HttpMethod.Post, tabs, Tab(new string('n', 31), "https://mica.example"))).Code);
        for (var i = 0; i < 19; i++) Assert.Equal(0, (await CallAsync(HttpMethod.Post, tabs, Tab($"{i}", "https://mica.example"))).Code);
        Assert.Equal(232046, (await CallAsync(HttpMethod.Post, tabs, Tab("20", "https://mica.example"))).Code);
        Assert.Equal(232001, (await CallAsync(HttpMethod.Post, tabs + "/sort_tabs", new { tab_ids = new[] { "7" } })).Code);
        var menu = $"chats/{SeededCompany.PurchasingChat}/menu_tree";
        object Menu(int count, string url = "https://mica.example") => new
        {
            menu_tree = new { chat_menu_top_levels = Enumerable.Range(0, count).Select(i => new { chat_menu_item = new { action_type = "REDIRECT_LINK", name = $"{i}", redirect_link = new { common_url = url } } }) },
        };
        Assert.Equal(232078, (await CallAsync(HttpMethod.Post, menu, Menu(1, "javascript:alert(1)"))).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Post, menu, Menu(3))).Code);
        Assert.Equal(232070, (await CallAsync(HttpMethod.Post, menu, Menu(1))).Code);
        Assert.Equal(232072, (await CallAsync(HttpMethod.Post, menu + "/sort", new { chat_menu_top_level_ids = new[] { "7" } })).Code);
    }

    private async Task<string> AnnouncementAsync(string group) =>
        (await Emulator.StateAsync())["chats"]!.AsArray().Single(c => c!["chat_id"]!.GetValue<string>() == group)!["announcement"]!.GetValue<string>();

    private Task<ApiReply> MembersAsync(HttpMethod method, string group, params string[] people) => MembersAsync(method, group, [], people);

    private Task<ApiReply> MembersAsync(HttpMethod method, string group, string[] token, params string[] people) =>
        CallAsync(method, $"chats/{group}/members?member_id_type=user_id", new { id_list = people }, token.FirstOrDefault());

    private static object Run(string text) => new { elements = new[] { new { text_run = new { content = text } } } };

    private static string ChatId(ApiReply reply) => reply.Data["chat_id"]!.GetValue<string>();
}
