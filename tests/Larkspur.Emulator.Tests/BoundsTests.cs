using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

/// <summary>Nothing that a person or a bot sends grows without end.</summary>
public sealed class BoundsTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider() });

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task What_a_person_sends_is_as_short_as_what_a_bot_may_send()
    {
        var tooLong = new string('x', 151 * 1024);
        var sent = (await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "x" }))["message_id"]!.GetValue<string>();
        Assert.Equal("The message is too long.", _emulator.People.SendText("alice", null, tooLong).Refusal!.En);
        Assert.Equal("The message is too long.", _emulator.People.SendContent("alice", null, "post", $$"""{"title":"{{tooLong}}"}""").Refusal!.En);
        Assert.Equal("The message is too long.", _emulator.People.Edit("alice", sent, tooLong).Refusal!.En);
        Assert.Equal("There is nothing to send.", _emulator.People.Edit("alice", sent, "").Refusal!.En);
        Assert.Equal("There is no such emoji.", _emulator.People.React("alice", sent, "<script>").Refusal!.En);
        Assert.False(_emulator.People.SendFile("alice", null, tooLong, new byte[1]).Done);
        Assert.False(_emulator.People.CreateGroup("alice", tooLong, [], []).Done);
    }

    [Fact]
    public void The_oldest_messages_are_forgotten_when_all_together_are_too_long()
    {
        var state = _emulator.State;
        var text = new string('x', 1 << 20);
        string first = "", last = "";
        for (var i = 0; i < 40; i++)
        {
            var now = state.Clock.GetUtcNow();
            last = state.AddMessage(new Message
            {
                MessageId = "om_" + i, ChatId = i % 2 == 0 ? SeededCompany.PurchasingChat : SeededCompany.FinanceChat, SenderKind = SenderKind.User, SenderId = "bob", MsgType = "text",
                Content = text, Rendered = text, CreateTime = now, UpdateTime = now,
            }).MessageId;
            if (i == 0) first = last;
        }

        Assert.Null(state.Message(first));
        Assert.NotNull(state.Message(last));
        Assert.Equal(32, state.Messages(SeededCompany.PurchasingChat).Count + state.Messages(SeededCompany.FinanceChat).Count);
    }

    [Fact]
    public void The_inspector_keeps_long_bodies_cut()
    {
        var state = _emulator.State;
        var text = new string('x', 1 << 20);
        state.Inspector.Add(new PushAttempt
        {
            Platform = "feishu", Number = 1, Time = state.Clock.GetUtcNow(), AppId = "a", Url = "u", EventType = "t", EventId = "e", Attempt = 1, PlainBody = text, EncryptedBody = text, ResponseBody = text,
        });
        var kept = state.Inspector.Pushes()[0];
        Assert.All([kept.PlainBody, kept.EncryptedBody, kept.ResponseBody], body => Assert.Equal(Inspector.LongestBody + 1, body.Length));
    }
}
