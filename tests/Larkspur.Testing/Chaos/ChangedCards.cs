using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.World;

namespace Larkspur.Testing.Chaos;

/// <summary>
/// A program that changes cards by REST, some at once and each again and again. The platform has no key for a change: the gateway alone keeps an
/// older face from coming after a newer one.
/// </summary>
internal sealed class ChangedCards : IDisposable
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly EmulatorApp _emulator;
    private readonly HttpClient _http;
    private readonly int _seed;
    private readonly string _chat;
    private readonly List<(string MessageId, int Version)> _cards = [];
    private readonly ConcurrentBag<(string MessageId, int Version)> _unclear = [];
    private int _changes;

    public ChangedCards(EmulatorApp emulator, Uri gateway, int seed)
    {
        (_emulator, _seed) = (emulator, seed);
        // One that stands still does not answer; the next connection goes to another.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(4),
        };
        _http.DefaultRequestHeaders.Add("X-Api-Key", GatewayApp.ApiKey);
        // Before the app has a callback address: the bot does not greet.
        _chat = emulator.People.CreateGroup(SeededCompany.Alice, "Cards", [], [EmulatorApp.AppId]).ChatId
            ?? throw new InvalidOperationException("The emulator refuses a group.");
    }

    /// <summary>Changes that a gateway has taken.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public void Dispose() => _http.Dispose();

    /// <summary>Sends them; before anything is done to the gateways.</summary>
    public async Task SendAsync(int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++)
        {
            using var answer = await _http.PostAsJsonAsync(new Uri("/api/v1/messages?wait=3", UriKind.Relative),
                new { to = new { chat_id = _chat }, card = Face(0), key = $"card {i}" }, cancellation);
            answer.EnsureSuccessStatusCode();
            var sent = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            _cards.Add((sent.GetProperty("message_id").GetString() ?? throw new InvalidOperationException($"No card was sent: {sent}"), 0));
        }
    }

    /// <summary>Changes one after another until <paramref name="enough"/> is cancelled; a change that a gateway did not take is asked for again.</summary>
    public Task ChangeAsync(CancellationToken enough, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, _cards.Count)).Select(first => ChangeAsync(first, enough, cancellation)));

    /// <summary>Each card is one program's, which asks for its next face when the one before was taken.</summary>
    private async Task ChangeAsync(int first, CancellationToken enough, CancellationToken cancellation)
    {
        var random = new Random(_seed + first);
        while (!enough.IsCancellationRequested)
        {
            var place = first + AtOnce * random.Next((_cards.Count - first + AtOnce - 1) / AtOnce);
            var (message, version) = _cards[place];
            _cards[place] = (message, version + 1);
            while (!await TryAsync(message, version + 1, cancellation)) await Task.Delay(Pause, cancellation);
            Interlocked.Increment(ref _changes);
            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Cards that do not show their newest face, after some patience.</summary>
    /// <param name="database">The PostgreSQL database of the gateways; empty: the file.</param>
    /// <param name="folder">Where the SQLite file is.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<IReadOnlyList<string>> FindOldAsync(string database, string folder, TimeSpan patience, CancellationToken cancellation)
    {
        var last = DateTime.UtcNow + patience;
        while (true)
        {
            var accepted = await GatewayRows.NewestChangesAsync(database, folder, cancellation);
            List<string> old = [];
            foreach (var (message, version) in _cards)
            {
                var shown = _emulator.World.Message(message)?.Rendered ?? "nothing";
                var wanted = NewestFace(message, version, accepted.GetValueOrDefault(message, ""));
                if (!shown.Contains(wanted, StringComparison.Ordinal)) old.Add($"Card {message} shows {shown}, and its newest face is {wanted}");
            }

            if (old.Count == 0 || DateTime.UtcNow > last) return old;
            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>
    /// What was asked for last; or, where a gateway stood still with an earlier request in its hands and took it when it woke, what that one
    /// asked for: for the gateways it is the newest then.
    /// </summary>
    /// <param name="message">The card.</param>
    /// <param name="version">What was asked for last.</param>
    /// <param name="accepted">The change that the gateways recorded last.</param>
    private string NewestFace(string message, int version, string accepted) => _unclear
        .Where(u => u.MessageId == message && accepted.Contains(Text(u.Version), StringComparison.Ordinal))
        .Select(u => Text(u.Version)).FirstOrDefault(Text(version));

    private async Task<bool> TryAsync(string message, int version, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.PatchAsJsonAsync(
                new Uri($"/api/v1/messages/{message}", UriKind.Relative), new { card = Face(version) }, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            _unclear.Add((message, version)); // the gateway was killed, or stands still
            return false;
        }
    }

    private static object Face(int version) => new
    {
        schema = "2.0",
        config = new { update_multi = true },
        body = new { elements = new[] { new { tag = "markdown", content = Text(version) } } },
    };

    private static string Text(int version) => $"face {version:000000};";
}
