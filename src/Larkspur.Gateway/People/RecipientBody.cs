using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.People;

/// <summary>A recipient: one of these.</summary>
internal sealed record RecipientBody : IRequestPart
{
    /// <summary>Recipients of one notification, as they are named.</summary>
    public const int Most = 500;

    private const int Longest = 254;

    /// <summary>Work mail address.</summary>
    [MaxLength(Longest)]
    public string? Email { get; init; }

    /// <summary>Mobile number.</summary>
    [MaxLength(Longest)]
    public string? Mobile { get; init; }

    /// <summary>Employee number.</summary>
    [MaxLength(Longest)]
    public string? EmployeeNo { get; init; }

    [MaxLength(Longest)]
    public string? UserId { get; init; }

    [MaxLength(Longest)]
    public string? OpenId { get; init; }

    [MaxLength(Longest)]
    public string? UnionId { get; init; }

    /// <summary>Everybody in a department: <c>od-…</c>, or the company's own id of it.</summary>
    [MaxLength(Longest)]
    public string? DepartmentId { get; init; }

    /// <summary>With <see cref="DepartmentId"/>: those in the departments below it, too.</summary>
    public bool? Children { get; init; }

    /// <summary>Everybody who has a functional role.</summary>
    [MaxLength(Longest)]
    public string? RoleId { get; init; }

    [MaxLength(Longest)]
    public string? ChatId { get; init; }

    /// <summary>All ways to name one, with the members that they stand in.</summary>
    public (string Kind, string? Value)[] Named() =>
    [
        ("email", Email), ("mobile", Mobile), ("employee_no", EmployeeNo), ("user_id", UserId), ("open_id", OpenId),
        ("union_id", UnionId), ("department_id", DepartmentId), ("role_id", RoleId), ("chat_id", ChatId),
    ];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(RecipientBody))]
internal sealed partial class RecipientContracts : JsonSerializerContext;
