using System.Threading.Channels;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Storage.Postgres;

namespace Larkspur.Gateway.Hosting;

/// <summary>Takes what the other processes announce to those whom it concerns.</summary>
/// <remarks>Rows are taken in the order in which they were committed: two reads of them at once could end the other way round, and the later row overtake.</remarks>
internal sealed partial class ClusterMessages(PostgresListener listener, Dispatcher dispatcher, OutboxSenders senders,
    PostgresLeases leases, CachedTables watched, ApiKeyCache keys, MemberCache members, Sessions console,
    TurnWorker turns, RunningTurns running, ChatSessions chats, ILogger<ClusterMessages> logger) : IHostedService, IDisposable
{
    /// <summary>Rows read at once.</summary>
    private const int Most = 1000;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _following = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.On(Topics.Inbox, InTurn(dispatcher.HeardAsync));
        listener.On(Topics.Outbox, InTurn(senders.HeardAsync));
        listener.On(Topics.Answer, ids => _ = FollowAsync(() => dispatcher.AnsweredAsync(ids, _stop.Token)));
        listener.On(Topics.Leases, _ => leases.Wake());
        listener.On(Topics.Settings, versions => _ = FollowAsync(() => watched.LookAsync(_stop.Token)));
        listener.On(Topics.ApiKeys, _ => keys.Forget());
        listener.On(Topics.Members, _ => members.Forget());
        listener.On(Topics.ConsoleSessions, _ => console.Forget());
        listener.On(Topics.Turn, InTurn(turns.HeardAsync));
        listener.On(Topics.TurnStop, ids =>
        {
            foreach (var id in ids) running.Stop(id);
        });
        listener.On(Topics.WebSessions, chats.Changed);
        listener.OnGap(keys.Forget);
        listener.OnGap(() => chats.Changed([]));
        listener.OnGap(members.Forget);
        listener.OnGap(console.Forget);
        listener.OnGap(() => _ = FollowAsync(() => watched.LookAsync(_stop.Token)));
        listener.OnGap(dispatcher.Look);
        listener.OnGap(() => _ = FollowAsync(() => dispatcher.LookForAnswersAsync(_stop.Token)));
        listener.OnGap(senders.Look);
        listener.OnGap(turns.Look);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_following);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>One read after another; what is announced meanwhile is read together.</summary>
    private Action<IReadOnlyList<long>> InTurn(Func<IReadOnlyList<long>, CancellationToken, Task> follow)
    {
        var heard = Channel.CreateUnbounded<IReadOnlyList<long>>(new UnboundedChannelOptions { SingleReader = true });
        _following.Add(Task.Run(() => FollowAllAsync(heard.Reader, follow)));
        return ids => heard.Writer.TryWrite(ids);
    }

    private async Task FollowAllAsync(ChannelReader<IReadOnlyList<long>> heard, Func<IReadOnlyList<long>, CancellationToken, Task> follow)
    {
        try
        {
            await foreach (var first in heard.ReadAllAsync(_stop.Token))
            {
                List<long> ids = [.. first];
                while (ids.Count < Most && heard.TryRead(out var more)) ids.AddRange(more);
                await FollowAsync(() => follow(ids, _stop.Token));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopping; the rows are in the tables.
        }
    }

    /// <summary>What fails here is found by the next look into the tables.</summary>
    private async Task FollowAsync(Func<Task> follow)
    {
        try
        {
            await follow();
        }
        catch (Exception e) when (e is StorageUnavailableException or OperationCanceledException)
        {
            AnnouncementNotFollowed(e.Message);
        }
        catch (Exception e)
        {
            FollowingFailed(e);
        }
    }

    [LoggerMessage(LogLevel.Information, "An announcement was not followed ({Reason})")]
    private partial void AnnouncementNotFollowed(string reason);
    [LoggerMessage(LogLevel.Error, "An announcement could not be followed")] private partial void FollowingFailed(Exception error);
}
