using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>A line of one of a person's lists.</summary>
/// <param name="TaskId">Of what was submitted the instance's code, of a copy the copy's id.</param>
/// <param name="Status">1 to do, 2 done, 17 unread, 18 read, 33 on its way, 34 withdrawn.</param>
/// <param name="Time">When it came to the person.</param>
internal sealed record PersonTask(ApprovalInstance Instance, string TaskId, string Status, DateTimeOffset Time);

/// <summary>A person's lists of approvals. Source: approval-v4/task/query; lark-approval/references/lark-approval-tasks-query.</summary>
internal static class PersonTasks
{
    /// <param name="topic">1 to do, 2 done, 3 submitted, 17 unread copies, 18 read copies.</param>
    public static IEnumerable<PersonTask> Of(EmulatorState state, string user, string topic)
    {
        var all = state.ApprovalInstances;
        return topic switch
        {
            "1" => all.SelectMany(i => i.OpenTasks.Where(t => t.UserId == user).Select(t => new PersonTask(i, t.Id, "1", t.StartTime))),
            "2" => all.SelectMany(i => i.Tasks.Where(t => t.UserId == user && t.Status != TaskStatus.Pending)
                .Select(t => new PersonTask(i, t.Id, "2", t.StartTime))),
            "3" => all.Where(i => i.UserId == user).Select(i => new PersonTask(i, i.Code, SubmittedStatus(i), i.StartTime)),
            _ => all.SelectMany(i => i.Copies.Where(c => c.UserId == user && c.Read == (topic == "18"))
                .Select(c => new PersonTask(i, c.Id, topic, c.CreateTime))),
        };
    }

    /// <summary>1 on its way, 2 approved, 3 rejected, 4 withdrawn, 5 ended.</summary>
    public static string InstanceStatusOf(ApprovalInstance instance) => instance.Status switch
    {
        InstanceStatus.Pending => "1",
        InstanceStatus.Approved => "2",
        InstanceStatus.Rejected => "3",
        InstanceStatus.Canceled => "4",
        _ => "5",
    };

    private static string SubmittedStatus(ApprovalInstance instance) =>
        instance.Status switch { InstanceStatus.Pending => "33", InstanceStatus.Canceled => "34", _ => "2" };
}
