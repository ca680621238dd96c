using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.Platforms.DingTalk.Ingress;

namespace Larkspur.Gateway.Platforms.DingTalk.Directory;

/// <inheritdoc cref="IEventPaths"/>
internal sealed class DingTalkEventPaths(DingTalkApps apps, DingTalkStreams streams) : IEventPaths
{
    /// <summary>Over HTTP it repeats after 10 s and 30 s, and then keeps what failed in a list that is not read.</summary>
    private static readonly TimeSpan OverHttp = TimeSpan.FromSeconds(40);

    /// <summary>A stream is given an event until it takes it; how long for one that is not there, nobody says (UNVERIFIED). The platform
    /// pings now and then, so that a break seems longer than it was.</summary>
    private static readonly TimeSpan OverStream = TimeSpan.FromMinutes(2);

    public string Platform => DingTalkApps.Platform;

    public IEnumerable<EventPath> Open => apps.All.Where(a => a.HasWebhook && !a.HasStream).Select(a => new EventPath(a.Name, OverHttp))
        .Concat(streams.All.Where(s => s.Status.IsConnected).Select(s => new EventPath(s.App.Name, OverStream)
        {
            Since = s.Status.ConnectedAt, HeardAt = s.Status.LastHeardAt ?? s.Status.ConnectedAt,
        }));
}
