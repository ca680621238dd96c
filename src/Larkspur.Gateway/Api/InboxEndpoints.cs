using System.ComponentModel;
using Larkspur.Gateway.Inbox;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Api;

/// <summary>What became of an event.</summary>
internal static class InboxEndpoints
{
    public static void MapInbox(this IEndpointRouteBuilder api) => api.MapGet("/inbox", FindAsync)
        .WithName("FindInboxEvent")
        .WithSummary("What became of an inbound event")
        .WithDescription("Finds an event by the platform's event id, in all apps.")
        .Produces<InboxAnswer>()
        .Produces<ApiError>(StatusCodes.Status400BadRequest)
        .Produces<ApiError>(StatusCodes.Status401Unauthorized);

    private static async Task<Results<Ok<InboxAnswer>, JsonHttpResult<ApiError>>> FindAsync(
        [Description("The platform's event id, as in header.event_id")] string? event_id, IInboxStore inbox, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(event_id)) return TypedResults.Json(new ApiError("event_id_missing"), statusCode: StatusCodes.Status400BadRequest);
        var items = await inbox.FindAsync(event_id, cancellation);
        return TypedResults.Ok(new InboxAnswer(event_id, items.Sum(i => i.Effects), items));
    }
}

/// <summary>An event by its id.</summary>
/// <param name="EventId">The platform's event id.</param>
/// <param name="Processed">How often the handler's effect was committed: 0 or 1 per app.</param>
/// <param name="Items">The inbox rows, one per app that received it.</param>
internal sealed record InboxAnswer(string EventId, int Processed, IReadOnlyList<InboxItem> Items);

/// <summary>A refusal.</summary>
/// <param name="Error">A word that programs can rely on.</param>
internal sealed record ApiError(string Error);
