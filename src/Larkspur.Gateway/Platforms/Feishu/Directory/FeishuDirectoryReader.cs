using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Platforms.Feishu.Directory;

/// <inheritdoc cref="IDirectoryReader"/>
/// <remarks>
/// An app sees what its contacts range gives it: whole departments with all below them, and single people. An app of the company's own
/// knows one
/// company, so its id stands for that. Source: contact v3, authorisation scopes.
/// </remarks>
internal sealed class FeishuDirectoryReader(FeishuApps apps, IQuota quota, TimeProvider clock) : AppDirectoryReader<FeishuApp>(apps)
{
    private const int MostOnPage = 100;

    protected override async Task<IDirectoryReading> OpenAsync(FeishuApp app, CancellationToken cancellation)
    {
        var calls = new FeishuDirectoryCalls(app, quota);
        var (departments, people) = (new List<string>(), new List<string>());
        var pages = calls.Contact.Scope.ListPagesAsync(
            new() { PageSize = MostOnPage, UserIdType = "union_id", DepartmentIdType = FeishuDirectoryReading.DepartmentIds },
            calls.Options(Endpoints.ScopeList), cancellation);
        await foreach (var page in pages)
        {
            departments.AddRange(page.DepartmentIds ?? []);
            people.AddRange(page.UserIds ?? []);
        }

        var options = app.Client.Options;
        return new FeishuDirectoryReading(calls, HashOf(options.AppId, options.AppSecret), departments, people, clock);
    }
}

/// <summary>Calls of one reading: they wait at the app's rate limiter and count to its quota like all others.</summary>
internal sealed class FeishuDirectoryCalls(FeishuApp app, IQuota quota)
{
    /// <summary>Nobody waits for an answer, and a busy limiter may hold a call for a while.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public FeishuApp App => app;

    public ContactV3Service Contact => app.Client.Contact.V3;

    /// <exception cref="DirectoryUnreadableException">The month's calls are used up.</exception>
    public FeishuCallOptions Options(FeishuEndpoint endpoint) => quota.MayTry(app.Name, endpoint.Id)
        ? new FeishuCallOptions { Timeout = Patience }
        : throw new DirectoryUnreadableException("quota", $"The calls of the month are used up before {endpoint.Id}.");
}
