using Larkspur.Gateway.Common;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Commands;

/// <summary>What the bot says by itself can be switched off, and what is left is told truly.</summary>
public sealed class BotSettingsTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public ValueTask DisposeAsync() => _feishu.DisposeAsync();

    [Fact]
    public async Task Without_assistant_and_plug_in_words_get_a_hint_in_the_writers_language()
    {
        await using var gateway = await StartAsync();
        var hint = await AskAsync(gateway, "good morning");
        Assert.Contains("answer questions here, but I do know some commands. Send /help", hint, StringComparison.Ordinal);
        Assert.Contains("我在这里还不能回答问题", await AskAsync(gateway, "早上好"), StringComparison.Ordinal);
        Assert.Contains("Did you mean /whoami?", await AskAsync(gateway, "/whomai please"), StringComparison.Ordinal);
        var help = await AskAsync(gateway, "/help me");
        Assert.Contains("/whoami", help, StringComparison.Ordinal);
        Assert.DoesNotContain("demo", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_switched_off_is_unknown_and_not_shown()
    {
        await using var gateway = await StartAsync(("Larkspur:Bot:Commands:Off:0", "whoami"));
        Assert.Contains("I don't know the command /whoami", await AskAsync(gateway, "/whoami please"), StringComparison.Ordinal);
        Assert.Contains("我不认识命令 /我是谁", await AskAsync(gateway, "/我是谁 please"), StringComparison.Ordinal);
        Assert.DoesNotContain("whoami", await AskAsync(gateway, "/help me, please"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_help_nobody_is_sent_there()
    {
        await using var gateway = await StartAsync(("Larkspur:Bot:Commands:Off:0", "/help"));
        foreach (var said in (string[])["hello", "/help", "/whoamy", "/wat"])
            Assert.DoesNotContain("/help to", await AskAsync(gateway, said), StringComparison.Ordinal);
        const string Entered = """{"chat_id":"oc_x","operator_id":{"open_id":"ou_x"}}""";
        await _push.SendAsync(gateway, "im.chat.access_event.bot_p2p_chat_entered_v1", Entered);
        Assert.DoesNotContain("/help", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Greetings_can_be_switched_off()
    {
        await using var gateway = await StartAsync(("Larkspur:Bot:Greetings", "false"));
        foreach (var (type, body) in ((string, string)[])
        [
            ("im.chat.access_event.bot_p2p_chat_entered_v1", """{"chat_id":"oc_x","operator_id":{"open_id":"ou_x"}}"""),
            ("im.chat.member.bot.added_v1", """{"chat_id":"oc_x","operator_id":{"open_id":"ou_new"},"external":false,"name":"G"}"""),
        ])
        {
            var eventId = FeishuPush.NewId("ev_");
            await _push.SendAsync(gateway, type, body, eventId);
            Assert.Equal("greetings_off", (await gateway.OutcomeAsync(eventId)).GetProperty("reason").GetString());
        }

        Assert.Empty(_feishu.Calls);
    }

    [Theory]
    [InlineData("Larkspur:Bot:Commands:Off:0", "whoamy", "Commands:Off: there is no command \"whoamy\". Did you mean \"whoami\"?")]
    [InlineData("Larkspur:Bot:Commands:Off:0", "everything", "There are: agenda, approvals, help, link, new, stop, switch, unlink, whoami.")]
    [InlineData("Larkspur:Bot:Greeting", "false", "Did you mean Larkspur:Bot:Greetings?")]
    [InlineData("Larkspur:Bot:Commands:On:0", "help", "Larkspur:Bot:Commands:On: there is no such setting. There are: Off")]
    [InlineData("Larkspur:Bot:Greetings", "maybe", "Larkspur:Bot")]
    public async Task What_is_no_command_or_no_setting_ends_the_start(string name, string value, string told)
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync((name, value)));
        Assert.Contains(told, Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_of_the_assistants_may_be_switched_off_before_there_is_one()
    {
        await using var gateway = await StartAsync(("Larkspur:Bot:Commands:Off:0", "link"));
        Assert.DoesNotContain("/link", await AskAsync(gateway, "/help me"), StringComparison.Ordinal);
    }

    private Task<GatewayApp> StartAsync(params (string Name, string Value)[] settings) => GatewayApp.StartAsync(_feishu.Address,
        settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)).Append(new("Larkspur:Plugins:0", "")).ToDictionary());

    private async Task<string> AskAsync(GatewayApp gateway, string text)
    {
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message(text, FeishuPush.NewId("oc_")));
        return (await _feishu.NextAsync()).Content;
    }
}
