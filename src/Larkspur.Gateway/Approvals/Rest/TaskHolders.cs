using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Task = System.Threading.Tasks.Task;

namespace Larkspur.Gateway.Approvals;

/// <summary>Whose a task is. The platform takes the caller's word for who decides; so the instance is asked, and nobody acts in the name of somebody who is not asked to.</summary>
internal sealed class TaskHolders(ApprovalRelay relay, AuditTrail audit)
{
    private const string Pending = "PENDING";

    /// <summary>The task is open, and this person's.</summary>
    /// <exception cref="RequestRefusedException"><c>unknown_task</c>, <c>task_not_open</c>, <c>not_assigned</c>, <c>holder_unknown</c>; the audit log says who tried what, in whose name.</exception>
    public async Task DemandAsync(FeishuApp app, string instance, string? task, Applicant person, Actor who, CancellationToken cancellation)
    {
        if (await ProblemAsync(app, instance, task, person, cancellation) is not { } problem) return;
        await audit.AddAsync(who, "approval_task.refused", instance, new JsonObject
        {
            ["app"] = app.Name, ["task"] = task, ["in_the_name_of"] = person.UserId ?? person.OpenId, ["reason"] = problem.Word,
        }, cancellation);
        throw problem;
    }

    private async Task<RequestRefusedException?> ProblemAsync(FeishuApp app, string instance, string? task, Applicant person, CancellationToken cancellation)
    {
        JsonElement seen;
        try
        {
            seen = await relay.CallAsync(app, Endpoints.InstanceGet, null, r => r.WithPath("instance_id", instance).WithQuery("user_id_type", "open_id"), cancellation);
        }
        catch (FeishuApiException e) when (ApprovalReads.IsUnknown(e))
        {
            return ApprovalRelay.UnknownInstance();
        }

        var tasks = seen.TryGetProperty("task_list", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToArray() : [];
        if (!Array.Exists(tasks, t => Text(t, "id") == task)) return new(StatusCodes.Status404NotFound, "unknown_task", "/{id}", "The instance has no such task.");
        var one = Array.Find(tasks, t => Text(t, "id") == task);
        if (Text(one, "status") is not Pending) return new(StatusCodes.Status409Conflict, "task_not_open", "/{id}", "The task is not open: it was decided, passed on or withdrawn.");
        var isTheirs = (person.OpenId is { } openId && Text(one, "open_id") == openId) || (person.UserId is { } userId && Text(one, "user_id") == userId);
        if (!isTheirs && person.OpenId is null && Text(one, "user_id") is null)
            return new(StatusCodes.Status409Conflict, "holder_unknown", "/user", "Whose the task is cannot be checked, because the app may not read user ids: name the person by open_id or e-mail, or grant the app contact:user.employee_id:readonly.");
        return isTheirs ? null : new(StatusCodes.Status403Forbidden, "not_assigned", "/user", "The task is not this person's: only in the name of who was asked to decide something can be done about it.");
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
