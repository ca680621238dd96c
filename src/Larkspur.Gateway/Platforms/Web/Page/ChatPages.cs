using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Settings.Branding;

namespace Larkspur.Gateway.Platforms.Web.Page;

/// <summary>The chat page with its scripts and style, out of the assembly. It knows nothing of anybody: who reads it has the token in the address's fragment, which is sent to no server.</summary>
internal sealed class ChatPages
{
    private const string Prefix = "chat/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal) { [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".svg"] = "image/svg+xml" };

    private readonly SessionLookup _sessions;
    private readonly SignedInSessions _signedIn;
    private readonly Brand _brand;
    private readonly FrozenDictionary<string, byte[]> _files;
    private readonly string _page;

    /// <summary>Changes with every build; part of the addresses, so that a browser may keep what lies there for good.</summary>
    private readonly string _version = Convert.ToHexStringLower(typeof(ChatPages).Module.ModuleVersionId.ToByteArray().AsSpan(0, 6));

    public ChatPages(SessionLookup sessions, SignedInSessions signedIn, Brand brand)
    {
        (_sessions, _signedIn, _brand) = (sessions, signedIn, brand);
        var assembly = typeof(ChatPages).Assembly;
        _files = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(n => n[Prefix.Length..], n => Read(assembly, n), StringComparer.Ordinal);
        _page = Encoding.UTF8.GetString(_files["chat.html"]).Replace("{assets}", Assets, StringComparison.Ordinal)
            .Replace("{brand}", BrandServices.ChatStyle, StringComparison.Ordinal);
    }

    /// <summary>
    /// Answers the page. Which sites may embed it stands with the session; a name that nobody has is as good as none, and so is one that
    /// nobody looks for any more.
    /// </summary>
    public async Task PageAsync(HttpContext http, string? session)
    {
        var known = session is not null ? await _sessions.OfNameAsync(http, session) : null;
        var origins = known?.Origins ?? [];
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + $"require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {string.Join(' ', ["'self'", .. origins])}";
        // Older than frame-ancestors, and without a word for several sites.
        if (origins.Count > 0) headers.Remove("X-Frame-Options");
        else headers.XFrameOptions = "SAMEORIGIN";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        http.Response.ContentType = "text/html; charset=utf-8";
        var page = Encoding.UTF8.GetBytes(Page());
        http.Response.ContentLength = page.Length;
        await http.Response.Body.WriteAsync(page, http.RequestAborted);
    }

    /// <summary>As the company calls and marks it now. The script takes the name of the reader's language.</summary>
    private string Page() => _page
        .Replace("{logo}", _brand.Logo is { } logo ? $"{BrandServices.Logo}?{logo.Tag}" : Assets + "/chat.svg", StringComparison.Ordinal)
        .Replace("{title}", Encoded(_brand.OwnNameIn(Language.English) ?? "Assistant"), StringComparison.Ordinal)
        .Replace("{sign-in}", _signedIn.IsOn ? WebChat.SignIn : "", StringComparison.Ordinal)
        .Replace("{brand-zh}", Encoded(_brand.OwnNameIn(Language.Chinese) ?? ""), StringComparison.Ordinal)
        .Replace("{brand-en}", Encoded(_brand.OwnNameIn(Language.English) ?? ""), StringComparison.Ordinal);

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);

    private string Assets => $"{WebChat.Page}/assets/{_version}";

    public IResult File(HttpContext http, string version, string name)
    {
        if (!_files.TryGetValue(name, out var bytes) || !Types.TryGetValue(Path.GetExtension(name), out var type)) return Results.NotFound();
        http.Response.Headers.CacheControl = version == _version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(bytes, type);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>Its routes.</summary>
internal static class ChatPageRoutes
{
    public static void MapChatPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(WebChat.Page, (HttpContext http, ChatPages pages) => pages.PageAsync(http, null)).ExcludeFromDescription();
        routes.MapGet(WebChat.SignIn, (HttpContext http, SignedInSessions sessions) => sessions.BeginAsync(http)).ExcludeFromDescription();
        routes.MapGet(WebChat.Page + "/{session}", (string session, HttpContext http, ChatPages pages) => pages.PageAsync(http, session)).ExcludeFromDescription();
        routes.MapGet(WebChat.Page + "/assets/{version}/{name}", (string version, string name, HttpContext http, ChatPages pages) => pages.File(http, version, name)).ExcludeFromDescription();
    }
}
