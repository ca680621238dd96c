using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>Definitions as the platform has them, kept for a few minutes. The event that one changed counts at once, in every process: its time is in the database.</summary>
internal sealed class DefinitionCache(PlatformCalls calls, IDatabase database, ApprovalCodeStore codes, PaymentOptions options, TimeProvider clock)
{
    private const int UnknownCode = 1390002;
    private const int OldUnknownCode = 60002;
    private const int DeletedCode = 1390016;
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<(string App, string Code), Kept> _kept = new();

    /// <summary>The platform has no definition of the code that it was asked for.</summary>
    public static bool IsUnknown(FeishuApiException refusal) => refusal.Code is UnknownCode or OldUnknownCode or DeletedCode;

    /// <summary>The definition.</summary>
    /// <param name="app">The app that asks.</param>
    /// <param name="code">Its approval code.</param>
    /// <param name="pointer">Where the request names it; null: nowhere, it is the settings' code.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException"><c>unknown_approval_code</c>: the platform has none of this code.</exception>
    public async Task<ApprovalDefinition> GetAsync(FeishuApp app, string code, string? pointer, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var changedAt = await database.ReadAsync(sql => codes.DefinitionAtAsync(sql, app.Name, code), cancellation);
        if (_kept.TryGetValue((app.Name, code), out var kept) && kept.ReadAt + options.DefinitionLifetime > now && kept.ReadAt > (changedAt ?? DateTimeOffset.MinValue)) return kept.Definition;
        try
        {
            var definition = await app.Client.Approvals.Definitions.GetAsync(code, options: calls.Call(app, Endpoints.ApprovalGet), cancellationToken: cancellation);
            if (_kept.Count >= MostKept) _kept.Clear();
            _kept[(app.Name, code)] = new Kept(definition, now);
            return definition;
        }
        catch (FeishuApiException e) when (IsUnknown(e))
        {
            throw RequestRefusedException.Impossible("unknown_approval_code", pointer, $"The platform has no approval definition \"{JsonFields.Shown(code)}\"{(e.Code == DeletedCode ? " any more: it was deleted" : "")}.");
        }
    }

    private sealed record Kept(ApprovalDefinition Definition, DateTimeOffset ReadAt);
}
