using System.Diagnostics.CodeAnalysis;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Drive.V1;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>
/// The platform tells of a base's changes only to an app that asks for it, file by file. Whether the events really arrive shows only when
/// one
/// does: as long as nobody has heard one, or none came of what was written, they are not relied upon.
/// </summary>
/// <remarks>Source: drive/v1 event/subscribe. No lifetime is documented: it is asked for again now and then.</remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "Lives as long as the process; its wait handle is never made.")]
internal sealed partial class BaseSubscription(FeishuApp app, string appToken, HeardEvents events, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromHours(6);
    private static readonly TimeSpan AgainAfterRefusal = TimeSpan.FromMinutes(10);

    /// <summary>An event of a write comes within seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Exact = TimeSpan.FromSeconds(6);

    private readonly SemaphoreSlim _one = new(1, 1);
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;
    private DateTimeOffset? _wroteAt;

    /// <summary>Why the platform does not tell; null: it does, or was not asked yet.</summary>
    public string? Refusal { get; private set; }

    public void Wrote() => _wroteAt ??= clock.GetUtcNow();

    /// <summary>When the platform told of the base last; null: never.</summary>
    public Task<Heard?> HeardAsync(CancellationToken cancellation) => events.FindAsync(app.Name, appToken, cancellation);

    /// <returns>Events can be relied upon.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var now = clock.GetUtcNow();
            if (now - _askedAt >= (Refusal is null ? AgainAfter : AgainAfterRefusal)) await AskAsync(now, cancellation);
            if (Refusal is not null || await HeardAsync(cancellation) is not { } heard) return false;
            // To some seconds: so exact is what is kept of it.
            if (_wroteAt is { } wrote && heard.At >= wrote - Exact) _wroteAt = null;
            return _wroteAt is not { } since || now - since < Patience;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            await app.Client.Drive.V1.File.SubscribeAsync(new() { FileToken = appToken, FileType = "bitable" }, null, cancellation);
            (Refusal, _askedAt) = (null, now);
        }
        catch (FeishuApiException e) when (!e.IsTransient)
        {
            (Refusal, _askedAt) = (e.Message, now);
            Refused(appToken, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "Base {AppToken}: the platform does not tell of its changes ({Reason}); its tables are asked for their revision instead")]
    private partial void Refused(string appToken, string reason);
}
