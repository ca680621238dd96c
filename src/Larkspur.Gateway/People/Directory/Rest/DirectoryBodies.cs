using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.Directory.Rest;

/// <summary>Which directories are read. Without a platform: of each connected one, by its first app.</summary>
/// <param name="DryRun">What would change is shown, and nothing changes.</param>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</param>
/// <param name="App">The app that reads it; without a platform it is one of each platform.</param>
[RequestSizeLimit(4 << 10)]
internal sealed record SyncDirectory(
    bool DryRun = false,
    [property: MaxLength(16)] string? Platform = null,
    [property: MaxLength(40)] string? App = null)
    : IRequestBody<SyncDirectory, PeopleContracts>;

/// <summary>What an administrator writes of a person. A name without a value is taken away.</summary>
/// <param name="Fields">An object with name, en_name, employee_no, job_title, email, mobile, city, note: text, or null. No
/// directory changes them.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record ChangePerson(JsonElement Fields) : IRequestBody<ChangePerson, PeopleContracts>;

/// <summary>Which pairs are one person, and which are two.</summary>
/// <param name="Join">Numbers of pairs who are one.</param>
/// <param name="Dismiss">Numbers of pairs who are two: they are not asked about again.</param>
[RequestSizeLimit(64 << 10)]
internal sealed record DecideMatches(
    [property: MaxLength(500)] IReadOnlyList<long>? Join = null,
    [property: MaxLength(500)] IReadOnlyList<long>? Dismiss = null)
    : IRequestBody<DecideMatches, PeopleContracts>;
