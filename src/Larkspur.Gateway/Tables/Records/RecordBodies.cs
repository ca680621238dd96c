using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Rows that are to be made.</summary>
/// <param name="Rows">Up to 1,000.</param>
/// <param name="KeyField">A field of text or numbers that holds a key of your own in every row: a row whose key is there already is not
/// made again.</param>
/// <param name="Existing">With key_field: what becomes of rows that are there already. skip (the default) leaves them, update writes
/// what differs.</param>
/// <param name="NewOptions">True: a select may get options that it does not have.</param>
/// <param name="DryRun">True: nothing is written, and the answer says what would be.</param>
/// <param name="Key">The caller's name for this call; the header Idempotency-Key is the same.</param>
[RequestSizeLimit(RecordLimits.Bytes)]
internal sealed record CreateRecords(
    [property: MaxLength(RecordLimits.Rows)] IReadOnlyList<NewRecord> Rows,
    [property: MaxLength(RecordLimits.Name)] string? KeyField = null,
    [property: MaxLength(16)] string? Existing = null,
    bool NewOptions = false,
    bool DryRun = false,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<CreateRecords, TableContracts>;

/// <summary>A row that is to be made.</summary>
/// <param name="Fields">An object: values by the names (or ids) of fields.</param>
internal sealed record NewRecord(JsonElement Fields) : IRequestPart;

/// <summary>Records that are to be changed. Values are absolute: what is written replaces what is there.</summary>
/// <param name="Rows">Up to 1,000.</param>
/// <param name="NewOptions">True: a select may get options that it does not have.</param>
/// <param name="DryRun">True: nothing is written, and the answer says what would be.</param>
[RequestSizeLimit(RecordLimits.Bytes)]
internal sealed record ChangeRecords(
    [property: MaxLength(RecordLimits.Rows)] IReadOnlyList<ChangedRecord> Rows, bool NewOptions = false, bool DryRun = false)
    : IRequestBody<ChangeRecords, TableContracts>;

/// <summary>A record that is to be changed.</summary>
/// <param name="Id">The record.</param>
/// <param name="Fields">An object: values by the names (or ids) of fields; null empties a cell, and what is not named stays.</param>
internal sealed record ChangedRecord([property: MaxLength(RecordLimits.Id)] string Id, JsonElement Fields) : IRequestPart;

/// <summary>Records that are to be deleted. One that is not there any more counts as deleted.</summary>
/// <param name="Ids">Up to 1,000.</param>
/// <param name="DryRun">True: nothing is deleted, and the answer says what would be.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record DeleteRecords(
    [property: MaxLength(RecordLimits.Rows), MaxItemLength(RecordLimits.Id)] IReadOnlyList<string> Ids, bool DryRun = false)
    : IRequestBody<DeleteRecords, TableContracts>;

/// <summary>Bounds of what is sent.</summary>
internal static class RecordLimits
{
    public const int Rows = 1000;
    public const int Id = 64;
    public const int Name = 200;

    /// <summary>A thousand rows of some length.</summary>
    public const int Bytes = 8 << 20;
}
