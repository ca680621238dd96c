using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.ScimTargets.Rest;

/// <summary>What is sent to add a target, or to change what it names of one. A new one needs its address and its token.</summary>
/// <param name="Url">Where its SCIM begins, above <c>/Users</c>. Another address is another target: it needs its token, and who has which
/// id there is forgotten and looked up again.</param>
/// <param name="Token">The bearer token. It is kept encrypted, and never shown again.</param>
/// <param name="UserName">The field of people that is their <c>userName</c> there: <c>email</c> (the default), <c>work_email</c>,
/// <c>employee_no</c>, <c>mobile</c>, <c>user_id</c>, <c>user_name</c> (as <c>/scim/v2</c> shows it), <c>person</c>, or one of the
/// company's own as <c>custom.…</c>.</param>
/// <param name="Groups"><c>departments</c>: they are groups there. <c>none</c> (the default): no groups are pushed.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record PutScimTarget(
    [property: MaxLength(1000)] string? Url = null,
    [property: MaxLength(4096)] string? Token = null,
    [property: MaxLength(100)] string? UserName = null,
    [property: MaxLength(20)] string? Groups = null)
    : IRequestBody<PutScimTarget, PeopleContracts>;

/// <summary>How a target is synced.</summary>
/// <param name="DryRun">What would change is answered, and nothing changes.</param>
/// <param name="Confirm">Those who wait to be deactivated may be.</param>
[RequestSizeLimit(4 << 10)]
internal sealed record SyncScimTarget(bool DryRun = false, bool Confirm = false) : IRequestBody<SyncScimTarget, PeopleContracts>;
