using System.ComponentModel;
using System.Globalization;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>A page of a platform's list, as it stands in the address.</summary>
internal readonly record struct PageQuery
{
    [Description("The app, by its configured name; default: the default app")]
    [FromQuery(Name = "app")]
    public string? App { get; init; }

    [Description("Items on a page")]
    [FromQuery(Name = "page_size")]
    public int? Size { get; init; }

    [Description("Where the page begins: the page_token of the page before")]
    [FromQuery(Name = "page_token")]
    public string? Token { get; init; }

    /// <exception cref="RequestRefusedException">The platform has no pages of this size.</exception>
    public int SizeUpTo(int most) => Size is null ? Math.Min(20, most)
        : Size is >= 1 && Size <= most ? Size.Value
        : throw RequestRefusedException.Malformed("bad_page_size", "?page_size", $"A page has 1 to {most.ToString(CultureInfo.InvariantCulture)} items.");

    public string? CheckedToken => Token is null or { Length: > 0 and <= 1024 } ? Token
        : throw RequestRefusedException.Malformed("bad_page_token", "?page_token", "It is no page_token of a page before.");

    /// <summary><c>asc</c> or <c>desc</c>.</summary>
    public static bool IsDescending(string? order, bool normally) => order switch
    {
        null => normally,
        "asc" => false,
        "desc" => true,
        _ => throw RequestRefusedException.Malformed("bad_order", "?order", "order is asc or desc."),
    };
}
