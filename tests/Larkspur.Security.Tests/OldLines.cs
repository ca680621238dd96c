using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Lines of the audit log whose time is over.</summary>
internal static class OldLines
{
    /// <summary>Forgets the oldest lines as if all were old.</summary>
    public static Task<int> ForgetLinesAsync(this GatewayApp gateway, int atMost = 500)
    {
        var (database, chain) = (gateway.Services.GetRequiredService<IDatabase>(), gateway.Services.GetRequiredService<AuditChain>());
        return database.TransactAsync(
            unit => chain.PruneAsync(new(unit, database.Dialect, DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds(), atMost)));
    }
}
