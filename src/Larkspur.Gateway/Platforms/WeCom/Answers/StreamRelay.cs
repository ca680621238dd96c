using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>
/// Shows the answers of bots whose connection this process has and whose text another process writes: that one puts the text down about once a second, this one looks each second for
/// such answers and sends their frames. Where one process is alone nothing is looked for.
/// </summary>
internal sealed partial class StreamRelay(WeComApps apps, ReplyParts parts, TimeProvider clock, ILogger<StreamRelay> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string App, string StreamId), RelayedStream> _shown = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => parts.MayBeShared ? Task.Run(() =>
        RunAsync(stoppingToken), CancellationToken.None) : Task.CompletedTask;

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stopping);
            }
            catch (Exception e) when (e is StorageUnavailableException or OperationCanceledException)
            {
                LookPostponed(e.Message);
            }
            catch (Exception e)
            {
                // An exception from here would stop the whole gateway.
                LookFailed(e);
            }

            await Task.Delay(Every, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_shown.Values.Select(s => s.QuietAsync()));
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var open = new List<(WeComBot Bot, string StreamId, string Place)>();
        // Each bot by itself: one that is reached nowhere, with all of its open answers, stands in no other one's way.
        foreach (var bot in apps.All.Select(a => a.Bot).OfType<WeComBot>().Where(b =>
            b.IsConnected)) open.AddRange((await parts.Store.RelayedAsync(bot.App, clock.GetUtcNow(), cancellation)).Select(o =>
            (bot, o.StreamId, o.Place)));
        var known = open.Select(o => (o.Bot.App, o.StreamId)).ToHashSet();
        // One that was refused is not begun again while its row is open.
        foreach (var (key, stream) in _shown.Where(s => s.Value.IsOver && !(s.Value.IsRefused && known.Contains(s.Key))).ToArray()) _shown.Remove(key);
        foreach (var (bot, streamId, place) in open)
        {
            if (_shown.ContainsKey((bot.App, streamId)) || StreamPlace.Read(place) is not { } where) continue;
            var stream = new RelayedStream(parts, bot, streamId, where);
            if (!parts.Live.TryFollow(bot.App, stream)) continue;
            _shown[(bot.App, streamId)] = stream;
            stream.Begin();
        }
    }

    [LoggerMessage(LogLevel.Debug, "Answers that other processes write could not be looked for ({Reason}); trying again")]
    private partial void LookPostponed(string reason);
    [LoggerMessage(LogLevel.Error, "Answers that other processes write could not be looked for; trying again")]
    private partial void LookFailed(Exception error);
}
