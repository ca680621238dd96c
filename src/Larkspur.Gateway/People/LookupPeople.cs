using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.People;

/// <summary>Up to 500 of each kind.</summary>
internal sealed record LookupPeople : IRequestBody<LookupPeople>
{
    private const int Most = 500;
    private const int LongestAddress = 254;

    [MaxLength(Most), MaxItemLength(LongestAddress)]
    public IReadOnlyList<string>? Emails { get; init; }

    [MaxLength(Most), MaxItemLength(LongestAddress)]
    public IReadOnlyList<string>? Mobiles { get; init; }

    [MaxLength(Most), MaxItemLength(LongestAddress)]
    public IReadOnlyList<string>? EmployeeNos { get; init; }

    [MaxLength(Most), MaxItemLength(LongestAddress)]
    public IReadOnlyList<string>? UserIds { get; init; }

    [MaxLength(Most), MaxItemLength(LongestAddress)]
    public IReadOnlyList<string>? OpenIds { get; init; }

    [MaxLength(Most), MaxItemLength(LongestAddress)]
    public IReadOnlyList<string>? UnionIds { get; init; }

    /// <summary>The app, by its configured name.</summary>
    [MaxLength(256)]
    public string? App { get; init; }

    /// <summary>All lists, with the members that they stand in and the kind of what they hold.</summary>
    [JsonIgnore]
    public (string Member, string Kind, IReadOnlyList<string>? Values)[] Named =>
    [
        ("emails", "email", Emails), ("mobiles", "mobile", Mobiles), ("employee_nos", "employee_no", EmployeeNos),
        ("user_ids", "user_id", UserIds), ("open_ids", "open_id", OpenIds), ("union_ids", "union_id", UnionIds),
    ];

    public static JsonTypeInfo<LookupPeople> Contract => LookupContracts.Default.LookupPeople;

    public static int Largest => 64 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(LookupPeople))]
internal sealed partial class LookupContracts : JsonSerializerContext;
