using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A command, its calls and its name are its system's.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersCommandsTests
{
    private static readonly string[] Scopes = ["commands:read", "commands:write"];
    private static readonly object Ticket = new { description = "report a fault" };

    [Fact]
    public async Task Nobody_else_sees_changes_or_answers_and_a_name_stays_its_systems()
    {
        await using var fixture = await CommandFixture.StartAsync();
        var gateway = fixture.Gateway;
        var (hr, canteen) = (await gateway.KeyOfAsync("hr", Scopes), await gateway.KeyOfAsync("canteen", Scopes));
        Assert.Equal(201, (await gateway.CallAsync(hr, HttpMethod.Put, "/commands/ticket", Ticket)).Status);
        await fixture.Platforms.SayAsync("feishu", "/ticket lamp");
        var data = (await fixture.HeardAsync()).GetProperty("data");
        Assert.Equal("hr", data.GetProperty("system").GetString());
        var call = data.GetProperty("call").GetString();

        await gateway.NotThereAsync(canteen, HttpMethod.Get, "/commands/ticket", "/commands/none");
        await gateway.NotThereAsync(canteen, HttpMethod.Delete, "/commands/ticket", "/commands/none");
        await gateway.NotThereAsync(canteen, HttpMethod.Get, $"/commands/ticket/calls/{call}", "/commands/ticket/calls/cc_0");
        await gateway.NotThereAsync(canteen, HttpMethod.Post, $"/commands/ticket/calls/{call}/answers", "/commands/ticket/calls/cc_0/answers", new { text = "x" });
        Assert.Empty((await gateway.CallAsync(canteen, HttpMethod.Get, "/commands/ticket/calls")).Items());
        Assert.DoesNotContain((await gateway.CallAsync(canteen, HttpMethod.Get, "/commands")).Items(), c => c.GetProperty("name").GetString() == "ticket");
        Assert.Equal("name_in_use", (await gateway.CallAsync(canteen, HttpMethod.Put, "/commands/Ticket", Ticket)).Error);
        Assert.Equal("name_in_use", (await gateway.CallAsync(canteen, HttpMethod.Put, "/commands/food", new { description = "x", aliases = new[] { "TICKET" } })).Error);

        var auditor = await gateway.KeyOfAsync("auditor", [.. Scopes, "others:read"]);
        Assert.Equal("system_not_held", (await gateway.CallAsync(auditor, HttpMethod.Delete, "/commands/ticket")).Error);
        Assert.Equal("system_not_held", (await gateway.CallAsync(auditor, HttpMethod.Post, $"/commands/ticket/calls/{call}/answers", new { text = "x" })).Error);

        Assert.Equal(204, (await gateway.CallAsync(hr, HttpMethod.Delete, "/commands/ticket")).Status);
        Assert.Equal("name_in_use", (await gateway.CallAsync(canteen, HttpMethod.Put, "/commands/ticket", Ticket)).Error);
        var asAlias = new { description = "x", aliases = new[] { "ticket" } };
        Assert.Equal("name_in_use", (await gateway.CallAsync(canteen, HttpMethod.Put, "/commands/food", asAlias)).Error);
        // What was called before is answered still.
        Assert.Equal(202, (await gateway.CallAsync(hr, HttpMethod.Post, $"/commands/ticket/calls/{call}/answers", new { text = "done" })).Status);
        Assert.Equal(201, (await gateway.CallAsync(hr, HttpMethod.Put, "/commands/ticket", new { description = "x", aliases = new[] { "fault" } })).Status);
        Assert.Equal(200, (await gateway.CallAsync(hr, HttpMethod.Put, "/commands/ticket", Ticket)).Status);
        Assert.Equal("name_in_use", (await gateway.CallAsync(canteen, HttpMethod.Put, "/commands/fault", Ticket)).Error);
    }

    [Fact]
    public async Task A_form_in_a_group_is_sent_by_its_caller_alone_and_from_its_own_card()
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("leave", CommandFixture.Leave);
        await fixture.Platforms.SayAsync("feishu", "/leave");
        await fixture.Platforms.ShowsAsync("feishu", "First day");
        var card = await fixture.CardAsync();
        var value = JsonSerializer.Deserialize<JsonElement>(ValueOf(card["content"]!.GetValue<string>()));
        var push = new Larkspur.Gateway.Tests.FeishuPush();
        foreach (var (message, who, word) in ((string, string, string)[])
            [(card["message_id"]!.GetValue<string>(), "ou_somebody_else", "warning"), ("om_another", "ou_alice", "warning")])
        {
            var told = await push.SendAsync(fixture.Gateway, "card.action.trigger", Larkspur.Gateway.Tests.FeishuPush.Click(value, message, who));
            Assert.Contains(word, told.Body.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Empty(fixture.Hr.Calls);
        Assert.Equal("form", (await fixture.CallAsync(HttpMethod.Get, "/commands/leave/calls")).Items()[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_key_of_one_app_registers_for_its_people_alone()
    {
        await using var fixture = await CommandFixture.StartAsync();
        var key = await fixture.Gateway.KeyOfAsync("elsewhere", Scopes, apps: ["second"]);
        var put = await fixture.Gateway.CallAsync(key, HttpMethod.Put, "/commands/ticket", Ticket);
        Assert.Equal("second", put.Body.GetProperty("apps")[0].GetString());
        await fixture.Platforms.SayAsync("feishu", "/ticket lamp");
        await fixture.Platforms.ShowsAsync("feishu", "I don't know the command /ticket");
    }

    /// <summary>The value of the button that sends the form.</summary>
    private static string ValueOf(string card)
    {
        var from = card.IndexOf("{\"kind\":\"larkspur.command\"", StringComparison.Ordinal);
        return card[from..(card.IndexOf('}', from) + 1)];
    }
}
