using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Im;

/// <summary>Edit, recall, read, react, pin, urge, suggest.</summary>
public sealed class MessageLifeTests : ImTest
{
    [Fact]
    public async Task An_edit_needs_an_own_young_text_or_post()
    {
        var id = await SentAsync("alice");
        Assert.Equal(0, (await EditAsync(id)).Code);
        Assert.Equal(230071, (await EditAsync(await PersonSaysAsync("alice", null, "hers"))).Code);
        Assert.Equal(230054, (await EditAsync(Id(await SendAsync("alice", "image", new { image_key = await UploadAsync("message") })))).Code);
        await Emulator.ControlAsync(HttpMethod.Post, "tenant", new { edit_seconds = 60 });
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(230075, (await EditAsync(id)).Code);
    }

    [Fact]
    public async Task A_recall_has_the_tenants_window_and_ends_everything()
    {
        var (young, old) = (await SentAsync("alice"), await SentAsync("bob"));
        Assert.Equal(0, (await RecallAsync(young)).Code);
        Assert.Equal(230110, (await RecallAsync(young)).Code);
        Assert.Equal(230011, (await ReplyAsync(young)).Code);
        Assert.Equal("This message was recalled", (await CallAsync(HttpMethod.Get, "messages/" + young)).Data["items"]![0]!["body"]!["content"]!.GetValue<string>());
        await Emulator.ControlAsync(HttpMethod.Post, "tenant", new { recall_seconds = 120 });
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(121));
        Assert.Equal(230009, (await RecallAsync(old)).Code);
        Assert.Equal(230001, (await RecallAsync("bm_batch")).Code);
    }

    [Fact]
    public async Task Others_messages_are_recalled_by_who_manages_the_group_for_a_year()
    {
        var strange = await PersonSaysAsync("alice", SeededCompany.PurchasingChat, "not the bot's group");
        Assert.Equal(230026, (await RecallAsync(strange)).Code);
        var own = await GroupAsync(null, "alice");
        var (soon, late) = (await PersonSaysAsync("alice", own, "soon"), await PersonSaysAsync("alice", own, "late"));
        await Emulator.AdvanceAsync(TimeSpan.FromDays(30));
        Assert.Equal(0, (await CallAsync(HttpMethod.Delete, "messages/" + soon, token: await Emulator.TenantTokenAsync())).Code);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(340));
        Assert.Equal(230009, (await CallAsync(HttpMethod.Delete, "messages/" + late, token: await Emulator.TenantTokenAsync())).Code);
    }

    [Fact]
    public async Task Who_read_a_message_is_known_to_its_sender_for_7_days()
    {
        var id = await SentAsync(SeededCompany.PurchasingChat);
        foreach (var who in (string[])["alice", "bob", "carol"]) await Emulator.ActAsync(new { @as = who, @do = "read", chat = SeededCompany.PurchasingChat });
        var page = await CallAsync(HttpMethod.Get, $"messages/{id}/read_users?user_id_type=user_id&page_size=2");
        Assert.Equal((2, true), (page.Data["items"]!.AsArray().Count, page.Data["has_more"]!.GetValue<bool>()));
        var rest = await CallAsync(HttpMethod.Get, $"messages/{id}/read_users?user_id_type=user_id&page_size=2&page_token={page.Data["page_token"]}");
        Assert.Equal((1, false), (rest.Data["items"]!.AsArray().Count, rest.Data["has_more"]!.GetValue<bool>()));
        var hers = await PersonSaysAsync("alice", SeededCompany.PurchasingChat, "hers");
        Assert.Equal(230012, (await CallAsync(HttpMethod.Get, $"messages/{hers}/read_users?user_id_type=user_id")).Code);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(7.01));
        Assert.Equal(230033, (await CallAsync(HttpMethod.Get, $"messages/{id}/read_users?user_id_type=user_id", token: await Emulator.TenantTokenAsync())).Code);
    }

    [Fact]
    public async Task Reactions_belong_to_who_made_them()
    {
        var id = await SentAsync(SeededCompany.PurchasingChat);
        Assert.Equal(231001, (await ReactAsync(id, "NOSUCHEMOJI")).Code);
        Assert.Equal(231001, (await ReactAsync(id, "thumbsup")).Code);
        Assert.Equal(231003, (await ReactAsync("om_unknown", "OK")).Code);
        var own = (await ReactAsync(id, "OK")).Data["reaction_id"]!.GetValue<string>();
        Assert.Equal(own, (await ReactAsync(id, "OK")).Data["reaction_id"]!.GetValue<string>());
        await Emulator.ActAsync(new { @as = "alice", @do = "react", message_id = id, emoji = "DONE" });
        var hers = Stored(id).Reactions.Single(r => r.EmojiType == "DONE").ReactionId;
        Assert.Equal(231007, (await CallAsync(HttpMethod.Delete, $"messages/{id}/reactions/{hers}")).Code);
        Assert.Equal(231011, (await CallAsync(HttpMethod.Delete, $"messages/{id}/reactions/none")).Code);
        Assert.Single((await CallAsync(HttpMethod.Get, $"messages/{id}/reactions?reaction_type=DONE")).Data["items"]!.AsArray());
        var batch = await CallAsync(HttpMethod.Post, "messages/reactions/batch_query", new { queries = new object[] { new { message_id = id }, new { message_id = "om_unknown" } }, page_size_per_message = 1 });
        Assert.True(batch.Data["success_msg_reaction_details"]![0]!["has_more"]!.GetValue<bool>());
        Assert.Equal("invalid", batch.Data["fail_msg_reaction_details"]![0]!["fail_reason"]!.GetValue<string>());
        Assert.Equal(0, (await CallAsync(HttpMethod.Delete, $"messages/{id}/reactions/{own}")).Code);
        await RecallAsync(id);
        Assert.Equal(230110, (await ReactAsync(id, "OK")).Code);
    }

    [Fact]
    public async Task A_pin_is_made_once_listed_and_taken_away()
    {
        var (first, second) = (await SentAsync(SeededCompany.PurchasingChat), await PersonSaysAsync("alice", SeededCompany.PurchasingChat, "hers"));
        Assert.Equal("app_id", (await PinAsync(first)).Data["pin"]!["operator_id_type"]!.GetValue<string>());
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(5));
        await Emulator.ActAsync(new { @as = "alice", @do = "pin", message_id = second });
        Assert.Equal("open_id", (await PinAsync(second)).Data["pin"]!["operator_id_type"]!.GetValue<string>());
        var pins = await CallAsync(HttpMethod.Get, $"pins?chat_id={SeededCompany.PurchasingChat}");
        Assert.Equal([second, first], pins.Data["items"]!.AsArray().Select(p => p!["message_id"]!.GetValue<string>()));
        Assert.Equal(0, (await CallAsync(HttpMethod.Delete, "pins/" + first)).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Delete, "pins/" + first)).Code);
        Assert.Null(Stored(first).Pin);
        var closed = (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "private" }))["chat_id"]!.GetValue<string>();
        Assert.Equal(230002, (await PinAsync(await PersonSaysAsync("alice", closed, "closed"))).Code);
        await RecallAsync(first);
        Assert.Equal(230011, (await PinAsync(first)).Code);
    }

    [Fact]
    public async Task Urging_needs_an_own_message_and_names_who_cannot_be_urged()
    {
        var id = await SentAsync(SeededCompany.FinanceChat);
        var reply = await UrgeAsync(id, "bob", "alice", "nobody");
        Assert.Equal(["alice", "nobody"], reply.Data["invalid_user_id_list"]!.AsArray().Select(u => u!.GetValue<string>()));
        Assert.Equal(1, Emulator.State.UnconfirmedUrgencies("bob"));
        await Emulator.ActAsync(new { @as = "bob", @do = "read", chat = SeededCompany.FinanceChat });
        Assert.Equal(0, Emulator.State.UnconfirmedUrgencies("bob"));
        Assert.True(Stored(id).Urgencies.Single().Confirmed);
        Assert.Equal(230012, (await UrgeAsync(await PersonSaysAsync("bob", SeededCompany.FinanceChat, "his"), "carol")).Code);
        await RecallAsync(id);
        Assert.Equal(230110, (await UrgeAsync(id, "bob")).Code);
    }

    [Fact]
    public async Task A_person_with_200_unconfirmed_urgent_messages_gets_no_more()
    {
        for (var i = 0; i < EmulatorState.MostUrgent; i++) Assert.True(Emulator.State.Urge(await SentAsync("bob", $"{i}"), UrgencyKind.App, ["bob"]));
        Assert.Equal(230023, (await UrgeAsync(await SentAsync("bob", "too much"), "bob")).Code);
    }

    [Fact]
    public async Task Follow_ups_belong_under_the_newest_message_of_a_one_to_one_chat()
    {
        var id = await SentAsync("alice");
        Assert.Equal(0, (await FollowUpAsync(id, "Yes", "No")).Code);
        Assert.Equal(["Yes", "No"], Stored(id).FollowUps.Select(f => f.Content));
        Assert.Equal(230008, (await FollowUpAsync(id, "Again")).Code);
        Assert.Equal(230003, (await FollowUpAsync(await SentAsync(SeededCompany.PurchasingChat), "x")).Code);
        await SentAsync("bob");
        var bobs = await SentAsync("bob");
        await SentAsync("bob");
        Assert.Equal(230006, (await FollowUpAsync(bobs, "x")).Code);
        var late = await SentAsync("carol");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(601));
        Assert.Equal(230002, (await FollowUpAsync(late, "x")).Code);
    }

    [Fact]
    public async Task A_muted_bot_and_a_closed_group_are_refused()
    {
        await Emulator.ActAsync(new { @as = "alice", @do = "mute_bot" });
        Assert.Equal(230053, (await SendAsync("alice", "text", new { text = "hi" })).Code);
        await Emulator.ActAsync(new { @as = "alice", @do = "mute_bot", remove = true });
        Assert.Equal(0, (await SendAsync("alice", "text", new { text = "hi" })).Code);
        Emulator.State.ChangeChat(SeededCompany.PurchasingChat, c => c with { Moderation = new Moderation("only_owner", []) });
        Assert.Equal(230018, (await SendAsync(SeededCompany.PurchasingChat, "text", new { text = "hi" })).Code);
        var (status, answer) = await Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text = "hi" });
        Assert.Equal((400, "Not everybody may write in this group."), (status, answer["error"]!.GetValue<string>()));
    }

    private Task<ApiReply> EditAsync(string id) => CallAsync(HttpMethod.Put, "messages/" + id, new { msg_type = "text", content = """{"text":"new"}""" });

    private Task<ApiReply> RecallAsync(string id) => CallAsync(HttpMethod.Delete, "messages/" + id);

    private Task<ApiReply> ReactAsync(string id, string emoji) => CallAsync(HttpMethod.Post, $"messages/{id}/reactions", new { reaction_type = new { emoji_type = emoji } });

    private Task<ApiReply> PinAsync(string id) => CallAsync(HttpMethod.Post, "pins", new { message_id = id });

    private Task<ApiReply> UrgeAsync(string id, params string[] people) => CallAsync(HttpMethod.Patch, $"messages/{id}/urgent_app?user_id_type=user_id", new { user_id_list = people });

    private Task<ApiReply> FollowUpAsync(string id, params string[] texts) =>
        CallAsync(HttpMethod.Post, $"messages/{id}/push_follow_up", new { follow_ups = texts.Select(t => new { content = t }) });
}
