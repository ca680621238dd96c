using System.Text.Json;

namespace Larkspur.DingTalk.Events;

/// <summary><c>user_add_org</c>, <c>user_leave_org</c>, <c>user_active_org</c>, <c>user_modify_org</c>: people joined, left, activated their account, or changed.</summary>
public sealed record PeopleChanged
{
    /// <summary>Who.</summary>
    public IReadOnlyList<string> UserId { get; init; } = [];

    /// <summary>What changed (<c>user_modify_org</c>): an entry a person.</summary>
    public IReadOnlyList<PersonDifference> DiffInfo { get; init; } = [];
}

/// <summary>What changed of one person.</summary>
public sealed record PersonDifference
{
    /// <summary>Who (in lower case on the wire).</summary>
    [System.Text.Json.Serialization.JsonPropertyName("userid")]
    public string UserId { get; init; } = "";

    /// <summary>The changed fields as they were.</summary>
    public JsonElement Prev { get; init; }

    /// <summary>The changed fields as they are.</summary>
    public JsonElement Curr { get; init; }
}

/// <summary><c>org_dept_create</c>, <c>org_dept_modify</c>, <c>org_dept_remove</c>: departments were made, changed or removed.</summary>
public sealed record DepartmentsChanged
{
    /// <summary>Which.</summary>
    public IReadOnlyList<long> DeptId { get; init; } = [];
}

/// <summary><c>bpms_instance_change</c>: an approval began or ended. It carries no form values: read the instance.</summary>
public record ApprovalInstanceChanged
{
    /// <summary>The instance.</summary>
    public string ProcessInstanceId { get; init; } = "";

    /// <summary>Its template.</summary>
    public string ProcessCode { get; init; } = "";

    /// <summary>The number that people see.</summary>
    public string? BusinessId { get; init; }

    /// <summary>Kind of business, when the template has one.</summary>
    public string? BusinessType { get; init; }

    /// <summary>Title of the instance.</summary>
    public string? Title { get; init; }

    /// <summary><c>start</c>, <c>finish</c>, <c>terminate</c>, <c>delete</c>; of a task <c>start</c>, <c>finish</c>, <c>cancel</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary><c>agree</c> or <c>refuse</c>, when it is finished; of a task <c>redirect</c> too.</summary>
    public string? Result { get; init; }

    /// <summary>Who asked; of a task, who has to decide.</summary>
    public string? StaffId { get; init; }

    /// <summary>When it began, in milliseconds.</summary>
    public long? CreateTime { get; init; }

    /// <summary>When it ended, in milliseconds.</summary>
    public long? FinishTime { get; init; }

    /// <summary>Where people look at it.</summary>
    public string? Url { get; init; }

    /// <summary>Category of business.</summary>
    public string? BizCategoryId { get; init; }

    /// <summary>What was written with a decision.</summary>
    public string? Remark { get; init; }
}

/// <summary><c>bpms_task_change</c>: a task of an approval began or ended.</summary>
public sealed record ApprovalTaskChanged : ApprovalInstanceChanged
{
    /// <summary>The task, by which it is decided.</summary>
    public string? TaskId { get; init; }
}
