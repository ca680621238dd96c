using Microsoft.Net.Http.Headers;

namespace Larkspur.Emulator.Web;

/// <summary>Our own assets, and the files that people and bots uploaded.</summary>
internal static class AssetEndpoints
{
    /// <summary>Pictures a browser shows without ever running anything in them; SVG is not one.</summary>
    private static readonly HashSet<string> Pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/x-icon", "image/vnd.microsoft.icon",
    };

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/ui/assets/{name}", static (string name, HttpContext context, EmbeddedAssets assets) =>
        {
            if (assets.Find(name) is not { } asset) return Results.NotFound();
            context.Response.Headers.CacheControl = context.Request.Query["v"] == assets.Version ? "public, max-age=31536000, immutable" : "no-cache";
            return Results.Bytes(asset.Bytes, asset.ContentType, entityTag: new EntityTagHeaderValue(asset.ETag));
        });
        group.MapGet("/ui/file/{key}", static (string key, HttpContext context, EmulatorState state) =>
        {
            if (state.File(key) is not { } file) return Results.NotFound();
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            context.Response.Headers.CacheControl = "private, max-age=3600";
            var picture = file.IsImage && Pictures.Contains(file.ContentType);
            return Results.Bytes(file.Bytes, picture ? file.ContentType : "application/octet-stream", fileDownloadName: picture ? null : file.Name);
        });
    }
}
