using System.Net;
using System.Net.Http.Headers;
using Larkspur.Gateway.Tests.Assistant;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>People whose network is slow, or who pretend it is: they keep nobody else waiting, and use up nothing but their own places.</summary>
public sealed class SlowFileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Downloads_that_nobody_reads_take_places_of_their_person_only()
    {
        await using var stage = await WebStage.StartAsync(_ => [new("Larkspur:WebChat:CallsPerMinute", "10000")]);
        var (alice, bob) = (await stage.ReaderAsync(), await stage.ReaderAsync("bob"));
        using var http = new HttpClient();
        var (large, small) = (await IdAsync(http, stage, alice, SentFiles.Png(14 << 20)), await IdAsync(http, stage, bob, SentFiles.Png()));
        var held = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync(http, stage, alice, large)));
        Assert.All(held, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        var waiting = Enumerable.Range(0, 65).Select(_ => ReadAsync(http, stage, alice, large)).ToList();
        Assert.All(await EndedAsync(stage, waiting, 5), answer => Assert.Equal((HttpStatusCode.TooManyRequests, true), (answer.StatusCode, answer.Headers.RetryAfter is not null)));
        using var given = await ReadAsync(http, stage, bob, small).WaitAsync(Patience * 2, TestContext.Current.CancellationToken);
        Assert.Equal(SentFiles.Hash(SentFiles.Png()), SentFiles.Hash(await given.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));

        // Who goes away leaves the place to the next.
        held[0].Dispose();
        var next = await EndedAsync(stage, waiting, 6);
        Assert.Single(next, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var answer in held) answer.Dispose();
    }

    private static async Task<IReadOnlyList<HttpResponseMessage>> EndedAsync(WebStage stage, List<Task<HttpResponseMessage>> calls, int count)
    {
        using var deadline = new CancellationTokenSource(Patience * 6);
        try
        {
            while (calls.Count(c => c.IsCompleted) < count) await Task.WhenAny([.. calls.Where(c => !c.IsCompleted)]).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{calls.Count(c => c.IsCompleted)} of {calls.Count} calls ended, not {count}.\n{string.Join('\n', stage.Gateway.Logs.Lines.TakeLast(40).Select(l => $"{l.Level} {l.Message} {l.Exception}"))}");
        }

        return await Task.WhenAll(calls.Where(c => c.IsCompleted));
    }

    private static async Task<string> IdAsync(HttpClient http, WebStage stage, WebReader reader, byte[] bytes)
    {
        using var answer = await SendAsync(http, stage, reader, new ByteArrayContent(bytes));
        return System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, WebStage stage, WebReader reader, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(stage.Gateway.Address, "/chat/api/v1/files?name=a.png")) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.Token);
        return http.SendAsync(request);
    }

    private static Task<HttpResponseMessage> ReadAsync(HttpClient http, WebStage stage, WebReader reader, string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stage.Gateway.Address, "/chat/api/v1/files/" + id));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.Token);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
