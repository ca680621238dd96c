using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.World;
using Larkspur.Gateway.Tests;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A question about accounts, or the notice of a join, that somebody passed on: its buttons stand under words that others chose,
/// and do nothing there.</summary>
public sealed class ForwardedLinkTests
{
    [Fact]
    public async Task Buttons_on_a_copy_neither_join_nor_refuse_nor_separate()
    {
        await using var stage = await LinkStage.StartAsync();
        await stage.MallorySaysAsync("/link " + await stage.PhishAsync(), "asking the owner of this code");
        var asked = await stage.AskedAsync();
        var request = await stage.RequestAsync();
        foreach (var word in (string[])["confirm", "refuse"])
        {
            await DoesNothingAsync(stage, $"asst:{word}:{request}");
            await stage.AreTwoAsync();
            Assert.Equal(["open"], await stage.TextsAsync("SELECT COALESCE(outcome, 'open') FROM person_link_request"));
        }

        Assert.Equal("success", (await stage.Assistant.ClickAsync(asked.MessageId, "Link"))["toast"]!["type"]!.GetValue<string>());
        const string Undo = "undo it within 24 hours";
        var notice = await stage.Assistant.UntilAsync(m => m.Card?.Json.Contains(Undo, StringComparison.Ordinal) == true);
        await DoesNothingAsync(stage, "asst:unlink:" + await stage.JoinIdAsync());
        Assert.Equal(stage.AliceId, await stage.PersonAsync(stage.MalloryId));

        var undone = await stage.Assistant.ClickAsync(notice.MessageId, "撤销 · Undo");
        Assert.Equal("success", undone["toast"]!["type"]!.GetValue<string>());
        await stage.AreTwoAsync();
    }

    /// <summary>Alice clicks on another message of the same chat that has the button.</summary>
    private static async Task DoesNothingAsync(LinkStage stage, string deed)
    {
        var world = stage.Assistant.Emulator.World;
        var value = JsonSerializer.SerializeToElement(new { kind = "assistant", deed });
        var click = JsonNode.Parse(FeishuPush.Click(value, "om_copy", WireIds.OpenId(EmulatorApp.AppId, "alice")))!;
        click["context"]!["open_chat_id"] = world.P2pChat("alice", EmulatorApp.AppId)!.ChatId;
        // What the platform tells of her is what it tells of her elsewhere.
        var who = click["operator"]!.AsObject();
        (who["user_id"], who["union_id"]) = ("alice", world.Person("alice")!.UnionId);
        var id = FeishuPush.NewId("ev_");
        var (status, answer) = await new FeishuPush().SendAsync(stage.Gateway, "card.action.trigger", click.ToJsonString(), id);
        Assert.Equal((200, "warning"), (status, answer.GetProperty("toast").GetProperty("type").GetString()));
        Assert.Equal("other_message", (await stage.Gateway.OutcomeAsync(id)).GetProperty("reason").GetString());
    }
}
