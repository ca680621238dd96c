using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks.Deliveries;
using Larkspur.Gateway.Webhooks.Failing;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Business systems that get webhooks: those of the configuration to look at, those that were added at run time to change too.</summary>
internal sealed class WebhookRestEndpoints(
    WebhookEndpointRegistry webhooks, WebhookEndpointStore stored, WebhookAccess access, FailingWebhooks failing, WebhookConnections lines,
    WebhookTester tests, IDatabase database, ConfiguredWebhooks settings, TimeProvider clock)
{

    public async Task<IResult> ListAsync(KeyGrant caller, CancellationToken cancellation) =>
        TypedResults.Ok(new WebhookListView([.. (await ViewsAsync(cancellation)).Where(v => caller.MayRead(v.System)
            && access.IsInReach(caller, v.Name))]));

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<WebhookView>> ViewsAsync(CancellationToken cancellation)
    {
        var waiting = await WaitingAsync(cancellation);
        var names = webhooks.All.Select(d => d.Name).Union(stored.Stored.Select(s => s.Name)).Order(StringComparer.Ordinal);
        return [.. names.Select(name => ViewOf(name, waiting))];
    }

    public async Task<IResult> ShowAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        TypedResults.Ok(ViewOf(access.Known(caller, name, change: false), await WaitingAsync(cancellation)));

    public async Task<IResult> PutAsync(Body<PutWebhook> body, string name, CancellationToken cancellation)
    {
        if (!WebhookEndpointRules.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", "A name has lower-case letters, digits and '-', at most 40.");
        var caller = Caller.Grant(body.Http);
        // A name that is taken is no secret to whoever wants to take it; whose it is, is.
        if (access.Exists(name) && !caller.MayRead(access.OwnerOf(name))) throw InUse();
        Changeable(name);
        var (change, isNew, made) = Read(caller, await body.ReadAsync(cancellation), name);
        try
        {
            var created = await stored.PutAsync(caller, name, change, cancellation);
            var view = ViewOf(name, await WaitingAsync(cancellation)) with { Secret = made };
            return created ? TypedResults.Created($"/api/v1/webhooks/{name}", view) : TypedResults.Ok(view);
        }
        catch (WebhookEndpointRefusedException e)
        {
            if (Refused(e, InUse) is { } refused) throw refused;
            throw e.Word == "missing" ? RequestRefusedException.Malformed("missing", isNew ? "/url" : "/secret", "Somebody has just removed it: give its url and its secret.")
                : RequestRefusedException.Impossible(e.Word, null, $"There may be {WebhookEndpointStore.Most} webhooks, and {WebhookEndpointStore.MostOfSystem} of one system.");
        }
    }

    public async Task<IResult> RotateAsync(Body<RotateWebhook> body, string name, CancellationToken cancellation)
    {
        var given = Checked((await body.ReadIfAnyAsync(cancellation))?.Secret);
        var caller = Caller.Grant(body.Http);
        Changeable(access.Known(caller, name, change: true));
        var secret = given ?? WebhookSecret.Generate();
        try
        {
            var until = await stored.RotateAsync(caller, name, secret, cancellation) ?? throw WebhookAccess.NotFound();
            return TypedResults.Ok(new RotatedView(name, given is null ? secret : null, until));
        }
        catch (WebhookEndpointRefusedException e) when (Refused(e, WebhookAccess.NotFound) is { } refused)
        {
            throw refused;
        }
    }

    public async Task<IResult> DeleteAsync(HttpContext http, string name, bool? force, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        Changeable(access.Known(caller, name, change: true));
        try
        {
            var dead = await stored.DeleteAsync(caller, name, force ?? false, cancellation) ?? throw WebhookAccess.NotFound();
            return TypedResults.Ok(new DeletedWebhookView(name, dead));
        }
        catch (WebhookEndpointRefusedException e)
        {
            if (Refused(e, WebhookAccess.NotFound) is { } refused) throw refused;
            throw new RequestRefusedException(StatusCodes.Status409Conflict, e.Word, null, $"{e.Waiting} deliveries wait for it. With force=true they become dead letters (webhook_removed).");
        }
    }

    public async Task<IResult> EnableAsync(HttpContext http, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        access.Known(caller, name, change: true);
        if (webhooks.IsConfigured(name) && failing.IsOff(name)) await failing.EnableAsync(caller.Who, name, cancellation);
        else Changeable(name);
        if (webhooks.IsConfigured(name)) return TypedResults.Ok(ViewOf(name, await WaitingAsync(cancellation)));
        try
        {
            if (!await stored.EnableAsync(caller, name, cancellation)) throw WebhookAccess.NotFound();
        }
        catch (WebhookEndpointRefusedException e) when (Refused(e, WebhookAccess.NotFound) is { } refused)
        {
            throw refused;
        }

        return TypedResults.Ok(ViewOf(name, await WaitingAsync(cancellation)));
    }

    public async Task<IResult> TestAsync(HttpContext http, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await tests.RunAsync(Caller.Of(http), access.Known(Caller.Grant(http), name, change: true), cancellation));

    private (WebhookEndpointChange Change, bool IsNew, string? Made) Read(KeyGrant caller, PutWebhook sent, string name)
    {
        var isNew = stored.Find(name) is null;
        if (sent.Url is null && isNew) throw BodyRefusals.Missing("/url", "url", []);
        Uri? url = null;
        if (sent.Url is { } given)
        {
            (url, var problem) = WebhookEndpointRules.Address(given, settings.PrivateReach, $"list it in {PrivateReach.Setting}");
            if (problem is not null) throw RequestRefusedException.Impossible("bad_url", "/url", $"The address {problem}.");
        }

        var secret = Checked(sent.Secret);
        DemandEvents(caller, sent.Events);
        DemandSystem(caller, sent.System);
        var made = isNew && secret is null ? WebhookSecret.Generate() : null;
        return (new WebhookEndpointChange
        {
            Url = url, Secret = secret ?? made, Events = sent.Events, Owner = sent.System,
            Timeout = sent.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        }, isNew, made);
    }

    private static string? Checked(string? secret) => secret is null || WebhookSecret.TryParse(secret, out _) ? secret
        : throw RequestRefusedException.Impossible("bad_secret", "/secret",
            $"A secret is {WebhookSecret.Prefix} followed by the base64 of {WebhookSecret.LeastBytes} to {WebhookSecret.MostBytes} random bytes. Leave it out, and one is made.");

    /// <summary>The caller may give it to whose it is to be.</summary>
    private static void DemandSystem(KeyGrant caller, string? system)
    {
        if (system is null) return;
        if (!ListedName.IsSound(system)) throw RequestRefusedException.Impossible("bad_name", "/system", ListedName.Rule);
        if (!caller.MayChange(system))
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "system_not_held", "/system",
                $"The calling key belongs to another system: giving a webhook to this one takes {ApiScopes.OthersWrite}.");
        }
    }

    private static void DemandEvents(KeyGrant caller, IReadOnlyList<string>? events)
    {
        for (var i = 0; i < events?.Count; i++)
        {
            if (EventTypes.ProblemOf(events[i]) is { } problem)
                throw RequestRefusedException.Impossible("bad_event_type", $"/events/{i}", problem);
            if (EventRights.Missing(caller, events[i]) is { } scope) throw EventNotHeld($"/events/{i}", events[i], scope);
        }
    }

    private static RequestRefusedException? Refused(WebhookEndpointRefusedException refused, Func<RequestRefusedException> missing) =>
        refused.Word switch
        {
            "not_found" or "name_in_use" => missing(),
            "system_not_held" => KeyGrant.NotMine(),
            "event_not_held" => EventNotHeld("/events", refused.Event!, ApiScopes.OthersRead),
            _ => null,
        };

    private static RequestRefusedException EventNotHeld(string pointer, string type, string scope) =>
        new(StatusCodes.Status403Forbidden, "event_not_held", pointer,
            $"Having {type} sent is reading it, and takes the scope {scope}, which the calling key does not hold.");

    private static RequestRefusedException InUse() => new(StatusCodes.Status409Conflict, "name_in_use", "/{name}",
        $"Another webhook has this name: choose another one. {KeyGrant.OthersHint}");

    private void Changeable(string name)
    {
        if (webhooks.IsConfigured(name))
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "set_by_environment", null, $"The webhook is set by Larkspur:Webhooks:{name}; change it there.");
    }

    private Task<Dictionary<string, long>> WaitingAsync(CancellationToken cancellation) => database.ReadAsync(WebhookRows.WaitingAsync, cancellation);

    private WebhookView ViewOf(string name, Dictionary<string, long> waiting)
    {
        var webhook = webhooks.Find(name);
        var row = webhook is { IsStored: false } ? null : stored.Find(name);
        if (webhook is null && row is null) throw WebhookAccess.NotFound();
        var circuit = lines.Find(name)?.Circuit.State;
        var off = failing.Find(name) is { OffAt: not null } known ? known : null;
        return new WebhookView
        {
            Name = name,
            System = access.OwnerOf(name),
            Url = webhook?.Url.ToString(),
            Events = [.. (webhook?.Events ?? new HashSet<string>()).Order(StringComparer.Ordinal)],
            TimeoutSeconds = webhook?.Timeout.TotalSeconds,
            Source = row is null ? "environment" : "stored",
            State = webhook is null ? "cannot_decrypt" : row?.GoneAt is not null || circuit == CircuitState.Off ? "gone"
                : off is not null ? "failing_off" : "active",
            Circuit = circuit is { } state ? JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()) : null,
            GoneAt = row?.GoneAt,
            OffAt = off?.OffAt,
            FailingSince = off?.Since,
            FailedAttempts = off?.Attempts,
            FailureReason = off?.Reason,
            PreviousSecretUntil = row?.PreviousUntil is { } until && until > clock.GetUtcNow() ? until : null,
            Waiting = waiting.GetValueOrDefault(name),
            ChangedAt = row?.ChangedAt,
            ChangedBy = row?.ChangedBy,
        };
    }
}

/// <summary>Their routes.</summary>
internal static class WebhookRoutes
{
    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var hooks = api.MapGroup("/webhooks");
        hooks.MapGet("", (KeyGrant caller, WebhookRestEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, cancellation))
            .Needs(ApiScopes.WebhooksRead).WithName("ListWebhooks").WithSummary("Business systems that get webhooks")
            .Produces<WebhookListView>().Refuses();
        hooks.MapGet("/{name}",
                (string name, KeyGrant caller, WebhookRestEndpoints on, CancellationToken cancellation) =>
                    on.ShowAsync(caller, name, cancellation))
            .Needs(ApiScopes.WebhooksRead).WithName("ShowWebhook").WithSummary("One of them").Produces<WebhookView>().Refuses(404);
        hooks.MapPut("/{name}", (Body<PutWebhook> body, string name, WebhookRestEndpoints on, CancellationToken cancellation) =>
                on.PutAsync(body, name, cancellation))
            .Needs(ApiScopes.WebhooksWrite).WithName("PutWebhook").WithSummary("Add a webhook, or change what the body names of one")
            .WithDescription("Without a secret one is made for a new webhook, and shown in this answer alone. "
                + "A secret that is replaced signs as well for 24 hours. 409 set_by_environment: the configuration names it. "
                + "403 event_not_held: events that are no system's own take the scopes to read them; * takes all of them.")
            .Produces<WebhookView>().Produces<WebhookView>(StatusCodes.Status201Created)
            .Refuses( 400, 403, 409, 413, 415, 422);
        hooks.MapDelete("/{name}", (HttpContext http, string name, [Description("True: also when deliveries wait for it; they become dead letters")] bool? force, WebhookRestEndpoints on, CancellationToken cancellation) => on.DeleteAsync(http, name, force, cancellation))
            .Needs(ApiScopes.WebhooksWrite).WithName("DeleteWebhook").WithSummary("Take a webhook away")
            .WithDescription("409 deliveries_waiting: with force=true they become dead letters with the reason webhook_removed.").Produces<DeletedWebhookView>().Refuses(400, 404, 409);
        hooks.MapPost("/{name}/rotate", (Body<RotateWebhook> body, string name, WebhookRestEndpoints on, CancellationToken cancellation) =>
                on.RotateAsync(body, name, cancellation))
            .Needs(ApiScopes.WebhooksWrite).WithName("RotateWebhookSecret").WithSummary("Replace a webhook's secret; the one until now signs as well for 24 hours")
            .WithDescription("Without a body a secret is made, and shown in this answer alone. A body may bring one: {\"secret\": \"whsec_…\"}.").GoesWithoutBody().Produces<RotatedView>().Refuses(400, 404, 409, 413, 415, 422);
        hooks.MapPost("/{name}/enable", (HttpContext http, string name, WebhookRestEndpoints on, CancellationToken cancellation) => on.EnableAsync(http, name, cancellation))
            .Needs(ApiScopes.WebhooksWrite).WithName("EnableWebhook")
                .WithSummary("Send again to a webhook that answered 410 Gone, or failed for too long").Produces<WebhookView>().Refuses(404,
                    409);
        hooks.MapPost("/{name}/test", (HttpContext http, string name, WebhookRestEndpoints on, CancellationToken cancellation) => on.TestAsync(http, name, cancellation))
            .Needs(ApiScopes.WebhooksWrite).WithName("TestWebhook").WithSummary("Send a signed webhook.test now, and learn what the receiver said")
            .WithDescription("Waits up to 10 seconds for the first attempt; there is no second one.").Produces<WebhookTestView>()
            .Refuses(404);
        WebhookDeliveryEndpoints.Map(hooks);
    }
}

/// <summary>Webhooks by name.</summary>
internal sealed record WebhookListView(IReadOnlyList<WebhookView> Items);

/// <summary>A webhook.</summary>
internal sealed record WebhookView
{
    public required string Name { get; init; }

    /// <summary>
    /// The business system that it belongs to, and of whose things it hears; empty: the administrators', it hears of everything.
    /// </summary>
    public required string System { get; init; }

    /// <summary>Null: it cannot be decrypted any more.</summary>
    public required string? Url { get; init; }

    /// <summary>Types of events that it gets.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    public double? TimeoutSeconds { get; init; }

    /// <summary><c>environment</c> (cannot be changed here) or <c>stored</c>.</summary>
    public required string Source { get; init; }

    /// <summary><c>active</c>, <c>gone</c> (it answered 410 and gets nothing), <c>failing_off</c> (every attempt failed for days;
    /// messages wait until it is
    /// enabled), <c>cannot_decrypt</c> (set its url and secret again).</summary>
    public required string State { get; init; }

    /// <summary>Of the process that answers: <c>closed</c>, <c>half_open</c>, <c>open</c> (it is away, webhooks wait), <c>off</c>.</summary>
    public string? Circuit { get; init; }

    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>Since when it is off because every attempt failed; null: it is not.</summary>
    public DateTimeOffset? OffAt { get; init; }

    /// <summary>Since when every attempt had failed.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How many those were.</summary>
    public long? FailedAttempts { get; init; }

    /// <summary>Why the last of them did.</summary>
    public string? FailureReason { get; init; }

    /// <summary>Until then the secret before signs as well.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>Deliveries that have not left.</summary>
    public required long Waiting { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }

    public string? ChangedBy { get; init; }

    /// <summary>The secret that was made for it: shown this once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>A replaced secret.</summary>
/// <param name="Name">The webhook.</param>
/// <param name="Secret">The new one, when it was made here: shown this once.</param>
/// <param name="PreviousSecretUntil">Until then the one before signs as well.</param>
internal sealed record RotatedView(string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret, DateTimeOffset PreviousSecretUntil);

/// <summary>A webhook that is no more.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DeadDeliveries">Deliveries that waited for it, and are dead letters now.</param>
internal sealed record DeletedWebhookView(string Name, long DeadDeliveries);
