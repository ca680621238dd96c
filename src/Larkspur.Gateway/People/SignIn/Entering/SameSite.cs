using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.SignIn.Entering;

/// <summary>Forms that change something come from the gateway's own pages.</summary>
/// <remarks>The session's cookie goes along with no POST of another site (SameSite); this keeps out pages of a sub-domain too. A page
/// without referrer names no origin in its forms, so what counts is what the browser says of the site.</remarks>
internal static class SameSite
{
    public static bool IsOwn(HttpRequest request, OwnAddress own)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none")) return false;
        if (request.Headers.Origin is not [{ } origin] || origin == "null") return true;
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var from)) return false;
        return string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            || own.Public is { } set && string.Equals(from.Authority, set.Authority, StringComparison.OrdinalIgnoreCase);
    }
}
