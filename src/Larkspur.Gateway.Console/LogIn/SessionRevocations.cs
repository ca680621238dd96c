using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Ends sessions because somebody asked for it; each has its line in the audit log.</summary>
internal sealed class SessionRevocations(IDatabase database, AuditTrail audit, Sessions sessions)
{
    /// <summary>Ends one session of an account.</summary>
    public Task OneAsync(Actor who, string account, string id, CancellationToken cancellation = default) =>
        database.TransactAsync(async unit =>
    {
        if (await sessions.EndAsync(unit, account, id)) await audit.AddAsync(unit, who, "account.session_ended", account);
    }, cancellation);

    /// <summary>Logs an account out everywhere, in every process.</summary>
    public Task AllAsync(Actor who, string account, CancellationToken cancellation = default) => database.TransactAsync(async unit =>
    {
        var ended = await sessions.EndAllAsync(unit, account);
        await audit.AddAsync(unit, who, "account.sessions_ended", account, new JsonObject { ["sessions"] = ended });
    }, cancellation);
}
