namespace Larkspur.Emulator.Web;

/// <summary>
/// Actions come from our own page only: a custom header that a foreign page cannot send without asking (CORS is not offered),
/// and, where the browser says where a request comes from, the same origin.
/// </summary>
internal sealed class SameOriginFilter : IEndpointFilter
{
    public const string Header = "X-Larkspur-Client";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsOwn(context.HttpContext.Request) ? next(context) : ValueTask.FromResult<object?>(Results.StatusCode(StatusCodes.Status403Forbidden));

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers[Header] != "1") return false;
        if (request.Headers["Sec-Fetch-Site"] is [var site] && site is not "same-origin") return false;
        return request.Headers.Origin is not [{ } origin] || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
