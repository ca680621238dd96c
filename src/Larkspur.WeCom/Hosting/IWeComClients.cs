using System.Collections.Frozen;

namespace Larkspur.WeCom;

/// <summary>The WeCom apps that were registered with <c>AddWeCom</c>.</summary>
public interface IWeComClients
{
    /// <summary>Names in order of registration; the default app's is empty.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The app registered without a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    WeComClient Default { get; }

    /// <summary>The app registered under a name.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name; the message lists those there are.</exception>
    WeComClient Get(string name);
}

internal sealed class WeComClients(IEnumerable<WeComApp> apps, IServiceProvider services) : IWeComClients
{
    private readonly FrozenDictionary<string, WeComApp> _apps = apps.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    public IReadOnlyList<string> Names { get; } = [.. apps.Select(a => a.Name)];

    public WeComClient Default => Get("");

    public WeComClient Get(string name) => _apps.TryGetValue(name, out WeComApp? app)
        ? app.Client(services)
        : throw new InvalidOperationException(
            $"No WeCom app {(name.Length == 0 ? "without a name" : $"named \"{name}\"")} is registered. Registered: "
            + $"{(Names.Count == 0 ? "none" : string.Join(", ", Names.Select(n => n.Length == 0 ? "(default)" : n)))}. Use services.AddWeCom(…).");
}

/// <summary>One registration.</summary>
internal sealed record WeComApp(string Name, Func<IServiceProvider, WeComClient> Client);
