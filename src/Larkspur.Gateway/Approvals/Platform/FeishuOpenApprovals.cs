using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Approvals;

/// <summary>Approvals on Feishu that wait for a person, and those that they began: the whole company's, not the gateway's alone.</summary>
/// <remarks>The platform tells them of people who have left too, as long as it knows their ids.</remarks>
internal sealed class FeishuOpenApprovals(PlatformCalls calls, TimeProvider clock) : IHandoverPlatform
{
    /// <summary>The platform's number of an instance that is not decided.</summary>
    private const string Pending = "1";

    /// <summary>Of what somebody began, so many are looked through, the newest first: what is older and open is rare, and each
    /// page a call.</summary>
    private const int MostLookedAt = 300;

    private const int MostKept = 200;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string App, string OpenId), (long At, IReadOnlyList<HandoverItem> Items)> _kept = new();

    public string Platform => PlatformNames.Feishu;

    public string Scope => ApiScopes.ApprovalsRead;

    public async Task<IReadOnlyList<HandoverItem>> OfAsync(KnownPerson person, Func<string, bool> mayUse, CancellationToken cancellation)
    {
        try
        {
            var found = new List<HandoverItem>();
            foreach (var (app, openId) in OpenIds(person).Where(pair => mayUse(pair.App)))
                found.AddRange(await OfAppAsync(app, openId, cancellation));
            // Apps of one company tell the same.
            return [.. found.DistinctBy(i => (i.Kind, i.Id))];
        }
        catch (FeishuApiException e)
        {
            throw new HandoverUnknownException(e.Message, e);
        }
        catch (PlatformNetworkException e)
        {
            throw new HandoverUnknownException(e.Message, e);
        }
        catch (RequestRefusedException e)
        {
            throw new HandoverUnknownException(e.Message, e);
        }
    }

    private async Task<IReadOnlyList<HandoverItem>> OfAppAsync(string name, string openId, CancellationToken cancellation)
    {
        if (_kept.TryGetValue((name, openId), out var kept) && clock.GetElapsedTime(kept.At) < KeptFor) return kept.Items;
        var app = calls.App(name, null);
        var options = calls.Call(app, Endpoints.TaskQuery);
        var (tasks, who, found) = (app.Client.Approvals.Tasks, ApprovalPerson.OpenId(openId), new List<HandoverItem>());
        await AddAsync(HandoverKinds.ApprovalTask, ApprovalTaskGroup.Open, _ => true);
        await AddAsync(HandoverKinds.Approval, ApprovalTaskGroup.Started, t => t.InstanceStatus == Pending);
        if (_kept.Count >= MostKept) _kept.Clear();
        _kept[(name, openId)] = (clock.GetTimestamp(), found);
        return found;

        async System.Threading.Tasks.Task AddAsync(string kind, ApprovalTaskGroup group, Func<ApprovalPersonTask, bool> isOpen)
        {
            var looked = 0;
            await foreach (var task in tasks.OfPersonAsync(who, group, options, cancellation))
            {
                if (++looked > MostLookedAt) return;
                if (!isOpen(task)) continue;
                var title = task.Title.Length > 0 ? task.Title : task.ApprovalName;
                found.Add(new HandoverItem(kind, task.InstanceCode, title, "pending", null) { Scope = Scope, App = app.Name });
                if (found.Count(i => i.Kind == kind) >= IHandoverPart.Most) return;
            }
        }
    }

    /// <summary>One id for each app that knows them.</summary>
    private static IEnumerable<(string App, string OpenId)> OpenIds(KnownPerson person) => person.Accounts
        .Where(a => a.Platform == PlatformNames.Feishu)
        .SelectMany(a => a.Ids.Where(i => i.Kind == "open_id").Select(i => (a.App, i.Value)))
        .DistinctBy(pair => pair.App);
}
