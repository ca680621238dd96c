using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>For whom a session of the web chat begins. Exactly one of <c>person</c>, and <c>issuer</c> with <c>subject</c>.</summary>
internal sealed record WebSessionWanted : IRequestBody<WebSessionWanted>
{
    /// <summary>Somebody whom the gateway knows (<c>pe_…</c>). Takes a key with web-chat:person.</summary>
    [MaxLength(64)]
    public string? Person { get; init; }

    /// <summary>
    /// The system whose subject it is, one of the key's issuers: an address or name that does not change, up to 200 visible ASCII
    /// characters, compared exactly.
    /// </summary>
    [MaxLength(IssuerName.Longest)]
    public string? Issuer { get; init; }

    /// <summary>The person's id in that system, up to 200 characters. Whoever has the same issuer and subject is the same person.</summary>
    [MaxLength(SubjectName.Longest)]
    public string? Subject { get; init; }

    /// <summary>The person's name, up to 200 characters; with a subject only.</summary>
    [MaxLength(SubjectName.Longest)]
    public string? Name { get; init; }

    /// <summary>
    /// The person's mail address, which the calling system has verified; with a subject only. Rules go by it only where
    /// web_chat.trusted_issuers trusts the issuer for its domain.
    /// </summary>
    [MaxLength(254)]
    public string? Email { get; init; }

    /// <summary><c>zh_cn</c> or <c>en_us</c>; absent: the browser's.</summary>
    [MaxLength(10)]
    public string? Locale { get; init; }

    /// <summary>From 60 to 604800 (7 days); default 28800 (8 hours).</summary>
    [Range(WebSessions.ShortestSeconds, WebSessions.LongestSeconds), Refusal("bad_duration", "From 60 to 604800 seconds.")]
    public int? LifetimeSeconds { get; init; }

    /// <summary>Up to 10 sites whose pages may embed the chat and call its API: <c>https://intranet.example.com</c>. Absent: none but the gateway itself.</summary>
    [MaxLength(SessionOrigins.Most), MaxItemLength(256)]
    public IReadOnlyList<string>? Origins { get; init; }

    public static JsonTypeInfo<WebSessionWanted> Contract => WebSessionContracts.Default.WebSessionWanted;

    public static int Largest => 16 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(WebSessionWanted))]
internal sealed partial class WebSessionContracts : JsonSerializerContext;

/// <summary>A session that has begun.</summary>
/// <param name="Token">What the browser proves itself by. It is shown this once.</param>
/// <param name="Address">The chat page, with the token in the fragment, which browsers send to nobody.</param>
/// <param name="Session">What is kept of it.</param>
internal sealed record WebSessionBegun(string Token, string Address, WebSessionView Session);

/// <summary>A session as it may be shown.</summary>
internal sealed record WebSessionView
{
    /// <summary><c>ws_…</c>; no secret.</summary>
    public required string Id { get; init; }

    /// <summary><c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    public required string Person { get; init; }

    /// <summary>The system whose key began it; empty: the key of LARKSPUR_API_KEY did.</summary>
    public required string System { get; init; }

    public string? Issuer { get; init; }

    public string? Subject { get; init; }

    public string? Name { get; init; }

    public string? Locale { get; init; }

    public required IReadOnlyList<string> Origins { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    public static WebSessionView Of(WebSession session, DateTimeOffset now) => new()
    {
        Id = session.Name, State = session.StateAt(now), Person = session.Person, System = session.Owner, Issuer = session.Issuer, Subject = session.Subject, Name = session.PersonName, Locale = session.Language?.Tag(), Origins = session.Origins,
        CreatedAt = session.CreatedAt, CreatedBy = session.CreatedBy, ExpiresAt = session.ExpiresAt, RevokedAt = session.RevokedAt, RevokedBy = session.RevokedBy,
    };
}

/// <summary>Sessions.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record WebSessionList(IReadOnlyList<WebSessionView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>Which sessions.</summary>
internal readonly record struct WebSessionQuery
{
    [Description("Only this person's")]
    [FromQuery(Name = "person")]
    public string? Person { get; init; }

    [Description("True: with those that have expired or were revoked")]
    [FromQuery(Name = "ended")]
    public bool? Ended { get; init; }

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("Sessions on a page, 1 to 200; default 50")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}
