using System.Collections.Frozen;

namespace Larkspur.Feishu;

/// <summary>The Feishu apps that were registered with <c>AddFeishu</c>.</summary>
public interface IFeishuClients
{
    /// <summary>Names in order of registration; the default app's is empty.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The app registered without a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    FeishuClient Default { get; }

    /// <summary>The app registered under a name.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name; the message lists those there are.</exception>
    FeishuClient Get(string name);
}

internal sealed class FeishuClients(IEnumerable<FeishuApp> apps, IServiceProvider services) : IFeishuClients
{
    private readonly FrozenDictionary<string, FeishuApp> _apps = apps.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    public IReadOnlyList<string> Names { get; } = [.. apps.Select(a => a.Name)];

    public FeishuClient Default => Get("");

    public FeishuClient Get(string name) => _apps.TryGetValue(name, out FeishuApp? app)
        ? app.Client(services)
        : throw new InvalidOperationException(
            $"No Feishu app {(name.Length == 0 ? "without a name" : $"named \"{name}\"")} is registered. Registered: "
            + $"{(Names.Count == 0 ? "none" : string.Join(", ", Names.Select(n => n.Length == 0 ? "(default)" : n)))}. Use services.AddFeishu(…).");
}

/// <summary>One registration.</summary>
internal sealed record FeishuApp(string Name, Func<IServiceProvider, FeishuClient> Client);
