using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>A decision of one conflict.</summary>
/// <param name="Decision">Of values: <c>table</c>, <c>source</c>: that side's value stays; <c>value</c>: another one. Of a row that one
/// side deleted and the other changed: <c>keep</c>: it comes back; <c>delete</c>: the other side's goes too.</param>
/// <param name="Value">For <c>value</c>: what both sides get, as the field's kind has it; null empties it.</param>
/// <param name="Seen">The values as they were seen: where they are others by now, 409 conflict_changed is answered.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record DecideConflict(
    [property: MaxLength(20)] string Decision, JsonElement? Value = null, SeenValues? Seen = null)
    : IRequestBody<DecideConflict, SyncContracts>;

/// <summary>Values as somebody saw them.</summary>
/// <param name="Table">The table's.</param>
/// <param name="Source">The source's.</param>
internal sealed record SeenValues(JsonElement? Table = null, JsonElement? Source = null) : IRequestPart;

/// <summary>One decision of several conflicts: of those that are named, or of all open ones of a field.</summary>
/// <param name="Decision">As for one.</param>
/// <param name="Ids">Which.</param>
/// <param name="Field">All of this field, by its name or id.</param>
[RequestSizeLimit(64 << 10)]
internal sealed record DecideConflicts(
    [property: MaxLength(20)] string Decision,
    [property: MaxLength(DecideConflicts.Most)] IReadOnlyList<long>? Ids = null,
    [property: MaxLength(PutSync.Name)] string? Field = null)
    : IRequestBody<DecideConflicts, SyncContracts>
{
    public const int Most = 1000;
}

/// <summary>Rows with problems that are looked at again.</summary>
/// <param name="Ids">Which problems; absent: all.</param>
[RequestSizeLimit(64 << 10)]
internal sealed record RetryProblems([property: MaxLength(DecideConflicts.Most)] IReadOnlyList<long>? Ids = null)
    : IRequestBody<RetryProblems, SyncContracts>;
