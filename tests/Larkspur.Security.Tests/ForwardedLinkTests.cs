using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A question about accounts, or the notification of a join, that somebody passed on: its buttons stand under words that others chose,
/// and do nothing there.</summary>
public sealed class ForwardedLinkTests
{
    [Fact]
    public async Task Buttons_on_a_copy_neither_join_nor_refuse_nor_separate()
    {
        await using var fixture = await LinkFixture.StartAsync();
        await fixture.MallorySaysAsync("/link " + await fixture.PhishAsync(), "asking the owner of this code");
        var asked = await fixture.AskedAsync();
        await fixture.IsKnownAsync(asked);
        var request = await fixture.RequestAsync();
        foreach (var word in (string[])["confirm", "refuse"])
        {
            await DoesNothingAsync(fixture, $"asst:{word}:{request}");
            await fixture.AreTwoAsync();
            Assert.Equal(["open"], await fixture.TextsAsync("SELECT COALESCE(outcome, 'open') FROM person_link_request"));
        }

        Assert.Equal("success", (await fixture.Assistant.ClickAsync(asked.MessageId, "Link"))["toast"]!["type"]!.GetValue<string>());
        const string Undo = "undo it within 24 hours";
        var notification = await fixture.Assistant.UntilAsync(m => m.Card?.Json.Contains(Undo, StringComparison.Ordinal) == true);
        await fixture.IsKnownAsync(notification);
        await DoesNothingAsync(fixture, "asst:unlink:" + await fixture.JoinIdAsync());
        Assert.Equal(fixture.AliceId, await fixture.PersonAsync(fixture.MalloryId));

        var undone = await fixture.Assistant.ClickAsync(notification.MessageId, "撤销 · Undo");
        Assert.Equal("success", undone["toast"]!["type"]!.GetValue<string>());
        await fixture.AreTwoAsync();
    }

    /// <summary>Alice clicks on another message of the same chat that has the button.</summary>
    private static async Task DoesNothingAsync(LinkFixture fixture, string action)
    {
        var world = fixture.Assistant.Emulator.State;
        var value = JsonSerializer.SerializeToElement(new { kind = "assistant", action });
        var click = JsonNode.Parse(FeishuPush.Click(value, "om_copy", WireIds.OpenId(EmulatorApp.AppId, "alice")))!;
        click["context"]!["open_chat_id"] = world.P2pChat("alice", EmulatorApp.AppId)!.ChatId;
        // What the platform tells of her is what it tells of her elsewhere.
        var who = click["operator"]!.AsObject();
        (who["user_id"], who["union_id"]) = ("alice", world.Person("alice")!.UnionId);
        var id = FeishuPush.NewId("ev_");
        var (status, answer) = await new FeishuPush().SendAsync(fixture.Gateway, "card.action.trigger", click.ToJsonString(), id);
        Assert.Equal((200, "warning"), (status, answer.GetProperty("toast").GetProperty("type").GetString()));
        Assert.Equal("other_message", (await fixture.Gateway.OutcomeAsync(id)).GetProperty("reason").GetString());
    }
}
