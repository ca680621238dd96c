using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>A search for records, as it stands in the address.</summary>
internal readonly record struct RecordQuery
{
    public const int UsualLimit = 100;

    [Description("Only these fields, between commas: Name, \"Price, net\"")]
    [FromQuery(Name = "fields")]
    public string? Fields { get; init; }

    [Description("Only records that hold this: Status = Open and (Amount > 100 or Due = today); see docs/tables.md")]
    [FromQuery(Name = "filter")]
    public string? Filter { get; init; }

    [Description("By these fields, between commas, each with desc behind it for the greatest first")]
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    [Description("Where the page before ended: its next; the rest of the query is the same")]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [Description("Records on a page, 1 to 500; default 100")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}
