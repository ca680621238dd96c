using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Queueing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Api;

/// <summary>A refusal.</summary>
/// <param name="Error">A word that programs can rely on.</param>
internal sealed record ApiError(string Error);

/// <summary>Refusals as answers.</summary>
internal static class ApiErrors
{
    /// <summary>Who acts by the REST key: in the log and in the rows' stories.</summary>
    public const string Who = "api";

    public static JsonHttpResult<ApiError> BadRequest(string word) => TypedResults.Json(new ApiError(word), statusCode: StatusCodes.Status400BadRequest);

    public static JsonHttpResult<ApiError> NotFound { get; } = TypedResults.Json(new ApiError("not_found"), statusCode: StatusCodes.Status404NotFound);

    public static JsonHttpResult<ApiError> Of(Repair repair, string refused) => repair switch
    {
        Repair.NotFound => NotFound,
        Repair.Unsure => Conflict("unsure_past_key_lifetime"),
        Repair.Superseded => Conflict("superseded"),
        _ => Conflict(refused),
    };

    private static JsonHttpResult<ApiError> Conflict(string word) => TypedResults.Json(new ApiError(word), statusCode: StatusCodes.Status409Conflict);

    /// <summary>The refusals that a route can answer, for its description.</summary>
    public static RouteHandlerBuilder RefusesWithWord(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        route.Produces<ApiError>(StatusCodes.Status401Unauthorized);
        foreach (var status in statuses) route.Produces<ApiError>(status);
        return route;
    }
}
