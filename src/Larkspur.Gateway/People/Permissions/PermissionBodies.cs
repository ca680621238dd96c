using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

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
internal sealed record PutPermissionRule : PermissionRuleBody, IRequestBody<PutPermissionRule>
{
    public static JsonTypeInfo<PutPermissionRule> Contract => PermissionContracts.Default.PutPermissionRule;

    public static int Largest => 256 << 10;
}

/// <summary>A rule with its name.</summary>
internal sealed record NewPermissionRule : PermissionRuleBody, IRequestBody<NewPermissionRule>
{
    /// <summary>Up to 60 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    [MaxLength(256)]
    public required string Name { get; init; }

    public static JsonTypeInfo<NewPermissionRule> Contract => PermissionContracts.Default.NewPermissionRule;

    public static int Largest => 256 << 10;
}

/// <summary>A role that is to be kept.</summary>
internal sealed record PutPermissionRole : IRequestBody<PutPermissionRole>
{
    /// <summary>Up to 1000 ids.</summary>
    [MaxLength(1000), MaxItemLength(64)]
    public required IReadOnlyList<string> People { get; init; }

    public static JsonTypeInfo<PutPermissionRole> Contract => PermissionContracts.Default.PutPermissionRole;

    public static int Largest => 256 << 10;
}

/// <summary>Who would do what, where and when.</summary>
internal sealed record CheckPermission : IRequestBody<CheckPermission>
{
    [MaxLength(80)]
    public required string Feature { get; init; }

    /// <summary>Their id.</summary>
    [MaxLength(64)]
    public required string Person { get; init; }

    /// <summary>Where they write.</summary>
    [MaxLength(32)]
    public required string Platform { get; init; }

    /// <summary>Default: <c>default</c>.</summary>
    [MaxLength(64)]
    public string? App { get; init; }

    /// <summary>Their departments there, with those above.</summary>
    [MaxLength(500), MaxItemLength(256)]
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>ISO 8601; absent: now.</summary>
    public DateTimeOffset? At { get; init; }

    public static JsonTypeInfo<CheckPermission> Contract => PermissionContracts.Default.CheckPermission;

    public static int Largest => 256 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutPermissionRule)), JsonSerializable(typeof(NewPermissionRule))]
[JsonSerializable(typeof(PutPermissionRole)), JsonSerializable(typeof(CheckPermission))]
internal sealed partial class PermissionContracts : JsonSerializerContext;
