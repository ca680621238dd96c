using System.Text;
using System.Text.Encodings.Web;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings.Branding;

namespace Larkspur.Gateway.People.SignIn.Page;

/// <summary>How the pages look that people meet on their way in: the log-in page, what a system is allowed, the end of a session. Plain
/// HTML in the reader's language, with the company's mark, for a phone as for a screen, light and dark as the reader's system is.</summary>
internal sealed class SignInPage(Brand brand, PageFiles files)
{
    /// <summary>Writes a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="title">Its title, which is not encoded yet.</param>
    /// <param name="body">What stands in it, as HTML: whatever comes from outside is encoded (<see cref="Text(string)"/>).</param>
    /// <param name="options">What is different from a page of text and forms.</param>
    /// <param name="status">Of the answer.</param>
    public async Task WriteAsync(HttpContext http, string title, string body, PageOptions? options = null, int status = 200)
    {
        options ??= new PageOptions();
        var language = Language(http.Request);
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            + $"script-src {(options.Scripts.Count == 0 ? "'none'" : string.Join(' ', ["'self'", .. options.ScriptOrigins]))}; "
            + $"connect-src {(options.Scripts.Count == 0 ? "'none'" : "'self'")}; "
            + $"frame-src {(options.FrameOrigins.Count == 0 ? "'none'" : string.Join(' ', options.FrameOrigins))}"
            // Chromium holds a form's redirects to it too: a page whose form leads to another site names no targets.
            + (options.FormsLeave ? "" : "; form-action 'self'");
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers.CacheControl = "no-store";
        headers.Vary = "Accept-Language";
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        var page = Encoding.UTF8.GetBytes(Html(language, title, body, options));
        http.Response.ContentLength = page.Length;
        await http.Response.Body.WriteAsync(page, http.RequestAborted);
    }

    /// <summary>Sends the browser on with 303: it asks for the address with GET, and never sends a form on (RFC 9700, section
    /// 4.12).</summary>
    public static void Go(HttpContext http, string to)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = to;
    }

    /// <summary>The reader's language: what the page that sent them asked for (<c>ui_locales</c>), else their browser's.</summary>
    public static Language Language(HttpRequest request)
    {
        foreach (var wanted in request.Query["ui_locales"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(5))
        {
            if (wanted.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) return Common.Localisation.Language.Chinese;
            if (wanted.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return Common.Localisation.Language.English;
        }

        return ProblemLanguage.Of(request) == ProblemLanguage.Chinese ? Common.Localisation.Language.Chinese
            : Common.Localisation.Language.English;
    }

    /// <summary>Encoded for HTML, in an attribute too.</summary>
    public static string Text(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>Encoded in the reader's language.</summary>
    public static string Text(LocalText text, Language language) => Text(text.In(language));

    private string Html(Language language, string title, string body, PageOptions options)
    {
        var name = brand.NameIn(language);
        var logo = brand.Logo is { } own ? $"{BrandServices.Logo}?{own.Tag}" : files.AddressOf("sign-in.svg");
        var scripts = string.Concat(options.Scripts.Select(s => $"<script type=\"module\" src=\"{Text(s)}\"></script>"));
        return $"""
            <!doctype html>
            <html lang="{(language == Common.Localisation.Language.Chinese ? "zh-CN" : "en")}">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
            <title>{Text(title)} · {Text(name)}</title>
            <link rel="stylesheet" href="{files.AddressOf("sign-in.css")}"><link rel="stylesheet" href="{BrandServices.ChatStyle}">
            <link rel="icon" href="{Text(logo)}">
            </head>
            <body>
            <main{options.Attributes}>
            <header><img src="{Text(logo)}" width="36" height="36" alt=""><span>{Text(name)}</span></header>
            <h1>{Text(title)}</h1>
            {body}
            </main>
            {scripts}
            </body>
            </html>
            """;
    }
}

/// <summary>What a page has besides text and forms of its own.</summary>
internal sealed record PageOptions
{
    /// <summary>Addresses of scripts.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>Other sites that scripts come from.</summary>
    public IReadOnlyList<string> ScriptOrigins { get; init; } = [];

    /// <summary>Sites whose pages are shown in frames.</summary>
    public IReadOnlyList<string> FrameOrigins { get; init; } = [];

    /// <summary>A form's answer leads to another site.</summary>
    public bool FormsLeave { get; init; }

    /// <summary>Of the main element, encoded, with a blank before: what a script reads.</summary>
    public string Attributes { get; init; } = "";
}
