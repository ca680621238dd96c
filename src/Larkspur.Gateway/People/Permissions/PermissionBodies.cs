using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>What a rule says.</summary>
internal abstract record PermissionRuleBody : IRequestPart
{
    /// <summary>A feature's name, like <c>assistant</c>; <c>*</c>: all of them.</summary>
    [MaxLength(80)]
    public required string Feature { get; init; }

    /// <summary><c>allow</c>: these may, and nobody else without a rule; <c>deny</c>: these may not, whatever else is allowed.</summary>
    [MaxLength(256)]
    public required string Effect { get; init; }

    [MissingHint("{\"everybody\": true}, or people, departments, roles, platforms")]
    public required RuleCircleView Who { get; init; }

    /// <summary>Absent: always.</summary>
    public RuleHoursView? Hours { get; init; }

    /// <summary>What it is for, up to 500 characters.</summary>
    [MaxLength(500)]
    public string? Note { get; init; }
}

/// <summary>A rule that is to be kept.</summary>
[RequestSizeLimit(256 << 10)]
internal sealed record PutPermissionRule : PermissionRuleBody, IRequestBody<PutPermissionRule, PeopleContracts>;

/// <summary>A rule with its name.</summary>
[RequestSizeLimit(256 << 10)]
internal sealed record NewPermissionRule : PermissionRuleBody, IRequestBody<NewPermissionRule, PeopleContracts>
{
    /// <summary>Up to 60 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    [MaxLength(256)]
    public required string Name { get; init; }
}

/// <summary>A role that is to be kept.</summary>
/// <param name="People">Up to 1000 ids.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record PutPermissionRole(
    [property: MaxLength(1000), MaxItemLength(64)] IReadOnlyList<string> People)
    : IRequestBody<PutPermissionRole, PeopleContracts>;

/// <summary>Who would do what, where and when.</summary>
/// <param name="Person">Their id.</param>
/// <param name="Platform">Where they write.</param>
/// <param name="App">Default: <c>default</c>.</param>
/// <param name="Departments">Their departments there, with those above.</param>
/// <param name="At">ISO 8601; absent: now.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record CheckPermission(
    [property: MaxLength(80)] string Feature,
    [property: MaxLength(64)] string Person,
    [property: MaxLength(32)] string Platform,
    [property: MaxLength(64)] string? App = null,
    [property: MaxLength(500), MaxItemLength(256)] IReadOnlyList<string>? Departments = null,
    DateTimeOffset? At = null)
    : IRequestBody<CheckPermission, PeopleContracts>;
