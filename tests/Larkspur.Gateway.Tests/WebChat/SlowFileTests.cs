using System.Net;
using System.Net.Http.Headers;
using Larkspur.Gateway.Tests.Assistant;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>People whose network is slow, or who pretend it is: they keep nobody else waiting, and use up nothing but their own places.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SlowFileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Downloads_that_nobody_reads_take_places_of_their_person_only()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("Larkspur:WebChat:CallsPerMinute", "10000")]);
        var (alice, bob) = (await fixture.ReaderAsync(), await fixture.ReaderAsync("bob"));
        // Our own patience ends first, with what the gateway has said.
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var (large, small) = (await IdAsync(http, fixture, alice, SentFiles.Png(14 << 20)), await IdAsync(http, fixture, bob, SentFiles.Png()));
        var held = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync(http, fixture, alice, large)));
        Assert.All(held, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        var waiting = Enumerable.Range(0, 65).Select(_ => ReadAsync(http, fixture, alice, large)).ToList();
        Assert.All(await EndedAsync(fixture, waiting, 5), answer => Assert.Equal((HttpStatusCode.TooManyRequests, true), (answer.StatusCode, answer.Headers.RetryAfter is not null)));
        using var given = await ReadAsync(http, fixture, bob, small).WaitAsync(Patience * 2, TestContext.Current.CancellationToken);
        Assert.Equal(SentFiles.Hash(SentFiles.Png()), SentFiles.Hash(await given.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));

        // Who goes away leaves the place to the next.
        held[0].Dispose();
        var next = await EndedAsync(fixture, waiting, 6);
        Assert.Single(next, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var answer in held) answer.Dispose();
    }

    private static async Task<IReadOnlyList<HttpResponseMessage>> EndedAsync(WebFixture fixture, List<Task<HttpResponseMessage>> calls, int count)
    {
        using var deadline = new CancellationTokenSource(Patience * 6);
        try
        {
            while (calls.Count(c => c.IsCompleted) < count) await Task.WhenAny([.. calls.Where(c => !c.IsCompleted)]).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{calls.Count(c => c.IsCompleted)} of {calls.Count} calls ended, not {count}.\n{string.Join('\n', fixture.Gateway.Logs.Lines.TakeLast(40).Select(l => $"{l.Level} {l.Message} {l.Exception}"))}");
        }

        return await Task.WhenAll(calls.Where(c => c.IsCompleted));
    }

    private static async Task<string> IdAsync(HttpClient http, WebFixture fixture, WebReader reader, byte[] bytes)
    {
        using var answer = await SendAsync(http, fixture, reader, new ByteArrayContent(bytes));
        return System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, WebFixture fixture, WebReader reader, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Gateway.Address, "/chat/api/v1/files?name=a.png")) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.Token);
        return http.SendAsync(request);
    }

    private static Task<HttpResponseMessage> ReadAsync(HttpClient http, WebFixture fixture, WebReader reader, string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(fixture.Gateway.Address, "/chat/api/v1/files/" + id));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.Token);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
