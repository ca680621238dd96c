using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>Types that come with the gateway, and those that are defined while it runs.</summary>
public sealed class NotificationTypeTests : IAsyncLifetime
{
    private const string Visit = """
        {
          "title": {"zh": "访客到访", "en": "A visitor has come"},
          "quiet_hours": "urgent",
          "recipients": [{"variable": "host"}],
          "variables": {
            "visitor": {"type": "text", "required": true},
            "host": {"type": "person", "required": true},
            "badge": {"type": "number"}
          },
          "template": {
            "strings": {"head": {"zh": "${visitor}到了", "en": "${visitor} is here"}},
            "message": {"title": "${strings.head}", "facts": [{"$if": "badge", "label": "Badge", "value": "${badge}"}]}
          }
        }
        """;

    private NotificationFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NotificationFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Every_type_that_comes_with_the_gateway_makes_good_cards()
    {
        var types = (await _fixture.Gateway.GetRestAsync("/notification-types")).Items;
        Assert.Equal(["approval.decided", "contract.expiring", "payment.pending", "po.created", "pr.submitted"], types.Select(t => t.GetProperty("name").GetString()));
        foreach (var type in types)
        {
            var name = type.GetProperty("name").GetString();
            var preview = await _fixture.Gateway.PostRestAsync($"/notification-types/{name}/preview", new { locale = "en_us" });
            Assert.True(preview.Status == 200, preview.ToString());
            Assert.Empty(preview.Body.GetProperty("findings").EnumerateArray());
            Assert.Empty(preview.Body.GetProperty("notes").EnumerateArray());
            Assert.DoesNotContain("${", preview.Body.GetRawText(), StringComparison.Ordinal);
            // What is shown can be saved again as it is.
            var definition = JsonNode.Parse(type.GetProperty("definition").GetRawText())!.AsObject();
            var saved = await _fixture.Gateway.RestAsync(HttpMethod.Put, $"/notification-types/{name}", definition.ToJsonString());
            Assert.True(saved.Status == 200 && saved.Body.GetProperty("changed").GetBoolean(), saved.ToString());
            Assert.Equal(204, (await _fixture.Gateway.RestAsync(HttpMethod.Delete, $"/notification-types/{name}")).Status);
            Assert.Equal(409, (await _fixture.Gateway.RestAsync(HttpMethod.Delete, $"/notification-types/{name}")).Status);
        }
    }

    [Fact]
    public async Task A_type_is_defined_tried_used_switched_and_forgotten()
    {
        var saved = await _fixture.Gateway.RestAsync(HttpMethod.Put, "/notification-types/visitor.arrived", Visit);
        Assert.True(saved.Status == 200, saved.ToString());
        var tried = await _fixture.Gateway.PostRestAsync("/notification-types/visitor.arrived/test", new { recipient = new { email = "alice@mica.example" } });
        Assert.Equal(202, tried.Status);
        await _fixture.UntilAsync(tried.Body, "sent");
        Assert.Equal(1, await _fixture.CountAsync("[Test] "));

        var sent = await _fixture.SendAsync(new JsonObject { ["event"] = "visitor.arrived", ["variables"] = new JsonObject { ["visitor"] = "Dora", ["host"] = NotificationFixture.Email("carol"), ["badge"] = 1200 } });
        var now = await _fixture.UntilAsync(sent, "sent");
        var face = await _fixture.FaceAsync(NotificationFixture.MessageOf(now));
        foreach (var shown in (string[])["Dora到了", "Dora is here", "1,200"]) Assert.Contains(shown, face, StringComparison.Ordinal);

        var off = JsonNode.Parse(Visit)!;
        off["enabled"] = false;
        Assert.False((await _fixture.Gateway.RestAsync(HttpMethod.Put, "/notification-types/visitor.arrived", off.ToJsonString())).Body.GetProperty("enabled").GetBoolean());
        var recorded = await _fixture.SendAsync(new JsonObject { ["event"] = "visitor.arrived", ["variables"] = new JsonObject { ["visitor"] = "Dora", ["host"] = NotificationFixture.Email("carol") } });
        Assert.Equal("switched_off", recorded.GetProperty("state").GetString());
        Assert.Equal(204, (await _fixture.Gateway.RestAsync(HttpMethod.Delete, "/notification-types/visitor.arrived")).Status);
        Assert.Equal(404, (await _fixture.Gateway.GetRestAsync("/notification-types/visitor.arrived")).Status);
    }

    [Theory]
    [InlineData("""{"template":{"message":{"title":"${visitors} came"}}}""", 422, "visitors")]
    [InlineData("""{"template":{"message":{"title":"x","actions":[{"id":"go","label":"Go"}]}}}""", 422, "open an address")]
    [InlineData("""{"template":{"message":{"titel":"x"}}}""", 422, "title")]
    [InlineData("""{"template":{"strings":{"a":{"zh":"x"}},"message":{"title":"x"}}}""", 400, "en")]
    [InlineData("""{"variables":{"visitor":{"type":"colour"}}}""", 422, "money")]
    [InlineData("""{"variables":{"visitor":{"type":"date","sample":"soon"},"host":{"type":"person"}}}""", 422, "visitor")]
    [InlineData("""{"recipients":[{"variable":"badge"}]}""", 422, "badge")]
    [InlineData("""{"quiet_hours":"never"}""", 422, "digest")]
    [InlineData("""{"decision":true,"quiet_hours":"digest"}""", 422, "digest")]
    [InlineData("""{"colour":"red"}""", 400, "colour")]
    [InlineData("""{"title":null}""", 400, "title")]
    public async Task A_type_that_makes_no_card_is_refused_when_it_is_saved(string change, int status, string names)
    {
        var body = JsonNode.Parse(Visit)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) body[name] = value?.DeepClone();
        var refused = await _fixture.Gateway.RestAsync(HttpMethod.Put, "/notification-types/visitor.arrived", body.ToJsonString());
        Assert.True(refused.Status == status && refused.Text("message")!.Contains(names, StringComparison.Ordinal), refused.ToString());
        Assert.Equal(404, (await _fixture.Gateway.GetRestAsync("/notification-types/visitor.arrived")).Status);
    }

    [Fact]
    public async Task A_type_can_be_seen_before_it_is_saved()
    {
        var body = new { definition = JsonSerializer.Deserialize<JsonElement>(Visit), variables = new { visitor = "Dora" }, locale = "en_us" };
        var preview = await _fixture.Gateway.PostRestAsync("/notification-types/visitor.arrived/preview", body);
        Assert.True(preview.Status == 200, preview.ToString());
        Assert.Contains("Dora is here", preview.Text("text"), StringComparison.Ordinal);
        Assert.Equal(422, (await _fixture.Gateway.RestAsync(HttpMethod.Put, "/notification-types/Bad Name", Visit)).Status);
    }
}
