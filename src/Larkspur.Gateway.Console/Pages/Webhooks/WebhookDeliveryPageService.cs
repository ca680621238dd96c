using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Webhooks.Deliveries;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>What the page does with deliveries, under the rules of the REST API.</summary>
/// <remarks>What people wrote is for administrators, who alone may have it sent; others see what the gateway's own events say.</remarks>
internal sealed class WebhookDeliveryPageService(WebhookDeliveryReader reader, WebhookResending resending)
{
    private const int OnPage = 20;

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    /// <summary>The gateway's own events that hold what somebody typed.</summary>
    private static readonly string[] WrittenByPeople = ["command.called", "card.action"];
    private static readonly KeyGrant Administrator = new(Actor.System);
    private static readonly KeyGrant Others = new(Actor.System, new HashSet<string>(StringComparer.Ordinal) { ApiScopes.OthersRead });

    /// <summary>A page of deliveries. What is searched for may be a reference, a webhook-id or a person.</summary>
    /// <exception cref="Common.Refusals.RequestRefusedException">A filter's value is none.</exception>
    public async Task<WebhookDeliveriesView> ListAsync(Role role, string name, DeliveryFilter filter, long? cursor,
        CancellationToken cancellation)
    {
        var query = new WebhookDeliveryQuery
        {
            State = filter.State, Event = filter.Event, Since = filter.Since, Until = filter.Until, Cursor = cursor, Limit = OnPage,
        };
        if (string.IsNullOrWhiteSpace(filter.Search)) return await reader.ListAsync(GrantOf(role), name, query, cancellation);
        var search = filter.Search.Trim();
        if (cursor is null)
        {
            foreach (var one in (WebhookDeliveryQuery[])[query with { Reference = search.ToUpperInvariant() },
                query with { WebhookId = search }])
            {
                if (await reader.ListAsync(GrantOf(role), name, one, cancellation) is { Items.Count: > 0 } found)
                    return found with { Next = null };
            }
        }

        // Whom something is about stands in what people wrote.
        return role == Role.Admin
            ? await reader.ListAsync(Administrator, name, query with { Person = search }, cancellation)
            : new WebhookDeliveriesView([], null);
    }

    /// <summary>Everything about one; null: it is forgotten.</summary>
    public async Task<HookDeliveryDetails?> ShowAsync(Role role, string name, string webhookId, CancellationToken cancellation)
    {
        try
        {
            var view = await reader.ShowAsync(GrantOf(role), name, webhookId, cancellation);
            return new(role == Role.Admin || !WrittenByPeople.Contains(view.Delivery.EventType) ? view : Withheld(view));
        }
        catch (Common.Refusals.RequestRefusedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Sends one again.</summary>
    public Task ResendAsync(Actor who, string name, string webhookId, CancellationToken cancellation) =>
        resending.ResendAsync(new KeyGrant(who), name, webhookId, cancellation);

    /// <summary>Sends again what failed in a window.</summary>
    /// <exception cref="ActionRefusedException">A time is none, or the window ends before it begins.</exception>
    public Task<ResentWebhooksView> ResendFailedAsync(Actor who, string name, DateTimeOffset? since, DateTimeOffset? until,
        CancellationToken cancellation)
    {
        if (since is not { } from) throw new ActionRefusedException(WebhookDeliveryTexts.SinceMissing);
        if (until <= from) throw new ActionRefusedException(WebhookDeliveryTexts.WindowEmpty);
        return resending.ResendWindowAsync(new KeyGrant(who), name, from, until, withDelivered: false, cancellation);
    }

    /// <summary>JSON with a line for each member; what is none as it is.</summary>
    public static string Indented(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return JsonSerializer.Serialize(json, Pretty);
        }
        catch (JsonException)
        {
            return body;
        }
    }

    /// <summary>That it was sent, and when; not what it says.</summary>
    private static WebhookDeliveryDetailsView Withheld(WebhookDeliveryDetailsView view) => view with
    {
        Request = view.Request with { Body = null, BodyCut = false },
        Attempts = [.. view.Attempts.Select(attempt => attempt with { Answer = null })],
        MissingScope = ApiScopes.OthersRead,
    };

    private static KeyGrant GrantOf(Role role) => role == Role.Admin ? Administrator : Others;
}

/// <summary>Which deliveries are listed.</summary>
internal sealed record DeliveryFilter
{
    public string? State { get; init; }

    public string? Event { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Search { get; init; }
}

/// <summary>The filter, or a window, as its form holds it; times are by the reader's clocks.</summary>
internal sealed class DeliveryForm
{
    public string? State { get; set; }

    public string? Event { get; set; }

    public DateTime? Since { get; set; }

    public DateTime? Until { get; set; }

    public string? Search { get; set; }
}
