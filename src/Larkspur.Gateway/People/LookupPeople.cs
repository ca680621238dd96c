using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People;

/// <summary>Up to 500 of each kind.</summary>
/// <param name="App">The app, by its configured name.</param>
[RequestSizeLimit(64 << 10)]
internal sealed record LookupPeople(
    [property: MaxLength(500), MaxItemLength(254)] IReadOnlyList<string>? Emails = null,
    [property: MaxLength(500), MaxItemLength(254)] IReadOnlyList<string>? Mobiles = null,
    [property: MaxLength(500), MaxItemLength(254)] IReadOnlyList<string>? EmployeeNos = null,
    [property: MaxLength(500), MaxItemLength(254)] IReadOnlyList<string>? UserIds = null,
    [property: MaxLength(500), MaxItemLength(254)] IReadOnlyList<string>? OpenIds = null,
    [property: MaxLength(500), MaxItemLength(254)] IReadOnlyList<string>? UnionIds = null,
    [property: MaxLength(256)] string? App = null)
    : IRequestBody<LookupPeople, PeopleContracts>
{
    /// <summary>All lists, with the members that they stand in and the kind of what they hold.</summary>
    public (string Member, string Kind, IReadOnlyList<string>? Values)[] Named() =>
    [
        ("emails", "email", Emails), ("mobiles", "mobile", Mobiles), ("employee_nos", "employee_no", EmployeeNos),
        ("user_ids", "user_id", UserIds), ("open_ids", "open_id", OpenIds), ("union_ids", "union_id", UnionIds),
    ];
}
