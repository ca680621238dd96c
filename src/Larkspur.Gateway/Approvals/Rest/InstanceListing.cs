using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Approvals;

/// <summary>Codes of a definition's instances over a long period, a bounded number of platform calls at a time.</summary>
/// <remarks>The platform lists ten hours at once and takes 100 calls a minute (facts, section 7): 180 days are 432 windows, or 15 requests of ours.</remarks>
internal sealed class InstanceListing(PlatformCalls calls)
{
    /// <summary>Longest period.</summary>
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(180);

    /// <summary>Calls of one request: twelve days and a half when no window has more than a page.</summary>
    public const int MostCalls = 30;

    private const int PageSize = 100;
    private static readonly TimeSpan Window = TimeSpan.FromHours(10);

    /// <summary>Reads on from a place.</summary>
    /// <returns>The codes, each once, and where the next request goes on; null: that was all.</returns>
    public async Task<(IReadOnlyList<string> Codes, InstanceCursor? Next)> ReadAsync(FeishuApp app, string code, InstanceCursor from, CancellationToken cancellation)
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        InstanceCursor? at = from;
        for (var made = 0; made < MostCalls && at is not null; made++)
        {
            var end = at.Until - at.From > Window ? at.From + Window : at.Until;
            var list = await app.Client.Approval.V4.Instance.ListAsync(new() { ApprovalCode = code, StartTime = Text(at.From), EndTime = Text(end), PageSize = PageSize, PageToken = at.Page },
                calls.Call(app, Endpoints.InstanceList), cancellation);
            codes.UnionWith(list.InstanceCodeList ?? []);
            at = list is { HasMore: true, PageToken: { Length: > 0 } page } ? at with { Page = page }
                // Whether a window's ends belong to it is not documented: two windows share their edge, and what both list may come twice, never not at all.
                : end < at.Until ? at with { From = end.AddMilliseconds(-1), Page = null }
                : null;
        }

        return ([.. codes], at);
    }

    private static string Text(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
