using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Events;

/// <summary>What happens in groups reaches typed handlers.</summary>
public sealed class GroupEventTests : EmulatorTests
{
    private WebhookReceiver _app = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _app = await WebhookReceiver.StartAsync((dispatcher, keep) => dispatcher
            .On<ImMessageReceiveV1>((e, _) => Keep(keep, e.Event))
            .On<ImMessageRecalledV1>((e, _) => Keep(keep, e.Event))
            .On<ImMessageMessageReadV1>((e, _) => Keep(keep, e.Event))
            .On<ImMessageReactionCreatedV1>((e, _) => Keep(keep, e.Event))
            .On<ImMessageReactionDeletedV1>((e, _) => Keep(keep, e.Event))
            .On<ImChatMemberBotAddedV1>((e, _) => Keep(keep, e.Event))
            .On<ImChatMemberBotDeletedV1>((e, _) => Keep(keep, e.Event))
            .On<ImChatMemberUserAddedV1>((e, _) => Keep(keep, e.Event))
            .On<ImChatMemberUserDeletedV1>((e, _) => Keep(keep, e.Event))
            .On<ImChatMemberUserWithdrawnV1>((e, _) => Keep(keep, e.Event))
            .On<ImChatUpdatedV1>((e, _) => Keep(keep, e.Event))
            .On<ImChatDisbandedV1>((e, _) => Keep(keep, e.Event)));
        await Emulator.SetCallbackAsync(_app.Url);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task The_bot_comes_and_goes()
    {
        string group = await StrangeGroupAsync();
        await Emulator.ActAsync(new { @as = "alice", @do = "add_bot", chat = group });
        Assert.Equal((group, Open("alice")), await NextAsync<ImChatMemberBotAddedV1>() is var added ? (added.ChatId, added.OperatorId!.OpenId) : default);
        await Emulator.ActAsync(new { @as = "alice", @do = "remove_bot", chat = group });
        Assert.Equal(group, (await NextAsync<ImChatMemberBotDeletedV1>()).ChatId);
    }

    [Fact]
    public async Task Members_come_and_go()
    {
        string group = (await Feishu.Chats.CreateAsync(new() { Name = "Members", UserIdList = [Open("alice")] }, cancellationToken: Stop)).ChatId!;
        await Emulator.ActAsync(new { @as = "alice", @do = "add_person", chat = group, person = "bob" });
        Assert.Equal([Open("bob")], (await NextAsync<ImChatMemberUserAddedV1>(e => e.Users!.Any(u => u.UserId!.OpenId == Open("bob")))).Users!.Select(u => u.UserId!.OpenId));
        await Feishu.Chats.RemoveMembersAsync(group, [Open("bob")], cancellationToken: Stop);
        Assert.Equal([Open("bob")], (await NextAsync<ImChatMemberUserDeletedV1>()).Users!.Select(u => u.UserId!.OpenId));
    }

    [Fact]
    public async Task Who_withdraws_an_invitation_is_told_by_a_pushed_event()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "feishu", transport = "webhook", callbackUrl = _app.Url, type = "im.chat.member.user.withdrawn_v1", schema = "2.0", encrypt = true,
            @event = new { chat_id = "oc_1", operator_id = new { open_id = "ou_1" }, users = new[] { new { name = "Bob", user_id = new { open_id = "ou_2" } } } },
        });
        Assert.Equal("Bob", Assert.Single((await NextAsync<ImChatMemberUserWithdrawnV1>()).Users!).Name);
    }

    [Fact]
    public async Task A_group_is_changed_and_disbanded()
    {
        string group = (await Feishu.Chats.CreateAsync(new() { Name = "Old" }, cancellationToken: Stop)).ChatId!;
        await Feishu.Chats.UpdateAsync(new() { ChatId = group, Name = "New" }, cancellationToken: Stop);
        ImChatUpdatedV1 changed = await NextAsync<ImChatUpdatedV1>();
        Assert.Equal((group, "Old", "New"), (changed.ChatId, changed.BeforeChange!.Name, changed.AfterChange!.Name));
        await Feishu.Chats.DisbandAsync(group, cancellationToken: Stop);
        Assert.Equal(group, (await NextAsync<ImChatDisbandedV1>()).ChatId);
    }

    [Fact]
    public async Task Messages_are_read_reacted_to_recalled_and_answered()
    {
        ChatMessage sent = await Feishu.Messages.SendAsync(Recipient.UserId("bob"), MessageContent.Text("hi"), cancellationToken: Stop);
        await Emulator.ActAsync(new { @as = "bob", @do = "read" });
        Assert.Contains(sent.MessageId, (await NextAsync<ImMessageMessageReadV1>()).MessageIdList!);
        await Emulator.ActAsync(new { @as = "bob", @do = "react", message_id = sent.MessageId, emoji = "OK" });
        Assert.Equal("OK", (await NextAsync<ImMessageReactionCreatedV1>()).ReactionType!.EmojiType);
        await Emulator.ActAsync(new { @as = "bob", @do = "react", message_id = sent.MessageId, emoji = "OK", remove = true });
        Assert.Equal(sent.MessageId, (await NextAsync<ImMessageReactionDeletedV1>()).MessageId);

        string asked = await PersonSaysAsync("alice", "@bot hello");
        ImMessageReceiveV1 received = await NextAsync<ImMessageReceiveV1>(e => e.Message!.MessageId == asked);
        var text = Assert.IsType<ReceivedText>(received.Message!.ReadContent());
        MessageMention bot = Assert.Single(text.Mentions);
        Assert.Equal("hello", text.WithoutMention(bot.Id));
        await Emulator.ActAsync(new { @as = "alice", @do = "recall", message_id = asked });
        Assert.Equal(asked, (await NextAsync<ImMessageRecalledV1>()).MessageId);
    }

    private static Task Keep(Action<object> keep, object e)
    {
        keep(e);
        return Task.CompletedTask;
    }

    /// <summary>The next event of a type; others may come between.</summary>
    private async Task<T> NextAsync<T>(Func<T, bool>? fits = null)
    {
        while (true)
        {
            if (await _app.NextAsync(Stop) is T found && fits?.Invoke(found) != false) return found;
        }
    }
}
