using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What is sent to make a connection, or to change one. Absent: as it was; a new one needs its kind and its address.</summary>
/// <param name="Kind">What is there: <c>sqlite</c>, <c>postgresql</c>.</param>
/// <param name="Address">A file's absolute path, or a connection string. It is kept encrypted, and never shown again.</param>
/// <param name="System">The system that may use it; default: the calling key's. Another one takes others:write.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record PutSyncConnection(
    [property: MaxLength(40)] string? Kind = null,
    [property: MaxLength(4000)] string? Address = null,
    [property: MaxLength(KeyReach.LongestSystem)] string? System = null)
    : IRequestBody<PutSyncConnection, SyncContracts>;

/// <summary>A sync as it is to be: the whole of it each time.</summary>
/// <param name="Table">The table that people work in.</param>
/// <param name="Source">The company's own data.</param>
/// <param name="Key">Columns of the source that make a row's key. They stand in <c>fields</c> too.</param>
/// <param name="Fields">Which field and which column hold the same.</param>
/// <param name="Direction"><c>both</c> (the default), <c>to_table</c>, <c>to_source</c>: which way rows go, and values where the field does
/// not say otherwise.</param>
/// <param name="Conflict">What is done when both sides changed one value: <c>ask</c> (the default), <c>source</c>, <c>table</c>,
/// <c>newest</c>.</param>
/// <param name="Deletes">What becomes of a row that was deleted on the other side.</param>
/// <param name="ChangedColumn">A column that says when the source's row changed last; for <c>newest</c>.</param>
/// <param name="Sentinel">A key whose row is always on both sides: while it is not seen, nothing is deleted.</param>
/// <param name="NewKeys">What a record of the table without a key gets: <c>wait</c> (the default): nothing, it waits; <c>uuid</c>.</param>
/// <param name="NewOptions">True: a select gets options that it lacks. False (the default): the row waits.</param>
/// <param name="Notify">Who is told when it stops or asks: an e-mail address or a person's id.</param>
/// <param name="System">The system whose it is; default: the calling key's. It uses that system's bases and connections alone, and stays
/// that system's.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record PutSync(
    SyncTable Table,
    SyncSource Source,
    [property: MaxLength(PutSync.MostKeys), MaxItemLength(PutSync.Name)] IReadOnlyList<string> Key,
    [property: MaxLength(PutSync.MostFields)] IReadOnlyList<SyncField> Fields,
    [property: MaxLength(20)] string? Direction = null,
    [property: MaxLength(20)] string? Conflict = null,
    SyncDeletes? Deletes = null,
    [property: MaxLength(PutSync.Name)] string? ChangedColumn = null,
    [property: MaxLength(1000)] string? Sentinel = null,
    [property: MaxLength(20)] string? NewKeys = null,
    bool NewOptions = false,
    [property: MaxLength(256)] string? Notify = null,
    [property: MaxLength(KeyReach.LongestSystem)] string? System = null)
    : IRequestBody<PutSync, SyncContracts>
{
    public const int MostKeys = 8;
    public const int MostFields = 300;
    public const int Name = 200;
}

/// <summary>A table of a base that was opened.</summary>
/// <param name="Base">The base, by the name that it was opened under.</param>
/// <param name="Table">The table's name, or its id.</param>
internal sealed record SyncTable(
    [property: MaxLength(40)] string Base, [property: MaxLength(PutSync.Name)] string Table) : IRequestPart;

/// <summary>A table of a connection.</summary>
/// <param name="Connection">The connection, by its name.</param>
/// <param name="Table">The table there; <c>schema.table</c> where it has schemas.</param>
internal sealed record SyncSource(
    [property: MaxLength(40)] string Connection, [property: MaxLength(PutSync.Name)] string Table) : IRequestPart;

/// <summary>A field and the column that holds the same.</summary>
/// <param name="Field">The field's name, or its id.</param>
/// <param name="Column">The column.</param>
/// <param name="Direction">Which way its values go; default: the sync's.</param>
/// <param name="Conflict">What is done when both sides changed it; default: the sync's.</param>
/// <param name="As">What its values are, where both sides leave a choice: <c>text</c>, <c>number</c>, <c>boolean</c>, <c>instant</c>,
/// <c>date</c>, <c>choice</c>, <c>choices</c>, <c>people</c>, <c>link</c>.</param>
internal sealed record SyncField(
    [property: MaxLength(PutSync.Name)] string Field,
    [property: MaxLength(PutSync.Name)] string Column,
    [property: MaxLength(20)] string? Direction = null,
    [property: MaxLength(20)] string? Conflict = null,
    [property: MaxLength(20)] string? As = null) : IRequestPart;

/// <summary>What becomes of a row that was deleted on the other side.</summary>
/// <param name="InTable">Of the table's record: <c>delete</c> (the default), <c>keep</c>.</param>
/// <param name="InSource">Of the source's row: <c>keep</c> (the default), <c>delete</c>, <c>mark</c>.</param>
/// <param name="MarkColumn">For <c>mark</c>: the column that is set. A row in which it is set counts as deleted.</param>
/// <param name="AfterSeconds">So long a deleted row can come back before the other side's is deleted; default 600.</param>
/// <param name="Most">More than so many at once need a person's yes, when they are also more than most_percent; default 20.</param>
/// <param name="MostPercent">Of all rows; default 10.</param>
internal sealed record SyncDeletes(
    [property: MaxLength(20)] string? InTable = null,
    [property: MaxLength(20)] string? InSource = null,
    [property: MaxLength(PutSync.Name)] string? MarkColumn = null,
    [property: Range(0, 2_592_000), Refusal("bad_duration", "0 to 2592000 seconds.")] int? AfterSeconds = null,
    [property: Range(0, 1_000_000), Refusal("bad_value", "0 to 1000000.")] int? Most = null,
    [property: Range(0, 100), Refusal("bad_value", "0 to 100.")] int? MostPercent = null) : IRequestPart;

/// <summary>The first copy begins.</summary>
/// <param name="Winner">Whose value stays where both sides have one and they differ: <c>table</c>, <c>source</c>; <c>ask</c> (the
/// default): a person decides each.</param>
[RequestSizeLimit(4 << 10)]
internal sealed record StartSync([property: MaxLength(20)] string? Winner = null) : IRequestBody<StartSync, SyncContracts>;

/// <summary>What becomes of the deletions that wait for a yes.</summary>
/// <param name="Decision"><c>delete</c>: the other side's rows go too. <c>restore</c>: they come back where they were deleted.</param>
[RequestSizeLimit(4 << 10)]
internal sealed record DecideDeletions([property: MaxLength(20)] string Decision) : IRequestBody<DecideDeletions, SyncContracts>;

/// <summary>The contracts of the syncs' bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutSyncConnection)), JsonSerializable(typeof(PutSync)), JsonSerializable(typeof(StartSync))]
[JsonSerializable(typeof(DecideDeletions)), JsonSerializable(typeof(DecideConflict)), JsonSerializable(typeof(DecideConflicts))]
[JsonSerializable(typeof(RetryProblems))]
internal sealed partial class SyncContracts : JsonSerializerContext, IBodyContracts<SyncContracts>;
