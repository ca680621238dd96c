using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Console.Pages.Approvals;

/// <summary>Names of who takes part in approvals. Without them a page is still of use: it goes by ids then.</summary>
internal sealed partial class ApprovalPeople(PersonSearch directory, ILogger<ApprovalPeople> logger)
{
    /// <summary>As many as one call of the platform names; the others of an approval with very many people go by their ids.</summary>
    private const int MostNamed = 50;

    /// <summary>Names by open id, as far as the app may see them: of the first ones, who matter most.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(
        FeishuApp app, IEnumerable<string> openIds, CancellationToken cancellation)
    {
        string[] ids = [.. openIds.Where(id => id.Length > 0).Distinct(StringComparer.Ordinal).Take(MostNamed)];
        if (ids.Length == 0) return new Dictionary<string, string>();
        try
        {
            var found = await directory.DetailsAsync(app, ids, cancellation);
            return found.Where(p => p is { OpenId: not null } && (p.Name ?? p.EnName) is not null)
                .DistinctBy(p => p.OpenId).ToDictionary(p => p.OpenId!, p => (p.Name ?? p.EnName)!, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is RequestRefusedException or PlatformApiException or PlatformNetworkException)
        {
            NamesUnknown(app.Name, e.Message);
            return new Dictionary<string, string>();
        }
    }

    [LoggerMessage(LogLevel.Information, "Names of people in approvals are not shown by app {App}: {Reason}")]
    private partial void NamesUnknown(string app, string reason);
}
