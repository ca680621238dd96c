namespace Larkspur.Feishu.SignIn;

/// <summary>Who signed in. Personal data: <see cref="ToString"/> does not show it.</summary>
/// <remarks>
/// Know a person by (<see cref="TenantKey"/>, <see cref="UnionId"/>) or by <see cref="OpenId"/> within one app. Never by
/// <see cref="UserId"/>, which administrators may change and give to somebody else, and never by mail or number, which they type
/// in and nobody has verified.
/// Source: authen-v1/user_info.
/// </remarks>
public sealed record FeishuSignedInPerson
{
    /// <summary>The same for this app alone; never changes.</summary>
    public string OpenId { get; init; } = "";

    /// <summary>The same for all apps of one developer; never changes.</summary>
    public string UnionId { get; init; } = "";

    /// <summary>The company. A store app lets in only companies that it knows.</summary>
    public string TenantKey { get; init; } = "";

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>English name.</summary>
    public string? EnName { get; init; }

    /// <summary>Address of the picture.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>The company's own id of them; needs <c>contact:user.employee_id:readonly</c>.</summary>
    public string? UserId { get; init; }

    /// <summary>Mail address as an administrator entered it; needs <c>contact:user.email:readonly</c>.</summary>
    public string? Email { get; init; }

    /// <summary>Address of Feishu Mail; needs <c>contact:user.employee:readonly</c>.</summary>
    public string? EnterpriseEmail { get; init; }

    /// <summary>Mobile number as an administrator entered it; needs <c>contact:user.phone:readonly</c>.</summary>
    public string? Mobile { get; init; }

    /// <summary>Staff number; needs <c>contact:user.employee:readonly</c>.</summary>
    public string? EmployeeNo { get; init; }

    /// <summary>The union id alone.</summary>
    public override string ToString() => $"person {UnionId}";
}
