using System.Collections.Frozen;

namespace Larkspur.DingTalk;

/// <summary>The DingTalk apps that were registered with <c>AddDingTalk</c>.</summary>
public interface IDingTalkClients
{
    /// <summary>Names in order of registration; the default app's is empty.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The app registered without a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    DingTalkClient Default { get; }

    /// <summary>The app registered under a name.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name; the message lists those there are.</exception>
    DingTalkClient Get(string name);
}

internal sealed class DingTalkClients(IEnumerable<DingTalkApp> apps, IServiceProvider services) : IDingTalkClients
{
    private readonly FrozenDictionary<string, DingTalkApp> _apps = apps.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    public IReadOnlyList<string> Names { get; } = [.. apps.Select(a => a.Name)];

    public DingTalkClient Default => Get("");

    public DingTalkClient Get(string name) => _apps.TryGetValue(name, out DingTalkApp? app)
        ? app.Client(services)
        : throw new InvalidOperationException(
            $"No DingTalk app {(name.Length == 0 ? "without a name" : $"named \"{name}\"")} is registered. Registered: "
            + $"{(Names.Count == 0 ? "none" : string.Join(", ", Names.Select(n => n.Length == 0 ? "(default)" : n)))}. Use services.AddDingTalk(…).");
}

/// <summary>One registration.</summary>
internal sealed record DingTalkApp(string Name, Func<IServiceProvider, DingTalkClient> Client);
