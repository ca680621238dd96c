using System.ComponentModel;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Keys over REST.</summary>
internal sealed class ApiKeyEndpoints(ApiKeys keys, TimeProvider clock)
{
    private const int MostOnPage = 200;
    private const int NormalPage = 50;

    public async Task<IResult> ListAsync(ApiKeyQuery query, CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", "limit is 1 to 200.");
        var limit = query.Limit ?? NormalPage;
        var rows = await keys.ListAsync(query.Revoked ?? false, query.Cursor, limit + 1, cancellation);
        return TypedResults.Ok(new ApiKeyList([.. rows.Take(limit).Select(View)], rows.Count > limit ? rows[limit - 1].Id : null));
    }

    public async Task<IResult> ShowAsync(long id, CancellationToken cancellation) => TypedResults.Ok(View(await keys.FindAsync(id, cancellation) ?? throw NoKey()));

    public async Task<IResult> CreateAsync(Body<ApiKeyWanted> body, CancellationToken cancellation)
    {
        var wanted = await body.ReadAsync(cancellation);
        // Without a word about its end a key lasts a year; "expires_at": null says that it shall not end.
        var endless = IsEndless(wanted.Endless, wanted.ExpiresAt) || (wanted.ExpiresAt is null && body.Names("expires_at"));
        var (secret, key) = await keys.CreateAsync(Caller.Grant(body.Http),
            new NewApiKey(wanted.Name, wanted.Scopes, wanted.RequestsPerMinute, wanted.ExpiresAt)
            {
                Endless = endless, Reach = KeyReachFields.Read(wanted, body.Names),
                SetsHolder = body.Names("holder"), Holder = wanted.Holder,
            }, cancellation);
        return TypedResults.Created($"/api/v1/api-keys/{key.Id}", new ApiKeyMade(secret, View(key)));
    }

    public async Task<IResult> ChangeAsync(long id, Body<ApiKeyChange> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        // Here null says something else than nothing: the key does not end by itself any more.
        var setsEnd = IsEndless(sent.Endless, sent.ExpiresAt) || body.Names("expires_at");
        var wanted = new KeyChange(sent.Name, sent.Scopes, sent.RequestsPerMinute, setsEnd, sent.ExpiresAt)
        {
            Reach = KeyReachFields.Read(sent, body.Names), SetsHolder = body.Names("holder"), Holder = sent.Holder,
        };
        if (wanted is { Name: null, Scopes: null, PerMinute: null, SetsEnd: false, Reach.Any: false, SetsHolder: false })
        {
            throw RequestRefusedException.Malformed("nothing_to_change", null,
                "Nothing is to change: name one of name, scopes, requests_per_minute, expires_at, system, apps, issuers, addresses, "
                + "holder.");
        }

        return TypedResults.Ok(View(await keys.ChangeAsync(Caller.Grant(body.Http), id, wanted, cancellation) ?? throw NoKey()));
    }

    public async Task<IResult> RotateAsync(long id, Body<ApiKeyRotation> body, CancellationToken cancellation)
    {
        var overlap = TimeSpan.FromSeconds((await body.ReadIfAnyAsync(cancellation))?.OverlapSeconds ?? 0);
        var (secret, key) = await keys.RotateAsync(Caller.Grant(body.Http), id, overlap, cancellation) ?? throw NoKey();
        return TypedResults.Ok(new ApiKeyMade(secret, View(key)));
    }

    public async Task<IResult> HandOverAsync(long id, Body<ApiKeyHandover> body, CancellationToken cancellation)
    {
        var to = (await body.ReadAsync(cancellation)).Holder;
        var (secret, key) = await keys.HandOverAsync(Caller.Grant(body.Http), id, to, cancellation) ?? throw NoKey();
        return TypedResults.Ok(new ApiKeyMade(secret, View(key)));
    }

    public async Task<IResult> RevokeAsync(long id, HttpContext http, CancellationToken cancellation) =>
        TypedResults.Ok(View(await keys.RevokeAsync(Caller.Grant(http), id, cancellation) ?? throw NoKey()));

    private static RequestRefusedException NoKey() => new(StatusCodes.Status404NotFound, "not_found", "/{id}", "No key has this id.");

    /// <summary>The body says that the key shall not end by itself, and names no end.</summary>
    private static bool IsEndless(bool? said, DateTimeOffset? end) => said == true && (end is null ? true
        : throw RequestRefusedException.Malformed("two_ways", "/endless", "expires_at names an end beside it."));

    private ApiKeyView View(ApiKeyRow key) => new()
    {
        Id = key.Id, Name = key.Name, Prefix = key.Prefix, State = key.StateAt(clock.GetUtcNow()), Scopes = [.. ApiScopes.All.Where(key.Scopes.Contains)], RequestsPerMinute = key.PerMinute,
        CreatedAt = key.CreatedAt, CreatedBy = key.CreatedBy, ExpiresAt = key.ExpiresAt, LastUsedAt = key.UsedAt, RotatedAt = key.RotatedAt,
        System = key.Reach.System, Apps = key.Reach.Apps, Issuers = key.Reach.Issuers, Addresses = key.Reach.Addresses,
        Holder = key.Holder, HolderLeftAt = key.HolderLeftAt,
        OldKeyUntil = key.OldUntil > clock.GetUtcNow() ? key.OldUntil : null, RevokedAt = key.RevokedAt, RevokedBy = key.RevokedBy,
    };
}

/// <summary>Their routes.</summary>
internal static class ApiKeyRoutes
{
    public static void MapApiKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys");
        keys.MapGet("", ([AsParameters] ApiKeyQuery query, ApiKeyEndpoints on, CancellationToken cancellation) => on.ListAsync(query, cancellation))
            .WithName("ListApiKeys").Needs(ApiScopes.KeysWrite).WithSummary("API keys, the newest first").Produces<ApiKeyList>()
            .Refuses(400);
        keys.MapGet("/{id:long}", (long id, ApiKeyEndpoints on, CancellationToken cancellation) => on.ShowAsync(id, cancellation))
            .WithName("GetApiKey").Needs(ApiScopes.KeysWrite).WithSummary("An API key, without its secret").Produces<ApiKeyView>()
            .Refuses(404);
        keys.MapPost("", (Body<ApiKeyWanted> body, ApiKeyEndpoints on, CancellationToken cancellation) =>
            on.CreateAsync(body, cancellation))
            .WithName("CreateApiKey").Needs(ApiScopes.KeysWrite).WithSummary("Make an API key")
            .WithDescription("The secret is in this answer and nowhere else. A key hands on only scopes that it holds itself, and for no longer than it lasts. "
                + "The name is taken once: a repeat is 409 name_in_use; a key whose answer was lost is rotated or revoked.")
            .Produces<ApiKeyMade>(StatusCodes.Status201Created).Refuses(400, 409, 413, 415, 422);
        keys.MapPatch("/{id:long}", (long id, Body<ApiKeyChange> body, ApiKeyEndpoints on, CancellationToken cancellation) =>
                on.ChangeAsync(id, body, cancellation))
            .WithName("ChangeApiKey").Needs(ApiScopes.KeysWrite).WithSummary("Change an API key's name, scopes, limit or end")
            .WithDescription("Members that are absent stay; the secret stays, too. \"expires_at\": null takes the end away. Scopes are given as a whole, and only such as the calling key holds itself. "
                + "It counts at once in this process, and in the others within moments, 5 seconds at most.")
            .Produces<ApiKeyView>().Refuses(400, 404, 409, 413, 415, 422);
        keys.MapPost("/{id:long}/rotate", (long id, Body<ApiKeyRotation> body, ApiKeyEndpoints on, CancellationToken cancellation) =>
                on.RotateAsync(id, body, cancellation))
            .WithName("RotateApiKey").Needs(ApiScopes.KeysWrite).WithSummary("Give an API key another secret")
            .WithDescription("Everything else stays. With overlap_seconds the secret before is taken for so long besides; without, it ends at once.")
            .GoesWithoutBody().Produces<ApiKeyMade>().Refuses(400, 404, 409, 413, 415, 422);
        keys.MapPost("/{id:long}/hand-over", (long id, Body<ApiKeyHandover> body, ApiKeyEndpoints on, CancellationToken cancellation) =>
                on.HandOverAsync(id, body, cancellation))
            .WithName("HandOverApiKey").Needs(ApiScopes.KeysWrite).WithSummary("Give an API key to somebody else, with another secret")
            .WithDescription("The secret before ends at once: the former holder knows it. Name, scopes and what the key made stay. "
                + "A key whose holder has left opens nothing until then.")
            .Produces<ApiKeyMade>().Refuses(400, 404, 409, 413, 415, 422);
        keys.MapDelete("/{id:long}", (long id, HttpContext http, ApiKeyEndpoints on, CancellationToken cancellation) => on.RevokeAsync(id, http, cancellation))
            .WithName("RevokeApiKey").Needs(ApiScopes.KeysWrite).WithSummary("End an API key for good")
            .WithDescription("It counts at once in this process, and in the others within moments, 5 seconds at most.").Produces<ApiKeyView>().Refuses(404);
    }
}

/// <summary>Which keys.</summary>
internal readonly record struct ApiKeyQuery
{
    [Description("True: with those that were revoked")]
    [FromQuery(Name = "revoked")]
    public bool? Revoked { get; init; }

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("Keys on a page, 1 to 200; default 50")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}

/// <summary>Keys.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record ApiKeyList(IReadOnlyList<ApiKeyView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>A new secret.</summary>
/// <param name="Secret">The key as calls carry it. It is shown this once.</param>
/// <param name="Key">What is kept of it.</param>
internal sealed record ApiKeyMade(string Secret, ApiKeyView Key);

/// <summary>A key as it may be shown.</summary>
internal sealed record ApiKeyView
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Its first characters.</summary>
    public required string Prefix { get; init; }

    /// <summary><c>active</c>, <c>holder_left</c> (it opens nothing until it is handed over), <c>expired</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required int RequestsPerMinute { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To about ten minutes; null: never used.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>Until then the secret before the last rotation is taken besides.</summary>
    public DateTimeOffset? OldKeyUntil { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    /// <summary>The business system that it belongs to.</summary>
    public required string System { get; init; }

    /// <summary>Names of the apps that it may speak for; null: all.</summary>
    public IReadOnlyList<string>? Apps { get; init; }

    /// <summary>Issuers for whose subjects it may open web-chat sessions; null: none.</summary>
    public IReadOnlyList<string>? Issuers { get; init; }

    /// <summary>Networks that it may be used from; null: everywhere.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>The person whose it is; null: nobody's, its system's alone.</summary>
    public string? Holder { get; init; }

    /// <summary>Since when the holder may not work.</summary>
    public DateTimeOffset? HolderLeftAt { get; init; }
}
