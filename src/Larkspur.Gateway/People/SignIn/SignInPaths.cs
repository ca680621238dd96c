using System.Text;

namespace Larkspur.Gateway.People.SignIn;

/// <summary>Addresses of people's log-in page, and which places it leads back to.</summary>
internal static class SignInPaths
{
    /// <summary>The page. <c>/sign-in/{name}</c> begins with one method, <c>/sign-in/{name}/callback</c> is where it comes back
    /// to.</summary>
    public const string Root = "/sign-in";

    public const string SignOut = Root + "/sign-out";
    public const string Link = Root + "/link";
    /// <summary>What a signed-in person has allowed others.</summary>
    public const string Authorizations = "/authorizations";

    public const string Assets = Root + "/assets";

    /// <summary>Names of the query: where the person goes once they are signed in, and that they prove it again although they
    /// are.</summary>
    public const string ReturnTo = "return_to";

    public const string Again = "again";

    /// <summary>All ways are shown, QR codes too, also where one alone would be gone at once.</summary>
    public const string Choose = "choose";

    /// <summary>What a cookie has room for.</summary>
    private const int Longest = 2000;

    /// <summary>The page, which leads back to a place of the gateway.</summary>
    /// <param name="returnTo">A local path with its query.</param>
    /// <param name="again">The person proves who they are also where they are signed in.</param>
    public static string To(string returnTo, bool again = false) =>
        $"{Root}?{ReturnTo}={Uri.EscapeDataString(returnTo)}{(again ? $"&{Again}=1" : "")}";

    /// <summary>A place of this gateway; null: it is none, or might be somebody else's. A browser takes <c>//host</c>, <c>/\host</c> and
    /// what has a line break or a tab in between for addresses of other sites.</summary>
    public static string? Local(string? path)
    {
        if (path is not { Length: > 0 and <= Longest } || path[0] != '/' || path.AsSpan().ContainsAny('\\', '\u007f')) return null;
        if (path.Length > 1 && path[1] == '/' || path.Any(c => char.IsControl(c) || char.IsSurrogate(c))) return null;
        // A header takes no other letters: ?q=艾丽丝 is written as a browser sends it.
        var ascii = path.All(char.IsAscii) ? path
            : string.Concat(path.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));
        if (!Uri.TryCreate(new Uri("https://gateway.invalid"), ascii, out var there) || there.Host != "gateway.invalid") return null;
        // Steps of dots are resolved by browsers before they ask: /a/..//host would be //host.
        return there.AbsolutePath.StartsWith("//", StringComparison.Ordinal) || there.UserInfo.Length > 0 ? null : ascii;
    }

    /// <summary>A method's own address to come back to, below the gateway's public address.</summary>
    public static Uri CallbackOf(Uri publicAddress, string method)
    {
        var address = new StringBuilder(publicAddress.GetLeftPart(UriPartial.Path).TrimEnd('/'));
        return new Uri(address.Append(Root).Append('/').Append(method).Append("/callback").ToString());
    }
}
