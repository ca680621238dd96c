using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Documents.Rights;

/// <summary>Whether the person belongs to the company, and to which of its departments.</summary>
internal sealed class Colleagues(PlatformCalls calls)
{
    /// <summary>Departments in departments.</summary>
    private const int MostAbove = 50;

    /// <summary>Departments of one person.</summary>
    private const int MostOwn = 20;
    private const string Root = "0";

    /// <summary>Of the app's own tenant. What the event did not say is asked of the directory; who it does not show is no colleague.</summary>
    public async Task<Verdict> IsOneAsync(FeishuApp app, DocumentReader who, CancellationToken cancellation)
    {
        if (who.IsOfTenant is { } known) return known ? Verdict.Yes : Verdict.No;
        var (verdict, _) = await LookUpAsync(app, who, cancellation);
        return verdict;
    }

    /// <summary>Member of one of these departments, or of a department below them.</summary>
    /// <param name="app">The app.</param>
    /// <param name="who">The person.</param>
    /// <param name="departments"><c>open_department_id</c>s.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<Verdict> IsInAsync(FeishuApp app, DocumentReader who, IReadOnlyCollection<string> departments, CancellationToken cancellation)
    {
        // The root is the whole company.
        if (departments.Contains(Root)) return await IsOneAsync(app, who, cancellation);
        var own = who.DepartmentIds;
        if (own is null)
        {
            (var found, own) = await LookUpAsync(app, who, cancellation);
            if (found != Verdict.Yes) return found;
            // The field comes with a scope of its own.
            if (own is null) return Verdict.AppMayNotAsk;
        }

        if (own.Any(departments.Contains)) return Verdict.Yes;
        try
        {
            foreach (var department in own.Where(d => d != Root).Take(MostOwn))
            {
                var above = await app.Client.Contact.V3.Department.ParentAsync(new() { DepartmentId = department, DepartmentIdType = "open_department_id", PageSize = MostAbove },
                    calls.Call(app, Endpoints.DepartmentParent), cancellation);
                if ((above.Items ?? []).Any(d => d.OpenDepartmentId is { } id && departments.Contains(id))) return Verdict.Yes;
            }
        }
        catch (FeishuApiException e) when (DocumentFailures.Of(e) is not DocumentOutcome.Unavailable)
        {
            return Verdict.AppMayNotAsk;
        }

        return Verdict.No;
    }

    private async Task<(Verdict Verdict, IReadOnlyList<string>? Departments)> LookUpAsync(FeishuApp app, DocumentReader who, CancellationToken cancellation)
    {
        try
        {
            var answer = await app.Client.Contact.V3.User.GetAsync(new() { UserId = who.OpenId, UserIdType = "open_id", DepartmentIdType = "open_department_id" }, calls.Call(app, Endpoints.UserGet), cancellation);
            return answer.User is { } user && user.OpenId == who.OpenId ? (Verdict.Yes, user.DepartmentIds) : (Verdict.No, null);
        }
        catch (FeishuApiException e) when (e.MissingScopes.Count > 0)
        {
            return (Verdict.AppMayNotAsk, null);
        }
        catch (FeishuApiException e) when (DocumentFailures.Of(e) is not DocumentOutcome.Unavailable)
        {
            return (Verdict.No, null);
        }
    }
}
