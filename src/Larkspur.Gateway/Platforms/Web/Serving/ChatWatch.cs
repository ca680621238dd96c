using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>
/// Looks each second at the chats that are read here, for what other processes write, and for answers whose writer is gone: two queries for every 200 people who read, however
/// many there are who write. Where one process is alone it looks only while such an answer is read.
/// </summary>
internal sealed partial class ChatWatch(
    ChatReaders readers, LiveAnswers live, ChatStore chats, ILeases leases, TimeProvider clock, ILogger<ChatWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => RunAsync(stoppingToken), CancellationToken.None);

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await TryAsync("Chats could not be looked at", () => LookAsync(stopping));
            await Task.Delay(Every, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var all = readers.All;
        var followed = all.SelectMany(r => r.Follows).ToHashSet();
        live.KeepMirrors(followed);
        var asked = leases.MayBeShared ? all : [.. all.Where(r => r.Follows.Any(id => live.Find(id) is not { IsOwn: true }))];
        if (asked.Count == 0) return;
        var (seqs, texts) = await chats.LookAsync([.. asked.Select(r => r.Person).Distinct()], cancellation);
        foreach (var person in asked.Where(r => seqs.GetValueOrDefault(r.Person) > r.Seen).Select(r => r.Person).Distinct()) readers.Changed(person);
        foreach (var (id, person, text) in texts)
        {
            if (text is { Length: > 0 } && followed.Contains(id) && live.Mirror(id, person, text)) readers.Written(person);
        }
    }

    private async Task TryAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (StorageUnavailableException e)
        {
            WorkPostponed(what, e.Message);
        }
        catch (Exception e)
        {
            // An exception from here would stop the whole gateway.
            WorkFailed(what, e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{What} ({Reason}); trying again")] private partial void WorkPostponed(string what, string reason);
    [LoggerMessage(LogLevel.Error, "{What}; trying again")] private partial void WorkFailed(string what, Exception error);
}
