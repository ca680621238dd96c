using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Approvals;

/// <summary>Looks at instances on the platform. Reads only: whoever decides something by them writes it in a transaction of its own.</summary>
internal sealed class ApprovalReads(FeishuApps apps, TimeProvider clock)
{
    /// <summary>The platform knows no such instance.</summary>
    public const int UnknownInstance = 1390003;

    private const int OldUnknownInstance = 60003;

    /// <summary>A handler has its own deadline; a look that takes longer is made again with the event.</summary>
    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The instance, or null when the platform has none of this name.</summary>
    /// <param name="app">The app that asks.</param>
    /// <param name="id">Its code, or the uuid it was created under.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PlatformApiException">The platform refuses to tell.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    public async Task<InstanceFacts?> FindAsync(string app, string id, CancellationToken cancellation)
    {
        try
        {
            var answer = await apps.Get(app).Client.Approval.V4.Instance.GetAsync(new() { InstanceId = id, UserIdType = "open_id" }, Call, cancellation);
            return InstanceFacts.Of(answer, id, clock.GetUtcNow());
        }
        catch (FeishuApiException e) when (IsUnknown(e))
        {
            return null;
        }
    }

    /// <summary>The refusal says that there is no such instance.</summary>
    public static bool IsUnknown(PlatformApiException e) => e.Code is UnknownInstance or OldUnknownInstance;
}
