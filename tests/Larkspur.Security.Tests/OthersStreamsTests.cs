using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Streams;

namespace Larkspur.Security.Tests;

/// <summary>A card that a system writes is written, read and ended by that system.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersStreamsTests
{
    [Fact]
    public async Task One_system_holds_no_more_than_its_share_of_the_open_streams()
    {
        await using var fixture = await StreamFixture.StartAsync(new Dictionary<string, string?> { ["Larkspur:Streams:MaxOpenPerSystem"] = "2" });
        var gateway = fixture.Gateway;
        var (erp, canteen) = (await gateway.KeyOfAsync("erp", ["messages:write"]), await gateway.KeyOfAsync("canteen", ["messages:write"]));
        using var http = new HttpClient { BaseAddress = gateway.Address };
        int[] answers = [await OpenAsync(canteen, "1"), await OpenAsync(canteen, "2"), await OpenAsync(canteen, "3"), await OpenAsync(erp, "1")];
        Assert.Equal([201, 201, 429, 201], answers);

        async Task<int> OpenAsync(string key, string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/streams") { Content = JsonContent.Create(new { to = new { type = "chat_id", id = fixture.Chat } }) };
            request.Headers.Add("X-Api-Key", key);
            request.Headers.Add("Idempotency-Key", name);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task Nobody_else_sees_writes_or_ends_a_stream_or_changes_its_card()
    {
        await using var fixture = await StreamFixture.StartAsync(new Dictionary<string, string?> { ["Larkspur:Streams:CheckpointInterval"] = "00:00:00.100" });
        var gateway = fixture.Gateway;
        string[] scopes = ["messages:read", "messages:write"];
        var (erp, canteen) = (await gateway.KeyOfAsync("erp", scopes), await gateway.KeyOfAsync("canteen", scopes));
        using var http = new HttpClient { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/streams") { Content = JsonContent.Create(new { to = new { type = "chat_id", id = fixture.Chat } }) };
        request.Headers.Add("X-Api-Key", erp);
        request.Headers.Add("Idempotency-Key", "s-1");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!;
        Assert.Equal(202, (await gateway.CallAsync(erp, HttpMethod.Post, $"/streams/{id}", new { append = "the order" })).Status);
        await fixture.UntilAsync(() => fixture.Texts is ["the order"]);

        await gateway.NotThereAsync(canteen, HttpMethod.Get, $"/streams/{id}", "/streams/st_0");
        await gateway.NotThereAsync(canteen, HttpMethod.Post, $"/streams/{id}", "/streams/st_0", new { replace = "lunch" });
        await gateway.NotThereAsync(canteen, HttpMethod.Post, $"/streams/{id}/finish", "/streams/st_0/finish", new { text = "lunch" });
        var card = (await gateway.CallAsync(erp, HttpMethod.Get, $"/streams/{id}")).Body.GetProperty("cards")[0].GetProperty("message_id").GetString();
        await gateway.NotThereAsync(canteen, HttpMethod.Delete, $"/messages/{card}", "/messages/om_0000000000000000000000000000000a");

        var auditor = await gateway.KeyOfAsync("auditor", [.. scopes, "others:read"]);
        Assert.Equal(200, (await gateway.CallAsync(auditor, HttpMethod.Get, $"/streams/{id}")).Status);
        Assert.Equal(403, (await gateway.CallAsync(auditor, HttpMethod.Post, $"/streams/{id}/finish", new { })).Status);
        Assert.Equal(200, (await gateway.CallAsync(erp, HttpMethod.Post, $"/streams/{id}/finish", new { })).Status);
        Assert.Equal(["the order"], fixture.Texts);
    }
}
