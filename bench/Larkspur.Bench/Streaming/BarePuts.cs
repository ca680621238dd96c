using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Larkspur.Bench.Running;
using Larkspur.Emulator;
using Larkspur.Testing;

namespace Larkspur.Bench.Streaming;

/// <summary>The floor: as many frames as bare HTTP PUTs into as many cards, one at a time for each card, with no pace, no storage and no text to keep.</summary>
internal static class BarePuts
{
    private const int UnderWay = 64;

    /// <returns>PUTs a second.</returns>
    public static async Task<double> RunAsync(int frames, int cards, CancellationToken cancellation)
    {
        // The ten operations a second of a card are no rate that the factor lifts: the frames go round.
        await using var emulator = await EmulatorApp.StartAsync(settings => settings with { RateLimitFactor = 0 });
        var owner = emulator.State.People[0].UserId;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = emulator.BaseUrl };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await emulator.TenantTokenAsync());
        var ids = new string[cards];
        for (var i = 0; i < cards; i++)
        {
            ids[i] = await MakeAsync(http, cancellation);
            var chat = emulator.People.CreateGroup(owner, $"group {i}", [], [EmulatorSettings.DefaultAppId]).ChatId;
            var content = $$$"""{"type":"card","data":{"card_id":"{{{ids[i]}}}"}}""";
            using var sent = await http.PostAsJsonAsync(new Uri("/open-apis/im/v1/messages?receive_id_type=chat_id", UriKind.Relative), new { receive_id = chat, msg_type = "interactive", content }, cancellation);
            sent.EnsureSuccessStatusCode();
        }

        var text = string.Concat(Enumerable.Range(0, 50).Select(i => $"词{i} "));
        var done = 0;
        var refused = 0;
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, frames), new ParallelOptions { MaxDegreeOfParallelism = UnderWay, CancellationToken = cancellation }, async (frame, token) =>
        {
            var body = JsonSerializer.Serialize(new { content = text + frame, sequence = frame + 1 });
            using var answer = await http.PutAsync(new Uri($"/open-apis/cardkit/v1/cards/{ids[frame % cards]}/elements/answer/content", UriKind.Relative),
                new StringContent(body, Encoding.UTF8, "application/json"), token);
            if (answer.IsSuccessStatusCode) Interlocked.Increment(ref done);
            else Interlocked.Increment(ref refused);
        });
        var rate = frames / Stopwatch.GetElapsedTime(started).TotalSeconds;
        // A refusal for a card's own rate is cheaper than a frame: with many, the floor would be too low a one.
        return done >= frames * 0.9 ? rate : throw new BenchException($"{refused} of {frames} bare PUTs were refused");
    }

    private static async Task<string> MakeAsync(HttpClient http, CancellationToken cancellation)
    {
        const string Card = """{"schema":"2.0","config":{"update_multi":true,"streaming_mode":true},"body":{"elements":[{"tag":"markdown","element_id":"answer","content":"…"}]}}""";
        using var made = await http.PostAsJsonAsync(new Uri("/open-apis/cardkit/v1/cards", UriKind.Relative), new { type = "card_json", data = Card }, cancellation);
        return (await made.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("data").GetProperty("card_id").GetString()!;
    }
}
