using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur;

/// <summary>
/// The apps of a platform that were registered (<c>AddFeishu</c>, <c>AddWeCom</c>, <c>AddDingTalk</c>, <c>AddDify</c>), by name.
/// </summary>
/// <typeparam name="TClient">The platform's client.</typeparam>
public sealed class PlatformClients<TClient>
    where TClient : class
{
    private readonly string _platform;
    private readonly IServiceProvider _services;
    private readonly FrozenSet<string> _names;

    internal PlatformClients(string platform, IEnumerable<PlatformApp<TClient>> apps, IServiceProvider services)
    {
        (_platform, _services, Names) = (platform, services, [.. apps.Select(a => a.Name)]);
        _names = Names.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Names in order of registration; the default app's is empty.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The app registered without a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public TClient Default => Get("");

    /// <summary>The app registered under a name.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name; the message lists those there are.</exception>
    public TClient Get(string name) => _names.Contains(name)
        ? _services.GetRequiredKeyedService<TClient>(name)
        : throw new InvalidOperationException(
            $"No {_platform} app {PlatformHosting.Describe(name)} is registered. Registered: "
            + $"{(Names.Count == 0 ? "none" : string.Join(", ", Names.Select(n => n.Length == 0 ? "(default)" : n)))}. "
            + $"Use services.Add{_platform}(…).");
}

/// <summary>One registration.</summary>
internal sealed record PlatformApp<TClient>(string Name);
