using System.Text;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Gateway.Settings.Branding;

/// <summary>The company's name and mark: settings, and what pages load of them. It is public: it stands on the log-in page.</summary>
internal static class BrandServices
{
    /// <summary>Where it is.</summary>
    public const string Path = "/brand";

    public const string ChatStyle = Path + "/chat.css";
    public const string ConsoleStyle = Path + "/console.css";
    public const string Logo = Path + "/logo";

    public static void AddBrand(this IServiceCollection services, IConfiguration configuration)
    {
        var data = configuration["LARKSPUR_DATA"] is { Length: > 0 } named ? named : "data";
        var folder = new BrandFolder(System.IO.Path.Combine(System.IO.Path.GetFullPath(data), "brand"));
        services.AddSingleton(folder);
        services.AddSingleton<Brand>();
        foreach (var definition in Brand.Definitions(folder)) services.AddSetting(definition);
    }

    public static void MapBrand(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ChatStyle, (HttpContext http, Brand brand) =>
            Style(http, brand.Colour, BrandStyles.Chat)).ExcludeFromDescription();
        routes.MapGet(ConsoleStyle, (HttpContext http, Brand brand) =>
            Style(http, brand.Colour, BrandStyles.Console)).ExcludeFromDescription();
        routes.MapGet(Logo, (HttpContext http, Brand brand) => Picture(http, brand.Logo)).ExcludeFromDescription();
    }

    private static IResult Style(HttpContext http, BrandColour? colour, Func<BrandColour, string> of)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(Encoding.ASCII.GetBytes(colour is { } own ? of(own) : ""), "text/css; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{colour?.ToString()[1..] ?? "own"}\""));
    }

    private static IResult Picture(HttpContext http, LogoFile? logo)
    {
        if (logo is null) return Results.NotFound();
        // As a page of its own it would be nothing but drawn shapes either.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(logo.Bytes, logo.ContentType, entityTag: new EntityTagHeaderValue($"\"{logo.Tag}\""));
    }
}
