using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Whom it is about: everybody, or who is in any of the lists.</summary>
internal sealed record RuleCircleView : IRequestPart
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Everybody { get; init; }

    /// <summary>Ids (<c>pe_…</c>) and mail addresses of the platforms' directories.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(RuleReader.MostOfKind), MaxItemLength(RuleReader.LongestEntry)]
    public IReadOnlyList<string>? People { get; init; }

    /// <summary>Ids of departments; <c>dingtalk:2</c> is the one of that platform alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(RuleReader.MostOfKind), MaxItemLength(RuleReader.LongestEntry)]
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>Roles of the gateway: <c>PUT /api/v1/permissions/roles/{name}</c> makes one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(RuleReader.MostOfKind), MaxItemLength(RuleReader.LongestEntry)]
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(RuleReader.MostOfKind), MaxItemLength(RuleReader.LongestEntry)]
    public IReadOnlyList<string>? Platforms { get; init; }
}

/// <summary>When it counts.</summary>
internal sealed record RuleHoursView : IRequestPart
{
    /// <summary><c>mon</c> to <c>sun</c>; absent: every day. Hours over midnight belong to the day on which they begin.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(7), MaxItemLength(3)]
    public IReadOnlyList<string>? Days { get; init; }

    /// <summary>Like <c>09:00</c>; absent, with <c>to</c>: the whole day.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(5)]
    public string? From { get; init; }

    /// <summary>Like <c>18:00</c>, to <c>24:00</c>; before <c>from</c>: on the next day.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(5)]
    public string? To { get; init; }

    /// <summary>Like <c>Asia/Shanghai</c>; absent: <c>LARKSPUR_TIME_ZONE</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(64)]
    public string? TimeZone { get; init; }
}

/// <summary>A rule.</summary>
internal sealed record PermissionRuleView
{
    public required string Name { get; init; }

    public required string Feature { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    public required string Effect { get; init; }

    public required RuleCircleView Who { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RuleHoursView? Hours { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary><c>unreadable</c>: it forbids its feature to everybody until it is replaced or deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <summary>What <c>If-Match</c> takes.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public static PermissionRuleView Of(PermissionRule rule)
    {
        var written = RuleReader.Write(rule);
        return new PermissionRuleView
        {
            Name = rule.Name, Feature = rule.Feature, Effect = rule.Denies ? "deny" : "allow", Who = Circle(rule.Who),
            Hours = written["hours"] is { } hours ? new RuleHoursView
            {
                Days = hours["days"].Deserialize<string[]>(), From = (string?)hours["from"], To = (string?)hours["to"], TimeZone = (string?)hours["time_zone"],
            } : null,
            Note = rule.Note, Problem = rule.IsUnreadable ? "unreadable" : null, Version = rule.Version, ChangedAt = rule.ChangedAt, ChangedBy = rule.ChangedBy,
        };
    }

    private static RuleCircleView Circle(RuleCircle who) => new()
    {
        Everybody = who.Everybody ? true : null, People = List(who.People), Departments = List(who.Departments), Roles = List(who.Roles), Platforms = List(who.Platforms),
    };

    private static string[]? List(IReadOnlySet<string> entries) => entries.Count == 0 ? null : [.. entries.Order(StringComparer.Ordinal)];
}

/// <summary>Rules.</summary>
/// <param name="Items">By name.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record PermissionRulesView(IReadOnlyList<PermissionRuleView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);
