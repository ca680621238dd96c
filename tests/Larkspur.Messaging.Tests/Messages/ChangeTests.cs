using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Messages;

public sealed class ChangeTests : EmulatorTests
{
    private static MessageContent Card(string words) => MessageContent.Card(
        $$$"""{"config":{"update_multi":true},"elements":[{"tag":"markdown","content":"{{{words}}}"},{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"Go"},"value":{"k":"v"}}]}]}""");

    [Fact]
    public async Task Words_are_edited_and_cards_are_not()
    {
        ChatMessage sent = await SayAsync("befor");
        await Feishu.Messages.EditAsync(sent.MessageId, MessageContent.Text("before"), cancellationToken: Stop);
        ChatMessage read = await Feishu.Messages.GetAsync(sent.MessageId, cancellationToken: Stop);
        Assert.Equal(("before", true), (read.Content.PlainText, read.IsEdited));
        Assert.Equal(MessageContentProblem.WrongType, (await Assert.ThrowsAsync<MessageContentException>(() => Feishu.Messages.EditAsync(sent.MessageId, Card("x"), cancellationToken: Stop))).Problem);
        await Assert.ThrowsAsync<MessageContentException>(() => Feishu.Messages.UpdateCardAsync(sent.MessageId, MessageContent.Text("x"), cancellationToken: Stop));
    }

    [Fact]
    public async Task Anothers_words_are_not_edited()
    {
        FeishuApiException refused = await RefusedAsync(Feishu.Messages.EditAsync(await PersonSaysAsync("alice", "mine"), MessageContent.Text("yours"), cancellationToken: Stop));
        Assert.Equal((230071, FailureKind.Permission), (refused.Code, refused.FailureKind));
        Assert.NotNull(refused.Explanation);
    }

    [Fact]
    public async Task Own_messages_are_recalled_and_say_so()
    {
        ChatMessage sent = await SayAsync("oops");
        await Feishu.Messages.RecallAsync(sent.MessageId, cancellationToken: Stop);
        ChatMessage seen = Assert.Single(await ListAsync(Feishu.Messages.HistoryAsync(HistoryQuery.OfChat(Purchasing), cancellationToken: Stop)), m => m.MessageId == sent.MessageId);
        Assert.True(seen.IsRecalled);
        Assert.IsType<ReceivedRecalled>(seen.Content);
    }

    [Fact]
    public async Task Recall_of_anothers_message_is_explained()
    {
        FeishuApiException refused = await RefusedAsync(Feishu.Messages.RecallAsync(await PersonSaysAsync("alice", "mine"), cancellationToken: Stop));
        Assert.Equal((230026, FailureKind.Permission), (refused.Code, refused.FailureKind));
        Assert.Contains("may recall its own", refused.Explanation!.English, StringComparison.Ordinal);
        Assert.Contains("只能撤回自己的消息", refused.Explanation.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recall_after_the_tenants_window_is_explained()
    {
        ChatMessage sent = await SayAsync("old");
        await Emulator.AdvanceAsync(TimeSpan.FromHours(25));
        FeishuApiException refused = await RefusedAsync(Feishu.Messages.RecallAsync(sent.MessageId, cancellationToken: Stop));
        Assert.Equal(230009, refused.Code);
        Assert.Contains("administrator", refused.Explanation!.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_is_replaced_for_fourteen_days()
    {
        ChatMessage sent = await Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), Card("before"), cancellationToken: Stop);
        await Feishu.Messages.UpdateCardAsync(sent.MessageId, Card("after"), cancellationToken: Stop);
        Assert.Contains("after", (await Feishu.Messages.GetAsync(sent.MessageId, cardsAsSent: true, cancellationToken: Stop)).Content.Raw, StringComparison.Ordinal);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(14.1));
        Assert.Equal(230031, (await RefusedAsync(Feishu.Messages.UpdateCardAsync(sent.MessageId, Card("late"), cancellationToken: Stop))).Code);
    }

    [Fact]
    public async Task A_clicks_token_works_twice()
    {
        string token = await ClickAsync();
        await Feishu.Messages.UpdateCardByTokenAsync(token, Card("first"), cancellationToken: Stop);
        await Feishu.Messages.UpdateCardByTokenAsync(token, Card("second"), cancellationToken: Stop);
        FeishuApiException refused = await RefusedAsync(Feishu.Messages.UpdateCardByTokenAsync(token, Card("third"), cancellationToken: Stop));
        Assert.Equal(300040, refused.Code);
        Assert.Contains("used up", refused.Explanation!.English, StringComparison.Ordinal);
        Assert.DoesNotContain(token, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clicks_token_works_for_thirty_minutes()
    {
        string token = await ClickAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(31));
        FeishuApiException refused = await RefusedAsync(Feishu.Messages.UpdateCardByTokenAsync(token, Card("late"), cancellationToken: Stop));
        Assert.Equal(300030, refused.Code);
        Assert.Contains("30 分钟", refused.Explanation!.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_token_is_an_error_before_the_call()
        => Assert.Equal(MessageContentProblem.WrongValue, (await Assert.ThrowsAsync<MessageContentException>(() => Feishu.Messages.UpdateCardByTokenAsync("om_1", Card("x"), cancellationToken: Stop))).Problem);

    /// <summary>Bob clicks; a receiver of ours answers and keeps the token.</summary>
    private async Task<string> ClickAsync()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await Emulator.SetCallbackAsync(receiver.Url);
        ChatMessage sent = await Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), Card("click me"), cancellationToken: Stop);
        JsonObject clicked = await Emulator.ActAsync(new { @as = "bob", @do = "click", message_id = sent.MessageId, text = "Go" });
        Assert.True(clicked["ok"]!.GetValue<bool>(), clicked.ToJsonString());
        return await receiver.TokenAsync(Stop);
    }

    [Fact]
    public async Task A_card_that_somebody_uses_is_changed_when_their_click_is_answered()
    {
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await WebhookReceiver.StartAsync(clicksUntil: answer.Task);
        await Emulator.SetCallbackAsync(receiver.Url);
        ChatMessage sent = await Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), Used("old"), cancellationToken: Stop);
        Task click = Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = sent.MessageId, text = "Go" });
        await receiver.TokenAsync(Stop);
        FeishuApiException refused = await RefusedAsync(
            Feishu.Messages.UpdateCardAsync(sent.MessageId, Used("new"), new() { MaxAttempts = 1 }, Stop));
        Assert.Equal((230099, 11310, FailureKind.Conflict, true, RateLimitScope.Target),
            (refused.Code, refused.CardError!.Code, refused.FailureKind, refused.NothingHappened, refused.LimitScope));
        Assert.Equal(FeishuExplanation.Of(200810), refused.Explanation);

        Emulator.State.Inspector.Called += call => { if (call.Method == "PATCH") tried.TrySetResult(); };
        Task change = Feishu.Messages.UpdateCardAsync(sent.MessageId, Used("new"), cancellationToken: Stop);
        await tried.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        answer.SetResult();
        await click;
        await change;
        Assert.Contains("new", Emulator.State.Message(sent.MessageId)!.Card!.Json, StringComparison.Ordinal);
    }

    private static MessageContent Used(string words) => MessageContent.Card(
        $$$"""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"{{{words}}}"},{"tag":"button","text":{"tag":"plain_text","content":"Go"},"behaviors":[{"type":"callback","value":{"k":"v"}}]}]}}""");
}
