using Larkspur.Gateway.People.Directory.Listening;

namespace Larkspur.Gateway.Platforms.WeCom.Directory;

/// <inheritdoc cref="IEventPaths"/>
internal sealed class WeComEventPaths(WeComApps apps) : IEventPaths
{
    /// <summary>The platform tries three times, for 5 s each.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Platform => WeComApps.Platform;

    public IEnumerable<EventPath> Open => apps.All.Where(a => a.Receiver is not null).Select(a => new EventPath(a.Name, Patience));
}
