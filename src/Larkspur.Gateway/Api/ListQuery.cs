using System.ComponentModel;
using Larkspur.Gateway.Storage.Lists;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Api;

/// <summary>The query of a list, as it stands in the address.</summary>
internal readonly record struct ListQuery
{
    [Description("Only rows in this state: a box's own words, or overdue (open for too long, or with an answer that does not leave)")]
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    [Description("Only rows of this app")]
    [FromQuery(Name = "app")]
    public string? App { get; init; }

    [Description("Only rows with this ordering key (inbox: chat:ID, card:ID…) or lane (outbox: the receiving chat, person or card)")]
    [FromQuery(Name = "key")]
    public string? Key { get; init; }

    [Description("Only rows with this reason")]
    [FromQuery(Name = "reason")]
    public string? Reason { get; init; }

    [Description("Only rows from this time on, ISO 8601; without an offset it is UTC")]
    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    [Description("Only rows before this time")]
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("Rows on a page, 1 to 200; default 50")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The filter, or the word for what is wrong.</summary>
    public (RowFilter? Filter, string? Problem) Read(Func<string, bool> isStatus)
    {
        if (Status is { Length: > 0 } status && !isStatus(status)) return (null, "bad_status");
        if (Limit is < 1 or > RowFilter.MaxPage) return (null, "bad_limit");
        return (new RowFilter
        {
            Status = NullIfEmpty(Status),
            App = NullIfEmpty(App),
            Key = NullIfEmpty(Key),
            Reason = NullIfEmpty(Reason),
            Since = Since,
            Until = Until,
            Cursor = Cursor,
            Limit = Limit ?? 50,
        }, null);
    }

    public static string? NullIfEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
