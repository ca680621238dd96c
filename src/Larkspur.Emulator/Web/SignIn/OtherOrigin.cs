using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.Web.SignIn;

/// <summary>On demand a frame speaks from another origin than the address that a page opened: its messages must not be believed.</summary>
internal static class OtherOrigin
{
    /// <summary>The frame is there already.</summary>
    public const string Moved = "moved";

    /// <summary>The same page under the other name of this machine, which is another origin for a browser.</summary>
    /// <returns><see langword="null"/> when it is there already.</returns>
    public static ApiAnswer? Of(HttpRequest request)
    {
        if (request.Query.ContainsKey(Moved)) return null;
        var host = request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback.ToString() : "localhost";
        var port = request.Host.Port is { } own ? ":" + own : "";
        var here = $"{request.Scheme}://{host}{port}{request.PathBase}{request.Path}{request.QueryString}";
        return new ApiAnswer
        {
            Status = StatusCodes.Status302Found, Location = QueryHelpers.AddQueryString(here, Moved, "1"), Headers = SignInLook.Quiet,
        };
    }
}
