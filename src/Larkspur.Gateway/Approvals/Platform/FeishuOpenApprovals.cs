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
internal sealed class FeishuOpenApprovals(PlatformCalls calls) : IHandoverPlatform
{
    /// <summary>The platform's number of an instance that is not decided.</summary>
    private const string Pending = "1";

    public string Platform => PlatformNames.Feishu;

    public async Task<IReadOnlyList<HandoverItem>> OfAsync(KnownPerson person, CancellationToken cancellation)
    {
        var found = new List<HandoverItem>();
        try
        {
            foreach (var (appName, openId) in OpenIds(person))
            {
                var app = calls.App(appName, null);
                var options = calls.Call(app, Endpoints.TaskQuery);
                var (tasks, who) = (app.Client.Approvals.Tasks, ApprovalPerson.OpenId(openId));
                await AddAsync(HandoverKinds.ApprovalTask, ApprovalTaskGroup.Open, _ => true);
                await AddAsync(HandoverKinds.Approval, ApprovalTaskGroup.Started, t => t.InstanceStatus == Pending);

                async System.Threading.Tasks.Task AddAsync(string kind, ApprovalTaskGroup group, Func<ApprovalPersonTask, bool> isOpen)
                {
                    await foreach (var task in tasks.OfPersonAsync(who, group, options, cancellation))
                    {
                        if (!isOpen(task) || found.Exists(i => i.Kind == kind && i.Id == task.InstanceCode)) continue;
                        var title = task.Title.Length > 0 ? task.Title : task.ApprovalName;
                        found.Add(new HandoverItem(kind, task.InstanceCode, title, "pending", null)
                        {
                            Scope = ApiScopes.ApprovalsRead, App = app.Name,
                        });
                        if (found.Count(i => i.Kind == kind) >= IHandoverPart.Most) return;
                    }
                }
            }
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

        return found;
    }

    /// <summary>One id for each app that knows them: apps of one company tell the same, and what came twice is left out.</summary>
    private static IEnumerable<(string App, string OpenId)> OpenIds(KnownPerson person) => person.Accounts
        .Where(a => a.Platform == PlatformNames.Feishu)
        .SelectMany(a => a.Ids.Where(i => i.Kind == "open_id").Select(i => (a.App, i.Value)))
        .DistinctBy(pair => pair.App);
}
