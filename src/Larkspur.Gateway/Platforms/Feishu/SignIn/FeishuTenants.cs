using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Platforms.Feishu.SignIn;

/// <summary>Which company each app is of: the platform says so to whoever has the scope <c>tenant:tenant:readonly</c>.</summary>
/// <remarks>Without the scope nothing is compared: a self-built app works in its own company alone, by the platform's rule.</remarks>
internal sealed partial class FeishuTenants(TimeProvider clock, ILogger<FeishuTenants> logger)
{
    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(3), MaxAttempts = 1 };

    /// <summary>A company does not change; that the scope is lacking may.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (string? Tenant, long At)> _known = new(StringComparer.Ordinal);

    /// <summary>The <c>tenant_key</c> of an app's company; null: the platform does not say.</summary>
    public async ValueTask<string?> OwnAsync(FeishuApp app, CancellationToken cancellation)
    {
        var id = app.Client.Options.AppId;
        if (_known.TryGetValue(id, out var known) && (known.Tenant is not null
            || clock.GetElapsedTime(known.At) < AskAgain)) return known.Tenant;
        string? tenant = null;
        try
        {
            tenant = (await app.Client.Tenant.V2.Tenant.QueryAsync(Call, cancellation)).Tenant?.TenantKey;
        }
        catch (PlatformApiException e)
        {
            NotTold(app.Name, e.Message);
        }

        _known[id] = (tenant is { Length: > 0 } ? tenant : null, clock.GetTimestamp());
        return _known[id].Tenant;
    }

    [LoggerMessage(LogLevel.Information, "Feishu does not tell the company of the app {App}: {Why}")]
    private partial void NotTold(string app, string why);
}
