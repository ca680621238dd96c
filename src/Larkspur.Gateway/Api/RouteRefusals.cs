namespace Larkspur.Gateway.Api;

/// <summary>The refusals of a route, for its description.</summary>
internal static class RouteRefusals
{
    /// <summary>What the route can be answered besides 401, which every route can.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        route.Produces<Problem>(StatusCodes.Status401Unauthorized, Problem.ContentType);
        foreach (var status in statuses) route.Produces<Problem>(status, Problem.ContentType);
        return route;
    }

    /// <summary>What every call that goes to the platform at once can be answered.</summary>
    public static RouteHandlerBuilder CallsPlatform(this RouteHandlerBuilder route) =>
        route.Refuses(400, 403, 404, 409, 422, 429, 502, 503, 504);
}
