using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Application.V6;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Authorizations.Requests;

/// <summary>Which scopes an app lacks, so that nobody is asked for what Feishu's page would refuse.</summary>
/// <remarks>Source: application-v6/scope/list. It does not tell scopes of users from those of the app: one that it does not name is lacking
/// for certain, one that it names may lack its half for users.</remarks>
internal sealed class AppScopes(PlatformCalls calls, TimeProvider clock)
{
    /// <summary>A refresh token comes by it.</summary>
    public const string Offline = "offline_access";

    private const int Granted = 1;

    /// <summary>What an administrator enables counts this soon.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (IReadOnlySet<string> Names, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Those that the app lacks; none where the platform does not say.</summary>
    /// <param name="app">The app.</param>
    /// <param name="scopes">What is to be asked; a refresh token is asked for as well.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IReadOnlyList<string>> MissingAsync(FeishuApp app, IEnumerable<string> scopes, CancellationToken cancellation)
    {
        var granted = await OfAsync(app, cancellation);
        return granted.Count == 0 ? [] : [.. scopes.Append(Offline).Where(s => !IsIn(granted, s)).Distinct(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlySet<string>> OfAsync(FeishuApp app, CancellationToken cancellation)
    {
        var (id, now) = (app.Client.Options.AppId, clock.GetUtcNow());
        if (_known.TryGetValue(id, out var known) && known.Until > now) return known.Names;
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var told = await app.Client.Application.V6.Scope.ListAsync(calls.Call(app, Endpoints.ScopeList), cancellation);
            names.UnionWith(told.Scopes?.Where(s => s.GrantStatus == Granted).Select(s => s.ScopeName).OfType<string>() ?? []);
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException)
        {
            // Not told: the page of the platform says what is lacking.
            names.Clear();
        }

        _known[id] = (names, now + Keep);
        return names;
    }

    /// <summary>The platform's own examples show names without their first part (UNVERIFIED).</summary>
    private static bool IsIn(IReadOnlySet<string> granted, string scope) =>
        granted.Contains(scope) || granted.Contains(scope[(scope.IndexOf(':', StringComparison.Ordinal) + 1)..]);
}
