using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>For whom a session of the web chat begins. Exactly one of <c>person</c>, and <c>issuer</c> with <c>subject</c>.</summary>
/// <param name="Person">Somebody whom the gateway knows (<c>pe_…</c>). Takes a key with web-chat:person.</param>
/// <param name="Issuer"> The system whose subject it is, one of the key's issuers: an address or name that does not change, up to 200
/// visible ASCII characters, compared exactly. </param>
/// <param name="Subject">The person's id in that system, up to 200 characters. Whoever has the same issuer and subject is the same
/// person.</param>
/// <param name="Name">The person's name, up to 200 characters; with a subject only.</param>
/// <param name="Email"> The person's mail address, which the calling system has verified; with a subject only. Rules go by it only where
/// web_chat.trusted_issuers trusts the issuer for its domain. </param>
/// <param name="Locale"><c>zh_cn</c> or <c>en_us</c>; absent: the browser's.</param>
/// <param name="LifetimeSeconds">From 60 to 604800 (7 days); default 28800 (8 hours).</param>
/// <param name="Origins">Up to 10 sites whose pages may embed the chat and call its API: <c>https://intranet.example.com</c>. Absent:
/// none but the gateway itself.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record WebSessionWanted(
    [property: MaxLength(64)] string? Person = null,
    [property: MaxLength(IssuerName.Longest)] string? Issuer = null,
    [property: MaxLength(SubjectName.Longest)] string? Subject = null,
    [property: MaxLength(SubjectName.Longest)] string? Name = null,
    [property: MaxLength(254)] string? Email = null,
    [property: MaxLength(10)] string? Locale = null,
    [property: Range(WebSessions.ShortestSeconds, WebSessions.LongestSeconds), Refusal("bad_duration", "From 60 to 604800 seconds.")]
    int? LifetimeSeconds = null,
    [property: MaxLength(SessionOrigins.Most), MaxItemLength(256)] IReadOnlyList<string>? Origins = null)
    : IRequestBody<WebSessionWanted, WebSessionContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(WebSessionWanted))]
internal sealed partial class WebSessionContracts : JsonSerializerContext, IBodyContracts<WebSessionContracts>;

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
