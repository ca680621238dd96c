using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Notifications;

namespace Larkspur.Security.Tests;

/// <summary>
/// Half a character (an unpaired surrogate) can be written by no encoding: it is refused wherever it stands, and breaks nothing.
/// </summary>
public sealed class HalfCharacterTests : IAsyncLifetime
{
    private NotificationFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NotificationFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData("POST", "/payments")]
    [InlineData("POST", "/approvals/instances")]
    [InlineData("PUT", "/notification-types/erp.order")]
    [InlineData("POST", "/notification-types/pr.submitted/preview")]
    [InlineData("POST", "/notifications")]
    [InlineData("POST", "/messages")]
    [InlineData("POST", "/chats")]
    [InlineData("POST", "/cards/validate")]
    [InlineData("POST", "/people/lookup")]
    [InlineData("POST", "/web-chat/sessions")]
    [InlineData("POST", "/api-keys")]
    [InlineData("PUT", "/webhooks/erp2")]
    [InlineData("PATCH", "/settings")]
    public async Task It_is_a_bad_text_in_a_value_and_in_a_name(string method, string path)
    {
        foreach (var (body, pointer) in ((string, string?)[])
        [
            ("""{"reason":"\ud800"}""", "/reason"), ("""{"reason":{"a/b":["x","a\udc00b"]}}""", "/reason/a~1b/1"),
            ("""{"\ud800":"x"}""", null), ("""{"reason":{"\ud83d":{}}}""", "/reason"),
        ])
        {
            var refused = await _fixture.Gateway.CallAsync(GatewayApp.ApiKey, new HttpMethod(method), path, body);
            Assert.Equal((body, 400, "bad_text", pointer), (body, refused.Status, refused.Error, refused.Text("pointer")));
        }

        // A whole one, written in two escapes, is none of this.
        var whole = await _fixture.Gateway.CallAsync(GatewayApp.ApiKey, new HttpMethod(method), path, """{"no_such":"\ud83d\ude00"}""");
        Assert.NotEqual("bad_text", whole.Error);
        Assert.InRange(whole.Status, 400, 499);
    }

    [Fact]
    public async Task It_is_one_in_the_last_components_of_a_stream()
    {
        foreach (var components in (string[])["""[{"tag":"markdown","content":"\ud800"}]""", """[{"\ud800":"markdown"}]"""])
        {
            var body = $$"""{"components":{{components}}}""";
            var refused = await _fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/streams/st_0/finish", body);
            Assert.Equal((400, "bad_text"), (refused.Status, refused.Error));
        }
    }
}
