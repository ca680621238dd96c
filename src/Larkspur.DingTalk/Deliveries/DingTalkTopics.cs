namespace Larkspur.DingTalk;

/// <summary>Topics of callbacks.</summary>
public static class DingTalkTopics
{
    /// <summary>Somebody wrote to the robot.</summary>
    public const string RobotMessage = "/v1.0/im/bot/messages/get";

    /// <summary>Somebody acted on a card.</summary>
    public const string CardCallback = "/v1.0/card/instances/callback";

    /// <summary>An AI plugin is called.</summary>
    public const string GraphCall = "/v1.0/graph/api/invoke";
}

/// <summary>Event types that this SDK has records for, and the names of some others.</summary>
public static class DingTalkEventTypes
{
    /// <summary>People joined the organisation: <see cref="Events.PeopleChanged"/>.</summary>
    public const string UserAddOrg = "user_add_org";

    /// <summary>People left the organisation: <see cref="Events.PeopleChanged"/>.</summary>
    public const string UserLeaveOrg = "user_leave_org";

    /// <summary>People activated their account: <see cref="Events.PeopleChanged"/>.</summary>
    public const string UserActiveOrg = "user_active_org";

    /// <summary>What is known of people changed: <see cref="Events.PeopleChanged"/>, with the differences.</summary>
    public const string UserModifyOrg = "user_modify_org";

    /// <summary>Departments were made: <see cref="Events.DepartmentsChanged"/>.</summary>
    public const string OrgDeptCreate = "org_dept_create";

    /// <summary>Departments changed: <see cref="Events.DepartmentsChanged"/>.</summary>
    public const string OrgDeptModify = "org_dept_modify";

    /// <summary>Departments were removed: <see cref="Events.DepartmentsChanged"/>.</summary>
    public const string OrgDeptRemove = "org_dept_remove";

    /// <summary>An approval began or ended: <see cref="Events.ApprovalInstanceChanged"/>.</summary>
    public const string BpmsInstanceChange = "bpms_instance_change";

    /// <summary>A task of an approval began or ended: <see cref="Events.ApprovalTaskChanged"/>.</summary>
    public const string BpmsTaskChange = "bpms_task_change";

    /// <summary>The address of the subscription is being checked (HTTP only; answered by <see cref="DingTalkReceiver"/>).</summary>
    public const string CheckUrl = "check_url";
}
