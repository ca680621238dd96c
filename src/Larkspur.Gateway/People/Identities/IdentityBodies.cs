using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Who becomes part of the one in the address.</summary>
[RequestSizeLimit(4 << 10)]
internal sealed record MergePeople([property: MaxLength(64)] string From) : IRequestBody<MergePeople, PeopleContracts>;

/// <summary>Which account is taken off, or which join is undone: one of the two.</summary>
[RequestSizeLimit(4 << 10)]
internal sealed record UnlinkAccount(
    long? Account = null,
    [property: MaxLength(64)] string? Join = null)
    : IRequestBody<UnlinkAccount, PeopleContracts>;
