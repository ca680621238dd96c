using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.People;

/// <summary>A recipient: one of these.</summary>
/// <param name="Email">Work mail address.</param>
/// <param name="DepartmentId">Everybody in a department: <c>od-…</c>, or the company's own id of it.</param>
/// <param name="Children">With a department: those in the departments below it, too.</param>
/// <param name="RoleId">Everybody who has a functional role.</param>
internal sealed record RecipientBody(
    [property: MaxLength(254)] string? Email = null,
    [property: MaxLength(254)] string? Mobile = null,
    [property: MaxLength(254)] string? EmployeeNo = null,
    [property: MaxLength(254)] string? UserId = null,
    [property: MaxLength(254)] string? OpenId = null,
    [property: MaxLength(254)] string? UnionId = null,
    [property: MaxLength(254)] string? DepartmentId = null,
    bool? Children = null,
    [property: MaxLength(254)] string? RoleId = null,
    [property: MaxLength(254)] string? ChatId = null)
    : IRequestPart
{
    /// <summary>Recipients of one notification, as they are named.</summary>
    public const int Most = 500;

    /// <summary>All ways to name one, with the members that they stand in.</summary>
    public (string Kind, string? Value)[] Named() =>
    [
        ("email", Email), ("mobile", Mobile), ("employee_no", EmployeeNo), ("user_id", UserId), ("open_id", OpenId),
        ("union_id", UnionId), ("department_id", DepartmentId), ("role_id", RoleId), ("chat_id", ChatId),
    ];
}
