using System.ComponentModel;
using System.Globalization;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Which page of a list of a sync is asked for.</summary>
internal readonly record struct SyncPage
{
    private const int Most = 200;
    private const int Usual = 100;

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [Description("Rows on a page, 1 to 200; default 100")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <exception cref="RequestRefusedException"><c>bad_limit</c>.</exception>
    public int Size() => Limit is null or (>= 1 and <= Most) ? Limit ?? Usual
        : throw RequestRefusedException.Malformed("bad_limit", "?limit", $"A page has 1 to {Most} rows.");

    /// <summary>The id after which it goes on; null: from the beginning.</summary>
    /// <exception cref="RequestRefusedException"><c>bad_cursor</c>.</exception>
    public long? After() => Cursor is null ? null
        : long.TryParse(Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw RequestRefusedException.Malformed("bad_cursor", "?cursor");

    /// <summary>Where the next page begins; null: this is the last.</summary>
    /// <param name="rows">One more than the page has, where there are more.</param>
    /// <param name="id">A row's id.</param>
    public string? Next<T>(IReadOnlyList<T> rows, Func<T, long> id) =>
        rows.Count > Size() ? id(rows[Size() - 1]).ToString(CultureInfo.InvariantCulture) : null;
}
